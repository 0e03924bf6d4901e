"""`/figures/<code>`: a figure in a division or an institution, down to its people, and the same as a file."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.days import printable, read_day
from portal.extensions import db
from portal.figures.asking import Asked, ask, asked_of_organisation
from portal.figures.exporting import export_of_parts, export_of_people, people_facts
from portal.figures.exporting_ledgers import export_of_changes, export_of_corrections, export_of_rules
from portal.figures.places import Where, where_of
from portal.figures.sorting import SORTS
from portal.figures.speaking import WORDS
from portal.figures.views import figure_page, organisation_page, trail_of
from portal.htmx import render_page
from portal.security import allowed, current_actor, record_of
from portal.sights import record_sight
from portal.unchanged import unless_unchanged
from registry.access.models import Role
from registry.actions import Action
from registry.clock import today
from registry.errors import InvalidInput, NotVisible
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from reports.figures.changes import end_of_last_month, refuse_wrong_span
from reports.figures.definitions import figure

LEDGERS = ("rules", "changes", "corrections")
"""What a file may hold beside the parts and the people."""

bp = Blueprint("figures", __name__, url_prefix="/figures")


@bp.get("/<code>")
@allowed(Action.FIGURE_SEE)
@unless_unchanged
def show(code: str) -> ResponseReturnValue:
    actor, session = current_actor(), db.session()
    if is_of_own():
        return redirect(own_address("figures.organisation", code=figure(code).code), code=303)
    asked = asked_of(code)
    page = figure_page(session, asked, actor=actor, sort=asked_sort())
    trail = trail_of(session, asked, actor, with_division=False)
    return render_page(
        "figures/show.html", view=page, common=replace(page.common, trail=trail), words=WORDS, **WORDS
    )


@bp.route("/<code>/export", methods=["GET", "POST"])
@allowed(Action.FIGURE_SEE)
def export(code: str) -> ResponseReturnValue:
    asked, session = asked_of(code), db.session()
    if request.args.get("what") in LEDGERS:
        return export_of_ledger(where_of(session, asked, None))
    if request.args.get("what") == "people":
        back = url_for("figures.show", code=code, **asked.values())
        return export_of_people(session, asked, Place(asked.division, asked.basis), back=back)
    return export_of_parts(session, asked, sort=asked_sort())


@bp.get("/<code>/organisations/<code:organisation>")
@allowed(Action.FIGURE_SEE)
def organisation(code: str, organisation: str) -> ResponseReturnValue:
    actor, session = current_actor(), db.session()
    institution, asked = institution_asked(code, organisation)
    page = organisation_page(session, asked, institution, request.args, actor=actor)
    trail = trail_of(session, asked, actor, with_division=True)
    answer = render_page(
        "figures/organisation.html",
        view=page,
        common=replace(page.common, trail=trail),
        words=WORDS,
        **WORDS,
    )
    record_sight(
        Action.FIGURE_SEE,
        subject_type="figure",
        subject_code=asked.figure.code,
        division_code=institution.division_code,
        facts=people_facts(asked, institution.name) | {"format": "page", "rows": len(page.people.rows)},
    )
    return answer


@bp.route("/<code>/organisations/<code:organisation>/export", methods=["GET", "POST"])
@allowed(Action.FIGURE_SEE)
def export_of_organisation(code: str, organisation: str) -> ResponseReturnValue:
    institution, asked = institution_asked(code, organisation)
    if request.args.get("what") in LEDGERS:
        return export_of_ledger(where_of(db.session(), asked, institution))
    place = Place(asked.division, asked.basis, institution.id)
    back = url_for("figures.organisation", code=code, organisation=organisation, **asked.values(by=None))
    return export_of_people(db.session(), asked, place, back=back, organisation=institution)


def asked_of(code: str) -> Asked:
    """The question in the address, within the actor's scope."""
    return ask(request.args, code=code, actor=current_actor(), session=db.session(), today=today())


def institution_asked(code: str, organisation_code: str) -> tuple[Organisation, Asked]:
    """The institution and the question about it."""
    actor, session = current_actor(), db.session()
    institution: Organisation = record_of(Organisation, organisation_code)
    asked = asked_of_organisation(
        request.args, institution, code=code, actor=actor, session=session, today=today()
    )
    return institution, asked


def is_of_own() -> bool:
    """A provider who names no division means his own institution."""
    return current_actor().role is Role.PROVIDER and "division" not in request.args


def own_address(endpoint: str, **named: str) -> str:
    """A page about a provider's own institution."""
    own = db.session.get(Organisation, current_actor().organisation_id)
    if own is None:
        raise NotVisible
    values: dict[str, Any] = named | {key: value for key, value in request.args.items() if key != "by"}
    return url_for(endpoint, organisation=own.code, **values)


def export_of_ledger(where: Where) -> ResponseReturnValue:
    """The ledger by both rules, the changes since an earlier day, or the corrections since a freeze."""
    if request.args["what"] == "rules":
        return export_of_rules(where)
    if request.args["what"] == "corrections":
        return export_of_corrections(where)
    return export_of_changes(where, asked_since(where.asked))


def asked_since(asked: Asked) -> date:
    """The earlier day: a month before unless one is named; InvalidInput where it is no earlier day."""
    since = read_day(request.args.get("since", ""), end_of_last_month(asked.on))
    refuse_wrong_span(since, asked.on)
    return since


def asked_sort() -> str:
    """The order of the parts; InvalidInput for one there is not."""
    typed = request.args.get("sort", "") or SORTS[0]
    if typed not in SORTS:
        sentence = N_("没有排序方式“%(value)s”，可选：%(known)s。")
        raise InvalidInput("sort", message(sentence, value=printable(typed), known=SORTS))
    return typed
