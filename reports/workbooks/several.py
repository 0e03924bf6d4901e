"""A workbook of several lists, one a sheet, with a last sheet that says what they are."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from registry.messages import Gettext
from reports.workbooks.cells import CellWriter
from reports.workbooks.exporting import Watermark, add_about, mark_pages, sheet_name
from reports.workbooks.sheets import NEUTRAL

HEAD = {"bold": True, "bg_color": "#E8EEF4", "border": 1}
NARROWEST, WIDTH_OF_SHEET = 10, 120
"""Characters."""

Sheet = tuple[str, Sequence[tuple[str, float]], Sequence[Sequence[Any]]]
"""Title, heads with their part of the width in percent, rows."""


def workbook_of(
    sheets: Sequence[Sheet],
    *,
    about: Sequence[tuple[str, str]],
    gettext: Gettext,
    mark: Watermark | None = None,
) -> bytes:
    """The bytes; `mark` stands at the head and the foot of every page that is printed."""
    data = BytesIO()
    workbook = xlsxwriter.Workbook(data, NEUTRAL)
    yes_and_no = (gettext("是"), gettext("否"))
    heads = CellWriter(workbook, yes_and_no=yes_and_no, look=HEAD)
    cells = CellWriter(workbook, yes_and_no=yes_and_no)
    for title, columns, rows in sheets:
        sheet = workbook.add_worksheet(sheet_name(title))
        for place, (label, share) in enumerate(columns):
            sheet.set_column(place, place, max(NARROWEST, round(share / 100 * WIDTH_OF_SHEET)))
            heads.write(sheet, 0, place, label)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                cells.write(sheet, number, place, value)
    add_about(workbook, gettext("导出说明"), about, cells)
    if mark is not None:
        mark_pages(workbook, mark)
    workbook.close()
    return data.getvalue()
