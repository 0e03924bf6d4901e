"""Gives a file back with its problems marked, in the format it came in, so that it can be mended and sent again.

An .xlsx has its faulty cells in yellow with a comment, its drop-downs, and the reasons in a last column; a .csv has the
last column. Rows stay where they were, so that row numbers keep their meaning.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from registry.intake.columns import places_of
from registry.intake.declaration import WorkbookKind
from registry.intake.identifiers import without_identity_number
from registry.intake.preview import Preview
from registry.intake.problems import Problem, Severity
from registry.intake.tables import REASON_HEADERS, RawRow, RawTable, TableFormat, column_letter
from registry.messages import Gettext, paragraph
from registry.parsing import Cell, plain
from reports.workbooks.cells import CellWriter
from reports.workbooks.delimited import guarded
from reports.workbooks.exporting import sheet_name
from reports.workbooks.round_trip import add_hidden
from reports.workbooks.sheets import NEUTRAL, add_entry_help, add_lists
from reports.workbooks.values import BASE_SHEET, MARKER_SHEET

CSV = "text/csv"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

OUR_SHEETS = (MARKER_SHEET, BASE_SHEET)
MAX_COMMENTS = 1_000
"""More would make the file slow to open; the last column names every problem."""

MAX_REASON = 32_000
"""A cell of a workbook holds 32,767 characters."""

TRUE_AND_FALSE = ("TRUE", "FALSE")
REASON_WIDTH = 60
OTHER_WIDTH = 14


@dataclass(frozen=True)
class Notes:
    """The problems of a file as sentences, by row and by cell."""

    of_row: Mapping[int, str]
    of_cell: Mapping[tuple[int, str], str]
    errors: frozenset[tuple[int, str]]
    sealed: frozenset[int]
    """Places of the columns that are sealed: only the cells themselves hold what was typed there."""


@dataclass(frozen=True)
class AnnotatedCopy:
    """A file to give back."""

    data: bytes
    suffix: str
    mimetype: str


def annotated(found: Preview, *, locale: str, gettext: Gettext) -> AnnotatedCopy:
    """The file with its reasons; legacy .xls comes back as .xlsx."""
    notes = _notes(found, locale, gettext)
    header = REASON_HEADERS[0 if locale == "zh" else 1]
    if found.table.format is TableFormat.CSV:
        return AnnotatedCopy(_annotated_csv(found.kind, found.table, notes, header), "csv", CSV)
    return AnnotatedCopy(_annotated_xlsx(found.kind, found.table, notes, header, locale), "xlsx", WORKBOOK)


def reason_place(table: RawTable) -> int:
    """An earlier reason column is written over; without one it comes after the last column."""
    known = (place for place, head in enumerate(table.headers) if head in REASON_HEADERS)
    return next(known, len(table.headers))


def _notes(found: Preview, locale: str, gettext: Gettext) -> Notes:
    """What concerns the file or its header stands beside the first row."""
    table, problems = found.table, found.problems
    sealed = {column.key for column in found.kind.columns if column.is_sealed}
    of_row: dict[int, list[str]] = defaultdict(list)
    of_cell: dict[tuple[int, str], list[str]] = defaultdict(list)
    first = table.rows[0].number
    for problem in problems:
        sentence = paragraph((problem.message, problem.remedy), gettext, locale)
        of_row[max(problem.row, first)].append(_placed(problem, sentence, gettext))
        if problem.row and problem.column:
            of_cell[problem.row, problem.column].append(sentence)
    return Notes(
        of_row={row: "\n".join(sentences)[:MAX_REASON] for row, sentences in of_row.items()},
        of_cell={place: "\n".join(sentences) for place, sentences in of_cell.items()},
        errors=frozenset(
            (problem.row, problem.column) for problem in problems if problem.severity is Severity.ERROR
        ),
        sealed=frozenset(place for key, place in places_of(found.kind, table).items() if key in sealed),
    )


def _placed(problem: Problem, sentence: str, _: Gettext) -> str:
    places = {"column": problem.column, "header": problem.header, "sentence": sentence}
    if problem.column:
        pattern = _("%(column)s列“%(header)s”：%(sentence)s")
    else:
        pattern = _("“%(header)s”：%(sentence)s") if problem.header else "%(sentence)s"
    line = pattern % places
    return line if problem.severity is Severity.ERROR else _("（提示）%(line)s") % {"line": line}


def _annotated_csv(kind: WorkbookKind[Any], table: RawTable, notes: Notes, header: str) -> bytes:
    text = StringIO()
    writer = csv.writer(text, delimiter=table.delimiter)
    writer.writerows([] for _number in range(1, table.header_row))
    place = reason_place(table)
    writer.writerow(_with_reason(table.headers, place, header))
    written = table.header_row
    for row in table.rows:
        writer.writerows([] for _number in range(written + 1, row.number))
        cells = [guarded(plain(cell)) for cell in _shown(kind, row, notes)]
        writer.writerow(_with_reason(cells, place, notes.of_row.get(row.number, "")))
        written = row.number
    return text.getvalue().encode(table.encoding)


def _with_reason(cells: Sequence[str], place: int, reason: str) -> list[str]:
    return [*cells[:place], reason, *cells[place + 1 :]]


def _shown(kind: WorkbookKind[Any], row: RawRow, notes: Notes) -> list[Cell]:
    """The cells as they are given back: an identity number leaves the house again only where it belongs."""
    if not kind.holds_people or row.number not in notes.of_row:
        return list(row.cells)
    return [
        cell if place in notes.sealed else without_identity_number(cell)
        for place, cell in enumerate(row.cells)
    ]


def _annotated_xlsx(
    kind: WorkbookKind[Any], table: RawTable, notes: Notes, header: str, locale: str
) -> bytes:
    data = BytesIO()
    workbook = xlsxwriter.Workbook(data, NEUTRAL | {"constant_memory": True})
    sheet = workbook.add_worksheet(sheet_name(table.sheet, beside=OUR_SHEETS))
    _lay_out(workbook, sheet, kind, table, locale)
    place = reason_place(table)
    bold = CellWriter(
        workbook, yes_and_no=TRUE_AND_FALSE, look={"bold": True, "bg_color": "#E8EEF4", "border": 1}
    )
    for column, head in enumerate(_with_reason(table.headers, place, header)):
        bold.write(sheet, table.header_row - 1, column, head)
    plain_cells = CellWriter(workbook, yes_and_no=TRUE_AND_FALSE)
    yellow_cells = CellWriter(workbook, yes_and_no=TRUE_AND_FALSE, look={"bg_color": "#FFF2A8"})
    for row in table.rows:
        for column, cell in enumerate(_shown(kind, row, notes)):
            is_faulty = (
                (row.number, column_letter(column)) in notes.errors if row.number in notes.of_row else False
            )
            if column != place:
                (yellow_cells if is_faulty else plain_cells).write(sheet, row.number - 1, column, cell)
        plain_cells.write(sheet, row.number - 1, place, notes.of_row.get(row.number, ""))
    if table.hidden:
        add_hidden(workbook, table.hidden)
    for (number, letter), sentence in list(notes.of_cell.items())[:MAX_COMMENTS]:
        sheet.write_comment(f"{letter}{number}", sentence, {"x_scale": 2})
    workbook.close()
    return data.getvalue()


def _lay_out(workbook: Any, sheet: Any, kind: WorkbookKind[Any], table: RawTable, locale: str) -> None:
    """Widths, drop-downs and hints as in the template."""
    ranges = add_lists(workbook, kind, locale)
    by_place = {place: key for key, place in places_of(kind, table).items()}
    columns = {column.key: column for column in kind.columns}
    for place in range(len(table.headers)):
        column = columns.get(by_place.get(place, ""))
        sheet.set_column(place, place, column.width if column else OTHER_WIDTH)
        if column:
            add_entry_help(sheet, place, column, first_row=table.header_row, ranges=ranges, locale=locale)
    sheet.set_column(reason_place(table), reason_place(table), REASON_WIDTH)
    sheet.freeze_panes(table.header_row, 0)
