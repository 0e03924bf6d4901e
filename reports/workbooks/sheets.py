"""What templates and annotated copies share: how a column of a kind looks in a sheet, with its hints and drop-down."""

from collections.abc import Mapping
from typing import Any

from registry.intake.declaration import Column, WorkbookKind
from registry.intake.tables import column_letter
from registry.messages import Named
from registry.parsing import day, integer, year
from reports.workbooks.values import MARKER_SHEET

LAST_ROW = 200_000
"""Drop-downs and formats reach as far as one load does."""

DATE_FORMAT = "yyyy-mm-dd"
TIME_FORMAT = "yyyy-mm-dd hh:mm"
TEXT_FORMAT = "@"
GENERAL_FORMAT = "General"
MAX_TITLE, MAX_HINT = 32, 255
"""Characters that a spreadsheet program shows when a cell is entered."""

NEUTRAL = {"constant_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
"""Options of a workbook: what is text stays text."""


def word(named: Named, locale: str) -> str:
    """The word of a language."""
    return named.zh if locale == "zh" else named.en


def hint(column: Column, locale: str) -> str:
    """How to fill a column."""
    return column.hint_zh if locale == "zh" else column.hint_en


def number_format(column: Column) -> str:
    """Text stays as typed (leading zeros, 18 digits); dates show as dates."""
    if column.parse is day:
        return DATE_FORMAT
    if column.parse in (integer, year) or column.key in ("latitude", "longitude"):
        return GENERAL_FORMAT
    return TEXT_FORMAT


def add_lists(workbook: Any, kind: WorkbookKind[Any], locale: str) -> dict[str, str]:
    """Write the hidden sheet (kind, version, lists); gives for each column with choices the range of its list."""
    sheet = workbook.add_worksheet(MARKER_SHEET)
    sheet.very_hidden()
    sheet.write_string(0, 0, kind.code)
    sheet.write_number(1, 0, kind.version)
    ranges = {}
    for place, column in enumerate((column for column in kind.columns if column.choices), start=1):
        for row, choice in enumerate(column.choices):
            sheet.write_string(row, place, word(choice, locale))
        letter = column_letter(place)
        ranges[column.key] = f"='{MARKER_SHEET}'!${letter}$1:${letter}${len(column.choices)}"
    return ranges


def add_entry_help(
    sheet: Any, place: int, column: Column, *, first_row: int, ranges: Mapping[str, str], locale: str
) -> None:
    """The hint that shows when a cell is entered, and the drop-down where the column has one; rows count from 0."""
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": word(column, locale)[:MAX_TITLE],
        "input_message": hint(column, locale)[:MAX_HINT],
    }
    if column.key in ranges:
        rule |= {"validate": "list", "source": ranges[column.key], "ignore_blank": True}
    sheet.data_validation(first_row, place, LAST_ROW, place, rule)
