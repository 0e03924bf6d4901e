"""`/api/v1/figures`: the definitions, a reading with its parts, and the people behind it."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.api import examples
from portal.api.description import ALWAYS, Operation, described
from portal.api.figure_schemas import (
    DEFINITIONS,
    PART_LEVELS,
    PEOPLE,
    READING,
    RULE_WORDS,
)
from portal.api.parameters import CODE_OF_RECORD, DAY, DIVISION, NOTE, Parameter, member_of, one_of
from portal.extensions import begin_writing, db
from portal.figures.asking import Asked, ask, asked_of_organisation
from portal.figures.exporting import people_facts, place_code
from portal.figures.people import person_rows
from portal.figures.reading import reading_of
from portal.formatting import spoken_message
from portal.security import allowed, current_actor, current_trail, record_of
from registry.access.exports import ExportReason, Purpose, TakenAlong, record_people_export
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import today, utc_now
from registry.organisations.models import Organisation
from registry.workforce.counting import Basis, Place
from reports.figures.contract import definition_as_json, reading_as_json, row_as_json
from reports.figures.definitions import FIGURES

bp = Blueprint("api_figures", __name__, url_prefix="/api/v1/figures")

CODE = Parameter(
    "code", one_of(FIGURES, {one.code: _l(one.title) for one in FIGURES.values()}), _l("指标的代码")
)
BASES = {Basis.TODAY.value: _l("按今天的区划"), Basis.THEN.value: _l("按统计当日的区划")}
QUESTION = (
    Parameter("division", DIVISION, _l("区划代码，须在本账号的范围内"), default=_l("本账号的区划")),
    Parameter("on", DAY, _l("统计日期"), default=_l("今天")),
    Parameter("rule", one_of(RULE_WORDS, RULE_WORDS), _l("口径"), default="assigned"),
    Parameter("basis", one_of(BASES, BASES), _l("过去的日期按哪一天的区划统计"), default="today"),
)

LIST = Operation(
    id="listFigures",
    title=_l("指标定义"),
    explanation=_l("每个指标统计什么、在哪些人中统计、有哪些口径（第一个为默认）、依据什么规定。"),
    answer=DEFINITIONS,
    example=examples.DEFINITIONS,
)
READ = Operation(
    id="getFigure",
    title=_l("指标读数"),
    explanation=_l(
        "一个区划在一天的分子和分母、目标、结论，以及各部分的读数。只给整数，比例由分子除以分母得出。"
        "同一人在合计中只计一次，因此各部分之和可以大于合计。"
    ),
    path=(CODE,),
    parameters=(*QUESTION, Parameter("by", member_of(PART_LEVELS), _l("各部分的层级"), default=_l("下一级"))),
    answer=READING,
    asked={"code": "qualified-share", "division": "31", "on": examples.DAY},
    example=examples.READING,
    refusals=(*ALWAYS, 404),
)
ROWS = Operation(
    id="listFigureRows",
    title=_l("指标背后的人员"),
    explanation=_l(
        "读数由哪些人组成：holder计入分子和分母，staff只计入分母。姓名按本账号的权限遮盖。"
        "每次查询都要写明用途并记入操作留痕，人数和每天的次数与网页导出同样有上限。"
    ),
    path=(CODE,),
    parameters=(
        *QUESTION,
        Parameter(
            "organisation", CODE_OF_RECORD, _l("只看一家机构的人员，填机构编号"), default=_l("区划内全部机构")
        ),
        Parameter("reason", member_of(ExportReason), _l("用途（必填）"), is_required=True),
        Parameter("note", NOTE, _l("具体用途，如文号、会议或事项（必填）"), is_required=True),
    ),
    answer=PEOPLE,
    asked={
        "code": "qualified-share",
        "division": examples.STREET,
        "on": examples.DAY,
        "reason": ExportReason.REPORTING.value,
        "note": "2026-Q4",
    },
    example=examples.PEOPLE,
    refusals=(*ALWAYS, 404),
    holds_people=True,
)


@bp.get("")
@allowed(Action.FIGURE_SEE)
@described(LIST)
def index() -> dict[str, Any]:
    return {"items": [definition_as_json(figure, gettext) for figure in FIGURES.values()]}


@bp.get("/<code>")
@allowed(Action.FIGURE_SEE)
@described(READ)
def show(code: str) -> dict[str, Any]:
    asked = asked_of(code)
    return reading_as_json(reading_of(db.session(), asked), rest_name=gettext("未划入以上区划"))


@bp.get("/<code>/rows")
@allowed(Action.FIGURE_SEE)
@described(ROWS)
def rows(code: str) -> dict[str, Any]:
    """Every person once for each institution; who asked for them, and what for, is entered as with a file."""
    session, actor, now = db.session(), current_actor(), utc_now()
    authorize(actor, Action.PRACTITIONER_EXPORT)
    asked, organisation = people_asked(code)
    place = Place(asked.division, asked.basis, organisation.id if organisation else None)
    name = organisation.name if organisation else asked.division
    people = person_rows(session, asked, place, actor=actor)
    said = [row_as_json(one.row, name=one.name, reason=spoken_message(one.row.reason)) for one in people]
    answer = {
        "code": asked.figure.code,
        "division": asked.division,
        "organisation": organisation.code if organisation else None,
        "on": asked.on.isoformat(),
        "counting_rule": asked.rule.code.value,
        "rows": said,
    }
    facts = people_facts(asked, name) | {"format": "json"}
    taken = TakenAlong("figure", asked.figure.code, place_code(asked), len(said), facts)
    purpose = Purpose.of(request.args["reason"], request.args["note"])
    begin_writing()
    record_people_export(session, taken, purpose, actor=actor, at=now, trail=current_trail())
    session.commit()
    return answer


def asked_of(code: str) -> Asked:
    """The question in the address, within the actor's scope."""
    return ask(request.args, code=code, actor=current_actor(), session=db.session(), today=today())


def people_asked(code: str) -> tuple[Asked, Organisation | None]:
    """Whose rows: those of a division, or of an institution."""
    if "organisation" not in request.args:
        return asked_of(code), None
    institution: Organisation = record_of(Organisation, request.args["organisation"])
    asked = asked_of_organisation(
        request.args, institution, code=code, actor=current_actor(), session=db.session(), today=today()
    )
    return asked, institution
