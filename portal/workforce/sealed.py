"""Identity numbers and phones on pages: the lines of a person, exact search, and showing one whole for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.htmx import render_page
from portal.sealing import current_seals
from portal.security import allowed, current_actor, current_trail, require_proof
from portal.sessions import current_stay
from portal.workforce.sealed_forms import RevealForm, SearchForm
from registry.access.actors import Actor
from registry.access.masks import Field, Mask, asks_fresh_proof, staff_name
from registry.access.reveals import REVEALED_FOR, RevealReason, reveal, revealed_until
from registry.access.rules import may
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import NotVisible
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import SeenField, seen_fields
from registry.workforce.searching import find_people

bp = Blueprint("identities", __name__, url_prefix="/workforce")

NAMES: Mapping[Field, LazyString] = {Field.STAFF_IDENTITY: _l("身份证号"), Field.STAFF_PHONE: _l("联系电话")}
ADDRESSES = {"identity-number": Field.STAFF_IDENTITY, "phone": Field.STAFF_PHONE}


@dataclass(frozen=True)
class SealedLine:
    """One field as the page shows it."""

    seen: SeenField
    until: datetime | None
    """Until when it is shown whole though it is masked for this reader."""
    reveal_url: str = ""
    """Where it can be asked for; empty where it cannot."""

    @property
    def label(self) -> str:
        """The field's name."""
        return str(NAMES[self.seen.field])


def sealed_lines(session: Session, person: Practitioner, actor: Actor, at: datetime) -> list[SealedLine]:
    """The fields that the reader may see; whole where this stay asked for it within the last quarter of an hour."""
    until = revealed_until(session, stay=current_stay(), subject_code=person.code, at=at)
    seals = current_seals()
    seen = seen_fields(session, seals, actor, [(person.id, person.code)], revealed=until.keys())
    can_ask = may(actor, Action.IDENTITY_REVEAL, person)
    return [
        SealedLine(one, until.get(one.field), _reveal_url(person, one) if can_ask else "")
        for one in seen.get(person.id, [])
    ]


def _reveal_url(person: Practitioner, seen: SeenField) -> str:
    if seen.mask is not Mask.PART or seen.text is None:
        return ""
    name = next(name for name, field in ADDRESSES.items() if field is seen.field)
    return url_for("identities.show_whole", practitioner=person.code, field=name)


@bp.route("/<code:practitioner>/show/<field>", methods=["GET", "POST"])
@allowed(Action.IDENTITY_REVEAL, on=Practitioner, see=Action.PRACTITIONER_SEE)
def show_whole(practitioner: Practitioner, field: str) -> ResponseReturnValue:
    line, form = _line(practitioner, field), RevealForm()
    back = url_for("practitioners.show", practitioner=practitioner.code)
    if line.until:
        return redirect(back, code=303)
    if form.validate_on_submit():
        if asks_fresh_proof(line.seen.field):
            require_proof()
        session = db.session()
        reveal(
            session,
            actor=current_actor(),
            stay=current_stay(),
            subject=practitioner,
            field=line.seen.field,
            reason=RevealReason(form.reason.data),
            explanation=form.explanation.data or "",
            at=utc_now(),
            trail=current_trail(),
        )
        session.commit()
        return redirect(f"{back}#identity", code=303)
    return render_page(
        "workforce/reveal.html",
        form=form,
        line=line,
        person=practitioner,
        name=staff_name(current_actor(), practitioner.name),
        minutes=REVEALED_FOR.seconds // 60,
        back=back,
    )


def _line(person: Practitioner, field: str) -> SealedLine:
    """The field in the address; NotVisible where there is none, or nothing of it to be shown."""
    lines = sealed_lines(db.session(), person, current_actor(), utc_now())
    found = [one for one in lines if one.seen.field is ADDRESSES.get(field) and one.seen.text is not None]
    if not found:
        raise NotVisible
    return found[0]


@bp.route("/find", methods=["GET", "POST"])
@allowed(Action.IDENTITY_SEARCH)
def find() -> ResponseReturnValue:
    form, found = SearchForm(), None
    if form.validate_on_submit():
        session, actor = db.session(), current_actor()
        found = find_people(
            session,
            current_seals(),
            actor=actor,
            field=ADDRESSES[form.field.data],
            value=form.normalised,
            at=utc_now(),
            trail=current_trail(),
        )
        session.commit()
        if len(found) == 1:
            return redirect(url_for("practitioners.show", practitioner=found[0].code), code=303)
    return render_page("workforce/find.html", form=form, found=found, name_of=_shown_name)


def _shown_name(name: str) -> str | None:
    return staff_name(current_actor(), name)
