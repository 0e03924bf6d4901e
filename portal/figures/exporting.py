"""A figure as a file: its parts as the page lists them, or the people behind it; each leaves an entry in the trail."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Response, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from portal.exporting import MIME_TYPES, asked_format
from portal.exporting_people import PeopleFile, people_answer
from portal.extensions import begin_writing, db
from portal.figures.asking import Asked
from portal.figures.people import PersonRow, joined, person_rows
from portal.figures.reading import reading_of
from portal.figures.sorting import sorted_parts
from portal.figures.speaking import standing_word, verdict_word
from portal.formatting import moment, spoken_message
from portal.security import current_actor, current_trail
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.clock import utc_now
from registry.divisions.codes import NATION
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from reports.figures.definitions import FigureDefinition
from reports.figures.readings import InstitutionTally, Part, Reading
from reports.figures.wording import percent_text, target_text
from reports.workbooks.exporting import export_csv, export_xlsx

Rows = Sequence[Sequence[Any]]


def export_of_parts(session: Session, asked: Asked, *, sort: str) -> Response:
    """One row for each part, in the order of the page, then the rest and the whole."""
    reading = reading_of(session, asked)
    listed = sorted_parts([part for part in reading.parts if not part.is_rest], sort)
    rest = [part for part in reading.parts if part.is_rest]
    rows = [_part_row(part) for part in (*listed, *rest)]
    return _answer(
        asked,
        part_headers(asked.figure),
        [*rows, _total_row(reading)],
        name=place_name(reading),
        what="parts",
    )


def export_of_people(
    session: Session, asked: Asked, place: Place, *, back: str, organisation: Organisation | None = None
) -> ResponseReturnValue:
    """One row for each person at each institution, names masked as on the page; somebody answers for it first."""
    people = person_rows(session, asked, place, actor=current_actor())
    name, title = organisation.name if organisation else asked.division, gettext(asked.figure.title)
    return people_answer(
        PeopleFile(
            title=title,
            name=f"{title}-{name}-{asked.on.isoformat()}",
            headers=people_headers(),
            count=len(people),
            count_all=lambda: len(people),
            read=lambda: [cells_of_person(one) for one in people],
            about=question_lines(asked, name),
            subject_type="figure",
            subject_code=asked.figure.code,
            division_code=place_code(asked),
            facts=people_facts(asked, name),
            back=back,
        )
    )


def people_facts(asked: Asked, name: str) -> dict[str, Any]:
    """Which people, as the trail names them."""
    return {"what": "people", "place": name} | asked.values()


def place_code(asked: Asked) -> str:
    """The division that an entry belongs to: the reader's own where he asked for the nation."""
    return asked.division if asked.division != NATION else current_actor().division_code


def part_headers(figure: FigureDefinition) -> list[str]:
    """The columns of the parts."""
    return [
        gettext("代码"),
        gettext("名称"),
        gettext("入库机构数"),
        gettext("达标机构数"),
        gettext("分子（人）"),
        gettext("分母（人）"),
        gettext(figure.value_title),
        gettext("目标"),
        gettext("结论"),
        gettext("还需具备条件的现有人员"),
        gettext("或需新聘具备条件的人员"),
    ]


def people_headers() -> list[str]:
    """The columns of the people."""
    return [
        gettext("人员编号"),
        gettext("姓名"),
        gettext("机构"),
        gettext("服务场所"),
        gettext("岗位"),
        gettext("用工形式"),
        gettext("是否计入"),
        gettext("原因"),
        gettext("有效至（不含当日）"),
        gettext("到期原因"),
        gettext("示例数据"),
    ]


def place_name(reading: Reading) -> str:
    """The division or institution in a file's name."""
    return gettext("全国") if reading.code == NATION else reading.name


def _part_row(part: Part) -> list[Any]:
    name = gettext("未划入以上区划") if part.is_rest else part.name
    tally = part.institutions
    return [part.code, name, tally.listed, _reached(tally), *_share_cells(part)]


def _total_row(reading: Reading) -> list[Any]:
    tally = reading.institutions
    name = gettext("合计（同一人只计一次）")
    return [reading.code, name, tally.listed, _reached(tally), *_share_cells(reading)]


def _reached(tally: InstitutionTally) -> int | None:
    return None if tally.is_unjudged else tally.reached


def _share_cells(of: Part | Reading) -> list[Any]:
    one = of.share
    cells = [one.numerator, one.denominator, percent_text(one), target_text(one), verdict_word(one)]
    return [*cells, one.conversions_needed, one.hires_needed]


def cells_of_person(one: PersonRow) -> list[Any]:
    """One person in the order of `people_headers`."""
    row = one.row
    return [
        row.person.person_no,
        one.name,
        row.employer.name,
        joined(row.site_names),
        one.professions,
        one.engagements,
        standing_word(row.standing),
        spoken_message(row.reason),
        row.until,
        spoken_message(row.until_reason) if row.until_reason else None,
        row.person.is_example,
    ]


def _answer(asked: Asked, headers: Sequence[str], rows: Rows, *, name: str, what: str) -> Response:
    kind = asked_format()
    title = gettext(asked.figure.title)
    if kind == "csv":
        content = export_csv(headers, rows, gettext=gettext)
    else:
        about = _about(asked, name, len(rows))
        content = export_xlsx(headers, rows, title=title, about=about, gettext=gettext)
    record_export(asked, kind=kind, what=what, name=name, rows=len(rows))
    file_name = f"{title}-{name}-{asked.on.isoformat()}.{kind}"
    return send_file(BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=file_name)


def question_lines(asked: Asked, name: str) -> list[tuple[str, str]]:
    """What was asked, label by label."""
    return [
        (gettext("范围"), name),
        (gettext("统计日期"), asked.on.isoformat()),
        (gettext("口径"), gettext(asked.rule.title)),
        (gettext("口径说明"), gettext(asked.rule.explanation)),
        (gettext("依据"), gettext(asked.figure.clause)),
    ]


def _about(asked: Asked, name: str, rows: int) -> list[tuple[str, str]]:
    return [
        *question_lines(asked, name),
        (gettext("行数"), str(rows)),
        (gettext("导出人"), current_actor().name),
        (gettext("导出时间"), moment(utc_now())),
    ]


def record_export(asked: Asked, *, kind: str, what: str, name: str, rows: int) -> None:
    """One entry: which question, which place, how many rows in which form."""
    begin_writing()
    actor, trail = current_actor(), current_trail()
    record_entry(
        db.session(),
        trail=trail,
        at=utc_now(),
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.FIGURE_SEE,
        result=Result.DONE,
        subject_type="figure",
        subject_code=asked.figure.code,
        division_code=place_code(asked),
        facts={"format": kind, "what": what, "place": name, "rows": rows} | asked.values(),
    )
    db.session.commit()
