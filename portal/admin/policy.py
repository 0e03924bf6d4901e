"""/admin/parameters: what policy says, with its place, its validity, its source and how far it is confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.formatting import data, number
from portal.htmx import render_page
from portal.security import allowed
from registry.actions import Action
from registry.clock import today
from registry.divisions.codes import NATION
from registry.divisions.queries import names_of
from registry.policy import queries
from registry.policy.models import Grade, Parameter, Target
from reports.figures.definitions import FIGURES

bp = Blueprint("policy", __name__, url_prefix="/admin/parameters")

GRADE_KINDS = {Grade.OFFICIAL: "done", Grade.SECOND_HAND: "active", Grade.DESIGN: "draft"}


@dataclass(frozen=True)
class Places:
    """Names of the places that policy speaks of."""

    names: dict[str, str]

    @classmethod
    def of(cls, session: Session, rows: Iterable[Parameter | Target]) -> "Places":
        """One statement for all rows."""
        return cls(names_of(session, {row.division_code for row in rows}))

    def name(self, row: Parameter | Target) -> str | Markup:
        """全国, or the division's name."""
        code = row.division_code
        return _("全国") if code == NATION else data(self.names.get(code, code))


@bp.get("")
@allowed(Action.PARAMETER_SEE)
def index() -> ResponseReturnValue:
    session, on = db.session(), today()
    parameters, targets = queries.parameters(session), queries.targets(session)
    calendar = queries.working_calendar(session)
    return render_page(
        "admin/parameters.html",
        on=on,
        parameters=parameters,
        targets=targets,
        places=Places.of(session, [*parameters, *targets]),
        days=queries.calendar_days(session, on.year),
        is_published=calendar.is_published(on.year),
        is_next_published=calendar.is_published(on.year + 1),
        shown_value=shown_value,
        figure_title=figure_title,
        is_carried_on=lambda target: is_carried_on(targets, target, on),
        grade_kind=GRADE_KINDS.__getitem__,
    )


def shown_value(value: Any) -> str:
    """A parameter's value as people write it; its unit stands beside it."""
    if isinstance(value, list):
        return "、".join(shown_value(part) for part in value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return number(value) if is_number else str(value)


def figure_title(code: str) -> str:
    """The figure's name, or its code where this version does not know it."""
    return _(FIGURES[code].title) if code in FIGURES else code


def is_carried_on(targets: Iterable[Target], target: Target, on: date) -> bool:
    """Its day of assessment is past and no later target for the same place is in force."""
    same = (one for one in targets if _subject(one) == _subject(target))
    is_replaced = any(target.valid_from < one.valid_from <= on for one in same)
    return target.assessed_on < on and not is_replaced


def _subject(target: Target) -> tuple[str, str]:
    return target.figure_code, target.division_code
