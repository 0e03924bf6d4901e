"""`GET /api/v1/divisions?under=&level=&on=`: the tree of administrative divisions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.api import examples
from portal.api.description import ALWAYS, Operation, described
from portal.api.parameters import DAY, DIVISION, Parameter, member_of
from portal.api.schemas import day, list_of, member, record, text
from portal.extensions import db
from portal.figures.asking import read_choice
from portal.listing import asked_day
from portal.security import allowed, current_actor
from registry.actions import Action
from registry.divisions.codes import LENGTH_OF_LEVEL, NATION, Level, level_of
from registry.divisions.models import Division, DivisionKind
from registry.divisions.queries import HIDDEN_KINDS, children, divisions_at, resolve
from registry.errors import InvalidInput
from registry.messages import N_, message

bp = Blueprint("api_divisions", __name__, url_prefix="/api/v1/divisions")

LEVELS = tuple(LENGTH_OF_LEVEL)
SHOWN_KINDS = tuple(kind for kind in DivisionKind if kind not in HIDDEN_KINDS)

LIST = Operation(
    id="listDivisions",
    title=_l("行政区划"),
    explanation=_l("某一区划在某一天的直接下级，或其下某一层级的全部区划。统计用区划和功能区不列出。"),
    parameters=(
        Parameter("under", DIVISION, _l("上级区划的代码"), default=_l("本账号的区划")),
        Parameter("level", member_of(LEVELS), _l("列出哪一层级"), default=_l("直接下级")),
        Parameter("on", DAY, _l("哪一天的区划"), default=_l("今天")),
    ),
    answer=record(
        "Divisions",
        under=text(_l("上级区划的代码")),
        on=day(_l("哪一天的区划")),
        items=list_of(
            record(
                "Division",
                code=text(_l("区划代码")),
                name=text(_l("名称")),
                level=member(LEVELS, _l("层级")),
                kind=member(SHOWN_KINDS, _l("类别")),
            ),
            _l("按代码排列"),
        ),
    ),
    asked={"under": "310101", "on": examples.DAY},
    example=examples.DIVISIONS,
    refusals=(*ALWAYS, 404),
)


@bp.get("")
@allowed(Action.DIVISION_SEE)
@described(LIST)
def index() -> dict[str, Any]:
    session, on = db.session(), asked_day()
    under = asked_place(session, on)
    level = read_choice(Level, request.args.get("level", ""), "level")
    divisions = below(session, under, level, on)
    return {"under": under, "on": on.isoformat(), "items": [division_as_json(one) for one in divisions]}


def asked_place(session: Session, on: date) -> str:
    """The division in the address, or the reader's own; UnknownDivision where there is none."""
    typed = request.args.get("under", "") or current_actor().division_code
    return NATION if typed == NATION else resolve(session, typed, on).code


def below(session: Session, under: str, level: Level | None, on: date) -> Sequence[Division]:
    """The divisions directly below, or those of a level; InvalidInput for a level that is not below."""
    if level is None:
        return children(session, under, on)
    if under != NATION and LENGTH_OF_LEVEL[level] <= LENGTH_OF_LEVEL[level_of(under)]:
        sentence = N_("“%(by)s”不在区划%(division)s之下，请选择更低的层级。")
        raise InvalidInput("level", message(sentence, by=level.value, division=under))
    return divisions_at(session, under, level, on)


def division_as_json(division: Division) -> dict[str, str]:
    """One division; the code of what lies above is the beginning of its own."""
    return {
        "code": division.code,
        "name": division.name,
        "level": division.level.value,
        "kind": division.kind.value,
    }
