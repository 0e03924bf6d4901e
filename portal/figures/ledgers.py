"""`/figures/<code>/ledger`, `/changes`, `/corrections`: who counts by which rule, and what changed since some day."""

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from portal.extensions import db
from portal.figures.asking import Asked
from portal.figures.correction_views import corrections_page
from portal.figures.exporting import people_facts, place_code
from portal.figures.ledger_views import changes_page, rules_page
from portal.figures.places import Where, where_of
from portal.figures.routes import asked_of, asked_since, institution_asked, is_of_own, own_address
from portal.figures.speaking import WORDS
from portal.figures.views import trail_of
from portal.htmx import render_page
from portal.security import allowed, current_actor
from portal.sights import record_sight
from registry.actions import Action
from registry.organisations.models import Organisation
from reports.figures.changes import end_of_last_month
from reports.figures.definitions import figure

bp = Blueprint("ledgers", __name__, url_prefix="/figures")


@bp.get("/<code>/ledger")
@allowed(Action.FIGURE_SEE)
def rules(code: str) -> ResponseReturnValue:
    if is_of_own():
        return redirect(own_address("ledgers.rules_of_organisation", code=figure(code).code), code=303)
    return rules_answer(asked_of(code), None)


@bp.get("/<code>/organisations/<code:organisation>/ledger")
@allowed(Action.FIGURE_SEE)
def rules_of_organisation(code: str, organisation: str) -> ResponseReturnValue:
    institution, asked = institution_asked(code, organisation)
    return rules_answer(asked, institution)


@bp.get("/<code>/changes")
@allowed(Action.FIGURE_SEE)
def changes(code: str) -> ResponseReturnValue:
    if is_of_own():
        return redirect(own_address("ledgers.changes_of_organisation", code=figure(code).code), code=303)
    return changes_answer(asked_of(code), None)


@bp.get("/<code>/organisations/<code:organisation>/changes")
@allowed(Action.FIGURE_SEE)
def changes_of_organisation(code: str, organisation: str) -> ResponseReturnValue:
    institution, asked = institution_asked(code, organisation)
    return changes_answer(asked, institution)


@bp.get("/<code>/corrections")
@allowed(Action.FIGURE_SEE)
def corrections(code: str) -> ResponseReturnValue:
    if is_of_own():
        return redirect(own_address("ledgers.corrections_of_organisation", code=figure(code).code), code=303)
    return corrections_answer(asked_of(code), None)


@bp.get("/<code>/organisations/<code:organisation>/corrections")
@allowed(Action.FIGURE_SEE)
def corrections_of_organisation(code: str, organisation: str) -> ResponseReturnValue:
    institution, asked = institution_asked(code, organisation)
    return corrections_answer(asked, institution)


def rules_answer(asked: Asked, institution: Organisation | None) -> ResponseReturnValue:
    """The ledger, and the entry of who looked at it."""
    session, actor = db.session(), current_actor()
    trail = trail_of(session, asked, actor, with_division=True)
    where = where_of(session, asked, institution)
    page = rules_page(session, where, request.args, actor=actor, trail=trail)
    answer = render_page("figures/rules.html", view=page, words=WORDS, **WORDS)
    record_look(where, "rules", len(page.people.rows))
    return answer


def changes_answer(asked: Asked, institution: Organisation | None) -> ResponseReturnValue:
    """The changes, and the entry of who looked at them."""
    session, actor = db.session(), current_actor()
    trail = trail_of(session, asked, actor, with_division=True)
    where, since = where_of(session, asked, institution), asked_since(asked)
    page = changes_page(
        session,
        where,
        request.args,
        since=since,
        is_month=since == end_of_last_month(asked.on),
        actor=actor,
        trail=trail,
    )
    answer = render_page("figures/changes.html", view=page, words=WORDS, **WORDS)
    record_look(where, "changes", len(page.people.rows), since=since.isoformat())
    return answer


def corrections_answer(asked: Asked, institution: Organisation | None) -> ResponseReturnValue:
    """Who counts otherwise than when the number was frozen, and the entry of who looked at them."""
    session, actor = db.session(), current_actor()
    trail = trail_of(session, asked, actor, with_division=True)
    where = where_of(session, asked, institution)
    page = corrections_page(session, where, request.args, actor=actor, trail=trail)
    answer = render_page("figures/corrections.html", view=page, words=WORDS, **WORDS)
    record_look(page.where, "corrections", len(page.people.rows))
    return answer


def record_look(where: Where, what: str, rows: int, **more: Any) -> None:
    """Which people were looked at, as the trail names them."""
    asked = where.asked
    facts = people_facts(asked, where.title) | {"what": what, "format": "page", "rows": rows} | more
    place = where.organisation.division_code if where.organisation else place_code(asked)
    record_sight(
        Action.FIGURE_SEE,
        subject_type="figure",
        subject_code=asked.figure.code,
        division_code=place,
        facts=facts,
    )
