"""The record of a person, kept by hand: somebody new, and each row of posts, education, certificates and training."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.formatting import data, day, spoken_message, word
from portal.htmx import render_page
from portal.sealing import current_seals
from portal.security import allowed, current_actor, current_trail
from portal.sights import record_sight
from portal.workflow.forms import StepForm
from portal.workforce.forms import PersonForm, ReasonForm
from portal.workforce.parts import PARTS, Part
from portal.workforce.person import RECORD, place_of
from registry.access.masks import Field, mask_of, staff_name
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, KeyReused, NotVisible, RequirementUnmet, StaleVersion
from registry.workforce.arrivals import Arrival, arrive
from registry.workforce.choices import sites_to_staff
from registry.workforce.models import Education, Post, Practitioner, Verification
from registry.workforce.withdrawing import assessed_days, called, withdrawn_before
from registry.workforce.withdrawing import withdraw as row_withdrawn
from registry.workforce.writing import Hand, refuse_former_employer

bp = Blueprint("records", __name__, url_prefix="/workforce")

POSTS = "posts"
KIND = "any(posts, education, certificates, training)"


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_RECORD)
def new() -> ResponseReturnValue:
    sites = sites_to_staff(db.session(), current_actor(), today())
    if not sites:
        return render_page("workforce/no_site.html")
    form = PersonForm(sites=sites)
    if form.validate_on_submit():
        arrival = _arrived(form)
        if arrival is not None:
            flash(_said_of(arrival))
            return _shown(arrival.person)
    return render_page(
        "workforce/record.html",
        form=form,
        person=None,
        title=_("登记从业人员"),
        status=_status(form),
    )


@bp.route(f"/<code:practitioner>/<{KIND}:part>/new", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_RECORD, on=Practitioner, load=RECORD)
def add(practitioner: Practitioner, part: str) -> ResponseReturnValue:
    session, kind = db.session(), PARTS[part]
    _refuse_paper(practitioner, part)
    form = kind.form(session, current_actor(), practitioner, None)
    if form.validate_on_submit() and _is_written(
        form, practitioner, lambda: kind.enter(session, practitioner, form, _hand())
    ):
        flash(_("已登记。"))
        return _shown(practitioner, part)
    return _page(practitioner, form, str(kind.title))


@bp.route(f"/<code:practitioner>/<{KIND}:part>/<code:row>", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_RECORD, on=Practitioner, load=RECORD)
def change(practitioner: Practitioner, part: str, row: str) -> ResponseReturnValue:
    session, kind = db.session(), PARTS[part]
    _refuse_paper(practitioner, part)
    found = _row(session, practitioner, kind, row)
    form = kind.form(session, current_actor(), practitioner, found)
    if form.validate_on_submit() and _is_written(
        form, practitioner, lambda: kind.put_right(session, practitioner, found, form, _hand()), found
    ):
        flash(_("已保存。"))
        return _shown(practitioner, part)
    if isinstance(found, Education) and found.verification is Verification.VERIFIED:
        return redirect(url_for("education.show", education=found.code), code=303)
    withdraw_url = url_for(".withdraw", practitioner=practitioner.code, part=part, row=row)
    return _page(practitioner, form, str(kind.change_title), withdraw_url=withdraw_url)


@bp.route(f"/<code:practitioner>/<{KIND}:part>/<code:row>/withdraw", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_RECORD, on=Practitioner, load=RECORD)
def withdraw(practitioner: Practitioner, part: str, row: str) -> ResponseReturnValue:
    session, kind = db.session(), PARTS[part]
    if withdrawn_before(session, practitioner, row) is not None:
        flash(_("这条记录已经撤回。"))
        return _shown(practitioner, part)
    _refuse_paper(practitioner, part)
    found = _row(session, practitioner, kind, row)
    form = ReasonForm(data={"version": practitioner.version})
    if form.validate_on_submit() and _is_written(
        form, practitioner, lambda: _withdrawn(practitioner, kind, row, form)
    ):
        flash(_("已撤回，不再计入。"))
        return _shown(practitioner, part)
    days = assessed_days(session, found) if isinstance(found, Post) else []
    return _page(practitioner, form, _("撤回误录"), facts=_told(kind, found), assessed=days)


def _told(kind: Part, row: Any) -> tuple[tuple[str, str], ...]:
    name, on = called(kind.row_kind, row)
    return (_("记录种类"), word(kind.row_kind)), (_("内容"), data(name)), (_("日期"), day(on))


def _withdrawn(person: Practitioner, kind: Part, row: str, form: ReasonForm) -> None:
    reason, version = form.reason.data or "", form.version.data or 0
    row_withdrawn(db.session(), person, kind.row_kind, row, reason=reason, version=version, hand=_hand())


def _refuse_paper(person: Practitioner, part: str) -> None:
    """Before anything is typed: an institution that somebody left may put its own post right, and take him back."""
    if part != POSTS:
        refuse_former_employer(current_actor(), person, today())


def _row(session: Session, person: Practitioner, kind: Part, code: str) -> Any:
    """One of this person's; a post at a place of others is theirs to keep."""
    model: Any = kind.model
    found = session.scalar(sa.select(model).where(model.code == code, model.practitioner_id == person.id))
    if found is None:
        raise NotVisible
    if isinstance(found, Post):
        authorize(current_actor(), Action.PRACTITIONER_RECORD, found.site)
    return found


def _hand() -> Hand:
    return Hand(current_actor(), utc_now(), current_trail())


def _arrived(form: PersonForm) -> Arrival | None:
    """Who came; None where the form says why not."""
    session = db.session()
    try:
        arrival = arrive(session, form.named(), form.held(), seals=current_seals(), hand=_hand())
    except InvalidInput as fault:
        session.rollback()
        form.refused(fault)
        return None
    session.commit()
    return arrival


def _is_written(form: StepForm, person: Practitioner, write: Callable[[], None], row: Any = None) -> bool:
    """Whether it was kept; what stands against it is said on the form, and what was typed stays."""
    session = db.session()
    try:
        write()
    except (InvalidInput, StaleVersion, KeyReused, RequirementUnmet) as refusal:
        session.rollback()
        session.refresh(person)  # the page shows it again
        _say(form, refusal, row.version if isinstance(row, Education) else person.version)
        return False
    session.commit()
    return True


def _say(
    form: StepForm, refusal: InvalidInput | StaleVersion | KeyReused | RequirementUnmet, version: int
) -> None:
    if isinstance(refusal, InvalidInput):
        form.refused(refusal)
    elif isinstance(refusal, RequirementUnmet):
        form.form_errors.append(spoken_message(refusal.message) if refusal.message else "")
    elif isinstance(refusal, StaleVersion):
        form.overtaken(version)
    else:
        form.key.process_data(uuid4().hex)
        form.key.raw_data = None
        form.form_errors.append(_("这份表单已经登记过一次。要再登记一条，请再提交一次。"))


def _said_of(arrival: Arrival) -> str:
    if arrival.asks_about_merge:
        return str(_("已登记任职。身份证号与另一编号相同，已请区县核对是否同一人。"))
    if arrival.is_new:
        return str(_("已登记。请接着登记学历、证书和培训。"))
    return str(_("这名人员已在登记库里，任职已加到原有记录，没有重复建档。"))


def _page(person: Practitioner, form: StepForm, title: str, **more: Any) -> ResponseReturnValue:
    """The name of the person stands above the form: a look at him. `more` is what withdrawing shows besides."""
    actor = current_actor()
    answer = render_page(
        "workforce/withdraw.html" if isinstance(form, ReasonForm) else "workforce/record.html",
        form=form,
        person=person,
        name=staff_name(actor, person.name),
        title=title,
        **more,
        status=_status(form),
    )
    record_sight(
        Action.PRACTITIONER_SEE,
        subject_type="practitioner",
        subject_code=person.code,
        division_code=place_of(person),
        facts={"fields": ["name"], "name": mask_of(actor, Field.STAFF_NAME).value},
    )
    return answer


def _status(form: StepForm) -> int:
    return 409 if form.form_errors else 200


def _shown(person: Practitioner, part: str = "") -> ResponseReturnValue:
    address = url_for("practitioners.show", practitioner=person.code)
    return redirect(f"{address}#{part}" if part else address, code=303)
