"""A table as it was read from a file: nothing is judged yet, everything can be pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from registry.intake.problems import Problem

Cell = str | int | float | date | datetime | time | timedelta
"""What a reader gives; an empty cell is the empty string."""

SHOWN_LENGTH = 60
REASON_HEADERS = ("问题与改法", "Problems and remedies")
"""Heads of the column that an annotated file carries: it is read over when the file comes back."""


class TableFormat(StrEnum):
    """The format that the file came in, and that its annotated copy goes back in."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


class RawRow(NamedTuple):
    """One row that is not blank; `number` is the row's own in the file, counted from 1."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True)
class RawTable:
    """One sheet or one delimited file."""

    file_name: str
    sha256: str
    format: TableFormat
    sheet: str
    header_row: int
    headers: tuple[str, ...]
    rows: Sequence[RawRow]
    """Every row has as many cells as there are headers."""
    problems: tuple[Problem, ...] = ()
    """What the reader found: formulas, merged cells, sheets left unread."""
    template: str = ""
    """The kind of our own template, where the file is made from one."""
    encoding: str = ""
    delimiter: str = ""


def column_letter(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown(cell: Cell) -> str:
    """A cell as a person reads it in the file, cut to a length that fits a page."""
    text = plain(cell)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def plain(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, dates as 2026-11-23."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return str(cell)
