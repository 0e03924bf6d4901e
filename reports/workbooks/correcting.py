"""A correction for another system: their own rows in their own columns, with what they should change put right.

It goes back in the format that the export came in, a .csv in its encoding and with its delimiter; a legacy .xls as
.xlsx. Only rows that they have to change are in it. A cell that was put right is yellow in a workbook; columns at
the end say what stood there, what it is taken from, and which system the rows are from.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO

import xlsxwriter

from registry.intake.tables import TableFormat
from registry.messages import Gettext
from registry.parsing import Cell, plain
from reports.workbooks.cells import CellWriter
from reports.workbooks.delimited import guarded
from reports.workbooks.exporting import Watermark, add_about, mark_pages, sheet_name
from reports.workbooks.sheets import NEUTRAL

NOTE_WIDTH, OTHER_WIDTH = 60, 16


@dataclass(frozen=True)
class CorrectedRow:
    """One row to change, to add or to take off."""

    cells: Sequence[Cell]
    note: str
    changed: frozenset[int] = frozenset()
    """Places of the cells that were put right."""
    source: str = ""
    """What the cells that were put right are taken from."""


@dataclass(frozen=True)
class CorrectionFile:
    """All of it."""

    format: TableFormat
    sheet: str
    headers: Sequence[str]
    rows: Sequence[CorrectedRow]
    note_heads: tuple[str, str]
    """Of the note and of the source, after their columns."""
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    more: Mapping[str, str] = field(default_factory=dict)
    """Heads of further columns at the end, and what stands in each row of them."""

    @property
    def suffix(self) -> str:
        """The ending of its name."""
        return "csv" if self.format is TableFormat.CSV else "xlsx"


def corrections_csv(file: CorrectionFile) -> bytes:
    """In their encoding; what that has no sign for is written as a question mark."""
    text = StringIO()
    writer = csv.writer(text, delimiter=file.delimiter or ",")
    writer.writerow([guarded(head) for head in (*file.headers, *file.note_heads, *file.more)])
    for row in file.rows:
        cells = [guarded(plain(cell)) for cell in row.cells]
        writer.writerow([*cells, *map(guarded, (row.note, row.source, *file.more.values()))])
    return text.getvalue().encode(file.encoding or "utf-8-sig", errors="replace")


def corrections_xlsx(
    file: CorrectionFile, *, about: Sequence[tuple[str, str]], gettext: Gettext, mark: Watermark | None = None
) -> bytes:
    """Their sheet by its name, and one that says what the file is."""
    _ = gettext
    data = BytesIO()
    workbook = xlsxwriter.Workbook(data, NEUTRAL | {"constant_memory": True})
    about_name = _("更正说明")
    sheet = workbook.add_worksheet(sheet_name(file.sheet, beside=(about_name,)))
    words = (_("是"), _("否"))
    heads = CellWriter(workbook, yes_and_no=words, look={"bold": True, "bg_color": "#E8EEF4", "border": 1})
    clean = CellWriter(workbook, yes_and_no=words)
    yellow = CellWriter(workbook, yes_and_no=words, look={"bg_color": "#FFF2A8"})
    note_place = len(file.headers)
    sheet.set_column(0, note_place - 1, OTHER_WIDTH)
    sheet.set_column(note_place, note_place + 1, NOTE_WIDTH)
    for place, title in enumerate((*file.headers, *file.note_heads, *file.more)):
        heads.write(sheet, 0, place, title)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(file.rows, start=1):
        for place, cell in enumerate(row.cells):
            (yellow if place in row.changed else clean).write(sheet, number, place, cell)
        for place, said in enumerate((row.note, row.source, *file.more.values()), start=note_place):
            clean.write(sheet, number, place, said)
    add_about(workbook, about_name, about, clean)
    if mark is not None:
        mark_pages(workbook, mark)
    workbook.close()
    return data.getvalue()
