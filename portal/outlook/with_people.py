"""达标方案 with the ledger at its end: a purpose, a fresh proof, the cap of the role, and an entry beside the paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.exporting_people import PurposeForm
from portal.extensions import db
from portal.figures.asking import Asked, read_choice, seen_division
from portal.figures.exporting import people_facts
from portal.htmx import render_page
from portal.outlook.routes import (
    CODE,
    asked_of_division,
    asked_of_whole,
    issued,
    not_ahead,
    prospect_asked,
)
from portal.profiles.making import Taking
from portal.security import allowed, current_actor, current_trail, require_proof
from registry.access.exports import (
    Purpose,
    TakenAlong,
    most_a_day,
    most_rows,
    refuse_large,
    taken_today,
)
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import today, utc_now
from registry.documents.models import Annex, DocumentFormat
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.ledger import LedgerRow, ledger
from reports.prospects.prospect import Prospect

LAID_OUT_AT_ONCE = 400
"""People; a district's 300 take a PDF about six seconds."""

bp = Blueprint("plans", __name__, url_prefix=f"/figures/{CODE}")


@dataclass(frozen=True)
class Annexed:
    """A plan with the rows behind its figure."""

    asked: Asked
    prospect: Prospect
    institution: Organisation | None
    rows: Sequence[LedgerRow]

    @property
    def people(self) -> int:
        """How many are taken along; who works at two institutions has two rows."""
        return len({row.person.id for row in self.rows})

    @property
    def back_url(self) -> str:
        """The page of the plan."""
        values = self.asked.values(by=None)
        if self.institution is None:
            return url_for("outlook.division", **values)
        return url_for("outlook.organisation", organisation=self.institution.code, **values)


@bp.route("/outlook/plan/people", methods=["GET", "POST"])
@allowed(Action.ONE_PAGE_ISSUE)
def of_division() -> ResponseReturnValue:
    actor, session = current_actor(), db.session()
    typed = request.values.get("division", "").strip() or actor.division_code
    place = seen_division(session, actor, typed, today(), Action.ONE_PAGE_ISSUE)
    authorize(actor, Action.PRACTITIONER_EXPORT, place, see=Action.FIGURE_SEE)
    return _answer(session, not_ahead(asked_of_division()), None)


@bp.route("/organisations/<code:organisation>/outlook/plan/people", methods=["GET", "POST"])
@allowed(Action.ONE_PAGE_ISSUE, on=Organisation)
def of_organisation(organisation: Organisation) -> ResponseReturnValue:
    authorize(current_actor(), Action.PRACTITIONER_EXPORT, organisation, see=Action.FIGURE_SEE)
    return _answer(db.session(), not_ahead(asked_of_whole()), organisation)


def _answer(session: Session, asked: Asked, institution: Organisation | None) -> ResponseReturnValue:
    """The page that asks what for, and then the paper."""
    annexed, form = _annexed(session, asked, institution), PurposeForm()
    if not form.validate_on_submit():
        return _page(annexed, form)
    purpose = form.purpose()
    if purpose is None:
        return _page(annexed, form, status=400)
    require_proof()
    refuse_large(annexed.people, _most(session))
    wanted = read_choice(DocumentFormat, request.form.get("format", ""), "format") or DocumentFormat.DOCX
    taking = _taking(annexed, purpose, wanted)
    return issued(asked, annexed.prospect, wanted, Annex.PEOPLE, people=annexed.rows, taking=taking)


def _annexed(session: Session, asked: Asked, institution: Organisation | None) -> Annexed:
    place = Place(asked.division, asked.basis, institution.id if institution else None)
    rows = ledger(session, QUALIFIED_SHARE, place=place, on=asked.on, rule=asked.rule)
    return Annexed(asked, prospect_asked(asked, institution), institution, rows)


def _most(session: Session) -> int:
    """By the cap of the role, and no more than are laid out while somebody waits."""
    return min(most_rows(session, current_actor(), utc_now()), LAID_OUT_AT_ONCE)


def _taking(annexed: Annexed, purpose: Purpose, wanted: DocumentFormat) -> Taking:
    prospect = annexed.prospect
    facts = people_facts(annexed.asked, prospect.name) | {"what": "plan", "format": wanted.value}
    taken = TakenAlong("figure", CODE, prospect.division_code, annexed.people, facts)
    return Taking(current_actor(), utc_now(), current_trail(), purpose, taken)


def _page(annexed: Annexed, form: PurposeForm, *, status: int = 200) -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), utc_now()
    return render_page(
        "outlook/people.html",
        view=annexed,
        form=form,
        most=_most(session),
        most_a_day=most_a_day(session, actor, now),
        taken=taken_today(session, actor, now),
        status=status,
    )
