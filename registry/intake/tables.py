"""A table as it was read from a file: nothing is judged yet, everything can be pointed at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from registry.intake.problems import Problem
from registry.parsing import Cell, plain

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
    template_version: int = 0
    """Which version of it; 0 where the file does not say."""
    encoding: str = ""
    delimiter: str = ""
    mapping: Mapping[str, str] | None = None
    """The key of a column to the head that fills it, where somebody said so; then no other head is read."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The key of a column to words of the file and the words of ours that they stand for."""
    hidden: Sequence[tuple[str, str]] = ()
    """The signed lines of a file that was taken out of the register, see round_trip.py."""

    @cached_property
    def content(self) -> str:
        """The SHA-256 of what is read, head by head and cell by cell: a file saved anew has the same one."""
        digest = sha256("\x1f".join(self.headers).encode())
        for row in self.rows:
            digest.update(("\x1e" + "\x1f".join(map(plain, row.cells))).encode())
        return digest.hexdigest()


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
