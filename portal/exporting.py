"""A list as a file: exactly the rows that the page counts, and an entry in the trail that says who took them."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from io import BytesIO
from typing import Any

from flask import Response, request, send_file
from flask_babel import gettext

from portal.extensions import begin_writing, db
from portal.formatting import language, moment, percent, word, word_within
from portal.frame import place_name
from portal.listing import PLACES
from portal.security import current_actor, current_trail
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.clock import utc_now
from registry.errors import InvalidInput
from registry.listing import Question, Row
from registry.messages import N_, message
from reports.workbooks.exporting import export_csv, export_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIME_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}

Shown = Mapping[str, Callable[[Row], Any]]
"""Columns that a reader does not see as they are stored: masked names, shares beside their target."""

SHARES: Shown = {
    "share": lambda row: percent(row.share, row.target),
    "target": lambda row: percent(row.target),
}


def export_answer(question: Question, *, title: str, action: Action, shown: Shown = SHARES) -> Response:
    """The file that the address asks for; read first and entered in the trail last, so that no writer waits for it."""
    kind = asked_format()
    rows = [list(row) for row in shown_rows(question, shown)]
    headers = file_headers(question)
    if kind == "csv":
        content = export_csv(headers, rows, gettext=gettext)
    else:
        about = about_lines(question, len(rows))
        content = export_xlsx(headers, rows, title=title, about=about, gettext=gettext)
    record_export(question, action=action, kind=kind, rows=len(rows))
    name = f"{title}-{question.on.isoformat()}.{kind}"
    return send_file(BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name)


def asked_format() -> str:
    """xlsx or csv; InvalidInput for anything else."""
    kind = request.args.get("format", "xlsx")
    if kind not in MIME_TYPES:
        raise InvalidInput("format", message(N_("导出格式“%(value)s”应为xlsx或csv。"), value=kind[:20]))
    return kind


def shown_rows(question: Question, shown: Shown) -> Iterator[Iterator[Any]]:
    """Every row as the columns of the file show it."""
    keys = [key for key, _label in question.listing.labels]
    for row in question.every_row(db.session()):
        yield (shown[key](row) if key in shown else cell(getattr(row, key)) for key in keys)


def cell(value: Any) -> Any:
    """A value as a file holds it: words instead of stored texts, several values in one cell."""
    if isinstance(value, StrEnum):
        return word_within(value)
    if isinstance(value, tuple):
        return ("、" if language() == "zh" else ", ").join(str(cell(part)) for part in value)
    return percent(value) if isinstance(value, Fraction) else value


def file_headers(question: Question) -> list[str]:
    """The heads of the columns of a file."""
    return [gettext(label) for _key, label in question.listing.labels]


def question_lines(question: Question) -> list[tuple[str, str]]:
    """What was asked: the filters and the day."""
    labels = {item.key: item for item in question.listing.filters}
    lines = [
        (gettext(labels[key].label), filter_word(labels[key], typed)) for key, typed in question.typed.items()
    ]
    return [*lines, (gettext("统计日期"), question.on.isoformat())]


def about_lines(question: Question, rows: int) -> list[tuple[str, str]]:
    """What the file is: its filters, its day, who made it and when."""
    return [
        *question_lines(question),
        (gettext("行数"), str(rows)),
        (gettext("导出人"), current_actor().name),
        (gettext("导出时间"), moment(utc_now())),
    ]


def filter_word(item: Any, typed: str) -> str:
    """A filter's value in words where it has any: a division by its name and code."""
    if item.key in PLACES:
        return f"{place_name(typed) or gettext('全国')}（{typed}）"
    return word(item.parse(typed)) if item.choices else typed


def record_export(question: Question, *, action: Action, kind: str, rows: int) -> None:
    """One entry: which list, which filters, how many rows."""
    begin_writing()
    actor, trail = current_actor(), current_trail()
    record_entry(
        db.session(),
        trail=trail,
        at=utc_now(),
        actor_code=actor.code,
        actor_name=actor.name,
        action=action,
        result=Result.DONE,
        subject_type="listing",
        subject_code=question.listing.key,
        division_code=question.typed.get("division", actor.division_code),
        facts={"format": kind, "rows": rows, "filters": dict(question.typed), "on": question.on.isoformat()},
    )
    db.session.commit()
