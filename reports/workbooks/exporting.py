"""Writes lists as files: rows stream through, so that a long list costs no memory.

A workbook says its scope, filters and time on a second sheet; a delimited file is rows and nothing else, so that
whatever reads it finds exactly what was listed.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from registry.clock import SHANGHAI
from registry.messages import Gettext
from reports.workbooks.cells import CellWriter
from reports.workbooks.delimited import guarded
from reports.workbooks.sheets import NEUTRAL

MAX_SHEET_NAME = 31
UNNAMED = "Sheet1"
LONGEST_MARK = 200
MIN_WIDTH, MAX_WIDTH = 10, 40
_FORBIDDEN_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")


@dataclass(frozen=True)
class Watermark:
    """What a printed page says of itself: how it is to be treated, and who took it when."""

    above: str
    below: str


def export_xlsx(
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    about: Sequence[tuple[str, str]],
    gettext: Gettext,
    mark: Watermark | None = None,
) -> bytes:
    """One sheet of rows under its header, and one that says what they are: `about` holds labels and values.

    `mark` stands at the head and the foot of every page that is printed of them.
    """
    data = BytesIO()
    workbook = xlsxwriter.Workbook(data, NEUTRAL | {"constant_memory": True})
    _ = gettext
    sheet = workbook.add_worksheet(sheet_name(title))
    yes_and_no = (_("是"), _("否"))
    heads = CellWriter(
        workbook, yes_and_no=yes_and_no, look={"bold": True, "bg_color": "#E8EEF4", "border": 1}
    )
    cells = CellWriter(workbook, yes_and_no=yes_and_no)
    for place, header in enumerate(headers):
        sheet.set_column(place, place, min(MAX_WIDTH, max(MIN_WIDTH, 2 * len(header) + 2)))
        heads.write(sheet, 0, place, header)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            cells.write(sheet, number, place, value)
    add_about(workbook, _("导出说明"), [(_("名称"), title), *about], cells)
    if mark is not None:
        mark_pages(workbook, mark)
    workbook.close()
    return data.getvalue()


def sheet_name(title: str, *, beside: Iterable[str] = ()) -> str:
    """What a spreadsheet program takes for the name of a sheet, and none of the names `beside` it in any case."""
    name = title.translate(_FORBIDDEN_IN_NAMES)[:MAX_SHEET_NAME] or UNNAMED
    taken = {other.casefold() for other in beside}
    further = (f"{name[: MAX_SHEET_NAME - 3]}_{number}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *further) if free.casefold() not in taken)


def mark_pages(workbook: Any, mark: Watermark) -> None:
    """The watermark at the head and the foot of every page."""
    for sheet in workbook.worksheets():
        sheet.set_header(f"&C{_plain(mark.above)}")
        sheet.set_footer(f"&L{_plain(mark.below)}&R&P / &N")


def _plain(text: str) -> str:
    """A header takes & for a command, and no more than 255 signs."""
    return text.replace("&", "&&")[:LONGEST_MARK]


def add_about(workbook: Any, name: str, lines: Sequence[tuple[str, str]], cells: CellWriter) -> None:
    """A sheet of labels and values."""
    sheet = workbook.add_worksheet(name[:MAX_SHEET_NAME])
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 80)
    for row, line in enumerate(lines):
        for place, text in enumerate(line):
            cells.write(sheet, row, place, text)


def export_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, gettext: Gettext) -> bytes:
    """UTF-8 with a byte-order mark, which spreadsheet programs need; text that looks like a formula is guarded."""
    text = StringIO()
    writer = csv.writer(text)
    yes_and_no = (gettext("是"), gettext("否"))
    writer.writerow(map(guarded, headers))
    writer.writerows([_as_text(value, yes_and_no) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _as_text(value: Any, yes_and_no: tuple[str, str]) -> Any:
    """Numbers stay numbers, so that a negative one is not taken for a formula."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return yes_and_no[0 if value else 1]
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else value.astimezone(SHANGHAI)
        return f"{local:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value
