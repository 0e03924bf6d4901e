"""往返文件: rows of the register in the columns of the template, to be changed in a spreadsheet program."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from typing import Any

import xlsxwriter

from registry.intake.declaration import WorkbookKind
from registry.intake.parsers import YES_AND_NO
from registry.intake.round_trip import HiddenLine
from registry.messages import Gettext
from registry.vocabulary import term
from reports.workbooks.cells import CellWriter
from reports.workbooks.exporting import Watermark, mark_pages
from reports.workbooks.sheets import NEUTRAL, word
from reports.workbooks.templates import add_data_sheet, add_notes
from reports.workbooks.values import BASE_SHEET


def round_trip_xlsx(
    kind: WorkbookKind[Any],
    rows: Iterable[Mapping[str, Any]],
    hidden: Sequence[HiddenLine],
    *,
    about: Sequence[tuple[str, str]],
    locale: str,
    gettext: Gettext,
    mark: Watermark | None = None,
) -> bytes:
    """Each row by the keys of the columns; a column that is sealed is empty, and an empty cell changes nothing."""
    data = BytesIO()
    workbook = xlsxwriter.Workbook(data, NEUTRAL)
    sheet = add_data_sheet(workbook, kind, locale)
    cells = CellWriter(workbook, yes_and_no=(word(YES_AND_NO[0], locale), word(YES_AND_NO[1], locale)))
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(kind.columns):
            if not column.is_sealed:
                cells.write(sheet, number, place, _written(row.get(column.key), locale))
    add_notes(workbook, kind, locale, gettext, about)
    add_hidden(workbook, hidden)
    if mark is not None:
        mark_pages(workbook, mark)
    workbook.close()
    return data.getvalue()


def add_hidden(workbook: Any, hidden: Sequence[HiddenLine]) -> None:
    """The signed lines, on a sheet that no menu of a spreadsheet program shows."""
    sheet = workbook.add_worksheet(BASE_SHEET)
    sheet.very_hidden()
    for row, line in enumerate(hidden):
        for place, text in enumerate(line):
            sheet.write_string(row, place, text)


def _written(value: Any, locale: str) -> Any:
    return word(term(value), locale) if isinstance(value, StrEnum) else value
