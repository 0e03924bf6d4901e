"""What `/api/v1/figures` answers."""

from flask_babel import lazy_gettext as _l

from portal.api.schemas import day, flag, list_of, or_nothing, record, text, token, whole
from registry.divisions.codes import Level
from registry.vocabulary import term
from registry.workforce.models import Profession
from reports.figures.definitions import FIGURES, STAFF_RULES
from reports.figures.ledger import Standing
from reports.figures.shares import Verdict

PART_LEVELS = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.TOWNSHIP, Level.SITE)
RULE_WORDS = {rule.code.value: _l(rule.title) for rule in STAFF_RULES}
FIGURE_WORDS = {figure.code: _l(figure.title) for figure in FIGURES.values()}
VERDICT_WORDS = {
    Verdict.MET.value: _l("达标"),
    Verdict.NOT_MET.value: _l("未达标"),
    Verdict.NOT_APPLICABLE.value: _l("不适用"),
    Verdict.NO_TARGET.value: _l("无目标"),
}
STANDING_WORDS = {
    Standing.HOLDER.value: _l("计入分子和分母"),
    Standing.STAFF.value: _l("只计入分母"),
    Standing.REPEAT.value: _l("合计中不重复计"),
    Standing.OUTSIDE.value: _l("不计"),
}

CODE = token(FIGURE_WORDS, _l("指标的代码"))
RULE = token(RULE_WORDS, _l("口径"))
VERDICT = token(VERDICT_WORDS, _l("结论"))
NUMERATOR, DENOMINATOR = whole(_l("分子（人）")), whole(_l("分母（人）"))

DEFINITIONS = record(
    "Figures",
    items=list_of(
        record(
            "Figure",
            code=CODE,
            title=text(_l("指标名称")),
            unit=text(_l("单位")),
            numerator=text(_l("分子统计哪些人")),
            numerator_note=text(_l("分子的计入条件")),
            denominator=text(_l("分母统计哪些人")),
            clause=text(_l("依据")),
            rules=list_of(
                record(
                    "CountingRule",
                    code=RULE,
                    title=text(_l("口径名称")),
                    explanation=text(_l("口径说明")),
                ),
                _l("口径，第一个为默认"),
            ),
        ),
        _l("全部指标"),
    ),
)

READING = record(
    "Reading",
    code=CODE,
    division=text(_l("区划代码，0为全国")),
    on=day(_l("统计日期")),
    counting_rule=RULE,
    numerator=NUMERATOR,
    denominator=DENOMINATOR,
    target=or_nothing(
        record(
            "Target",
            numerator=whole(_l("目标的分子")),
            denominator=whole(_l("目标的分母")),
            assessed_on=day(_l("考核日期")),
            carried_on=flag(_l("考核日期已过、新目标尚未公布，沿用原目标")),
        )
    )
    | {"description": _l("当日有效的目标，没有规定目标时为null")},
    verdict=VERDICT,
    parts=list_of(
        record(
            "Part",
            code=text(_l("区划代码或机构编号")),
            name=text(_l("名称")),
            numerator=NUMERATOR,
            denominator=DENOMINATOR,
            verdict=VERDICT,
        ),
        _l("各部分，按代码排列；未划入任何部分的列在最后"),
    ),
)

READING["properties"]["professions"] = list_of(
    record(
        "Profession",
        code=token({one.value: term(one) for one in Profession}, _l("岗位")),
        persons=whole(_l("任这一岗位的人数，任两个岗位的各计一次")),
    ),
    _l("各岗位的人数，只有按人数计的指标才有"),
)
"""A member that a figure of persons has beside the others."""

PEOPLE = record(
    "FigureRows",
    code=CODE,
    division=text(_l("区划代码，0为全国")),
    organisation=or_nothing(text(_l("机构编号，没有指定机构时为null"))),
    on=day(_l("统计日期")),
    counting_rule=RULE,
    rows=list_of(
        record(
            "FigureRow",
            person_no=text(_l("人员编号")),
            name=or_nothing(text(_l("姓名，按本账号的权限遮盖，无权查看时为null"))),
            organisation=text(_l("机构编号")),
            organisation_name=text(_l("机构名称")),
            standing=token(STANDING_WORDS, _l("是否计入")),
            reason=text(_l("原因")),
            until=or_nothing(day(_l("有效至（不含当日），没有期限时为null"))),
            is_example=flag(_l("示例数据")),
        ),
        _l("每人在每家机构一行，按机构排列"),
    ),
)
