"""The ledger by both rules, the changes and the corrections as files: the rows of the page, names masked as there."""

from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.exporting_people import PeopleFile, people_answer
from portal.extensions import db
from portal.figures.correction_views import (
    CorrectedPerson,
    corrected_people,
    corrections_there,
    frozen_there,
)
from portal.figures.exporting import people_facts, place_code, question_lines
from portal.figures.ledger_views import (
    ChangedPerson,
    ComparedPerson,
    changes_in,
    read_only,
)
from portal.figures.people import joined, seen_people
from portal.figures.places import Where
from portal.figures.speaking import change_word, correction_word, difference_words, standing_word
from portal.formatting import moment, spoken_message
from portal.security import current_actor
from registry.errors import InvalidInput
from registry.messages import N_, message
from reports.figures.both_rules import by_both_rules, differing


def export_of_rules(where: Where) -> ResponseReturnValue:
    """One row for each person at each institution, with the verdict of each rule."""
    session, asked, only = db.session(), where.asked, read_only(request.args)
    rows = by_both_rules(session, asked.figure, place=where.place, on=asked.on)
    chosen = differing(rows) if only else rows
    seen = seen_people(session, [row.shown.person for row in chosen], current_actor())
    people = [ComparedPerson(row, seen[row.shown.person.id]) for row in chosen]
    return people_answer(
        PeopleFile(
            title=gettext("逐人台账（两种口径对照）"),
            name=f"{gettext('逐人台账')}-{gettext(asked.figure.title)}-{where.title}-{asked.on.isoformat()}",
            headers=rules_headers(where),
            count=len(people),
            count_all=lambda: len(people),
            read=lambda: [_compared_cells(one) for one in people],
            about=_about(where) + ([(gettext("范围内"), gettext("只列两种口径不同的"))] if only else []),
            facts=people_facts(asked, where.title) | {"what": "rules", "only": only or ""},
            back=where.url("ledgers.rules", only=only),
            **_subject(where),
        )
    )


def export_of_changes(where: Where, since: date) -> ResponseReturnValue:
    """One row for each person who counts otherwise than on the earlier day."""
    session, asked = db.session(), where.asked
    found = changes_in(session, where, since)
    seen = seen_people(session, [one.person for one in found], current_actor())
    people = [ChangedPerson(one, seen[one.person.id]) for one in found]
    span = f"{since.isoformat()}-{asked.on.isoformat()}"
    return people_answer(
        PeopleFile(
            title=gettext("人员变动明细"),
            name=f"{gettext('人员变动明细')}-{gettext(asked.figure.title)}-{where.title}-{span}",
            headers=changes_headers(),
            count=len(people),
            count_all=lambda: len(people),
            read=lambda: [_changed_cells(one) for one in people],
            about=[
                (gettext("比较起点"), since.isoformat()),
                *question_lines(asked, where.title),
            ],
            facts=people_facts(asked, where.title) | {"what": "changes", "since": since.isoformat()},
            back=where.url("ledgers.changes", since=since.isoformat()),
            **_subject(where),
        )
    )


def export_of_corrections(where: Where) -> ResponseReturnValue:
    """One row for each person who counts otherwise than when the number was frozen; InvalidInput without such rows."""
    session = db.session()
    there, frozen = frozen_there(session, where)
    found = corrections_there(session, there, frozen)
    if frozen is None or found is None:
        raise InvalidInput(
            "on", message(N_("没有随存人员名单的定格数，没有逐人更正可导出；请改选统计日期。"))
        )
    asked, people = there.asked, corrected_people(session, found, current_actor())
    title = gettext("定格后的更正")
    return people_answer(
        PeopleFile(
            title=title,
            name=f"{title}-{gettext(asked.figure.title)}-{there.title}-{asked.on.isoformat()}",
            headers=corrections_headers(),
            count=len(people),
            count_all=lambda: len(people),
            read=lambda: [_corrected_cells(one) for one in people],
            about=[
                *question_lines(asked, there.title),
                (gettext("定格时间"), moment(frozen.frozen_at)),
                (gettext("差额"), difference_words(frozen)),
            ],
            facts=people_facts(asked, there.title) | {"what": "corrections"},
            back=there.url("ledgers.corrections"),
            **_subject(there),
        )
    )


def rules_headers(where: Where) -> list[str]:
    """Who, what, and two columns for each rule."""
    verdicts = [
        gettext("%(rule)s：%(column)s", rule=gettext(rule.title), column=column)
        for rule in where.asked.figure.rules
        for column in (gettext("是否计入"), gettext("原因"))
    ]
    return [
        gettext("人员编号"),
        gettext("姓名"),
        gettext("机构"),
        gettext("服务场所"),
        gettext("岗位"),
        gettext("用工形式"),
        *verdicts,
        gettext("两种口径不同"),
        gettext("示例数据"),
    ]


def changes_headers() -> list[str]:
    """Who, what happened when, and what it adds."""
    return [
        gettext("人员编号"),
        gettext("姓名"),
        gettext("机构"),
        gettext("岗位"),
        gettext("变动"),
        gettext("日期"),
        gettext("分子增减"),
        gettext("分母增减"),
        gettext("原因"),
        gettext("说明"),
        gettext("示例数据"),
    ]


def corrections_headers() -> list[str]:
    """Who, then and now, and what that adds."""
    return [
        gettext("人员编号"),
        gettext("姓名"),
        gettext("机构"),
        gettext("更正情况"),
        gettext("定格时"),
        gettext("现在"),
        gettext("分子增减"),
        gettext("分母增减"),
        gettext("现有记录的依据"),
        gettext("示例数据"),
    ]


def _compared_cells(one: ComparedPerson) -> list[Any]:
    shown = one.row.shown
    verdicts = [
        cell for row in one.row.rows for cell in (standing_word(row.standing), spoken_message(row.reason))
    ]
    return [
        shown.person.person_no,
        one.seen.name,
        shown.employer.name,
        joined(shown.site_names),
        one.professions,
        one.engagements,
        *verdicts,
        one.row.differs,
        shown.person.is_example,
    ]


def _changed_cells(one: ChangedPerson) -> list[Any]:
    change = one.change
    return [
        change.person.person_no,
        one.seen.name,
        change.employer.name,
        one.professions,
        change_word(change.kind),
        change.on,
        change.numerator,
        change.denominator,
        spoken_message(change.reason),
        spoken_message(change.standing) if change.standing else None,
        change.person.is_example,
    ]


def _corrected_cells(one: CorrectedPerson) -> list[Any]:
    correction = one.correction
    return [
        correction.person.person_no,
        one.seen.name,
        correction.employer.name,
        correction_word(correction.kind),
        standing_word(correction.then),
        standing_word(correction.now),
        correction.numerator,
        correction.denominator,
        spoken_message(correction.reason),
        correction.person.is_example,
    ]


def _about(where: Where) -> list[tuple[str, str]]:
    """The question without its rule: both rules stand in the file."""
    asked = where.asked
    return [
        (gettext("指标"), gettext(asked.figure.title)),
        (gettext("范围"), where.title),
        (gettext("统计日期"), asked.on.isoformat()),
        (gettext("依据"), gettext(asked.figure.clause)),
    ]


def _subject(where: Where) -> dict[str, Any]:
    return {
        "subject_type": "figure",
        "subject_code": where.asked.figure.code,
        "division_code": place_code(where.asked),
    }
