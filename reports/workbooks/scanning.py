"""Goes through the text of a sheet before its values are read.

A reader of values does not tell which cells compute, and lays a sheet out as a rectangle: two far cells would make it
a huge one.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

MAX_COLUMNS = 50
MAX_ROW = 400_000
"""Twice the rows of one load: up to here a file that is too long is told by its count of rows."""

_ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
_FAR_COLUMN = rb"(?:[A-Z]{3}|[B-Z][A-Z]|A[YZ])"  # right of AX, the fiftieth
_FAR_ROW = rb"(?:[4-9]\d{5}|\d{7,})"
_FAR = rb"[\"'](" + _FAR_COLUMN + rb"\d+|[A-Z]{1,2}" + _FAR_ROW + rb")[\"']"
_HIDDEN_MARK = re.compile(rb"hidden=[\"'](?:1|true)[\"']")
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\s(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])(?:[^>]*?\s)?r=[\"'](\d{1,7})[\"']"
)
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\s(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])[^>]*>")
_EDGES = tuple(re.compile(rb"\b" + name + rb"=[\"'](\d{1,5})[\"']") for name in (b"min", b"max"))
_FAILURE_MARK = re.compile(rb"t=[\"']e[\"']")
_PERHAPS_FAR = re.compile(rb"r=" + _FAR + rb"|r=[\"']" + _FAR_ROW + rb"[\"']")


@dataclass(frozen=True)
class Formula:
    """A cell that computes, and how; the text is empty where it shares another cell's formula."""

    column: str
    row: int
    text: str


@dataclass
class SheetScan:
    """What the text of a sheet says."""

    formulas: list[Formula] = field(default_factory=list)
    failures: list[Formula] = field(default_factory=list)
    """Cells that hold an error value such as #N/A, which a reader of values takes for empty."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last, counted from 1."""
    far_cell: str = ""
    """A filled cell, or a row with cells, beyond what is read: such as BA7, or 1048576."""


@dataclass(frozen=True)
class Patterns:
    """What to look for; a few writers put a prefix before every name."""

    opening: bytes
    far_cell: re.Pattern[bytes]
    formula_mark: bytes
    formula: re.Pattern[bytes]
    failure: re.Pattern[bytes]


@lru_cache
def patterns(prefix: bytes) -> Patterns:
    """The patterns under a prefix, which is usually empty."""
    cell = rb"<" + prefix + rb"c\s(?:[^>]*?\s)?r="
    place = rb"[\"']([A-Z]+)(\d+)[\"']"
    content = rb"[^>]*(?<!/)>"  # a cell that only has a style ends at once
    return Patterns(
        opening=b"<" + prefix + b"c ",
        far_cell=re.compile(
            cell
            + _FAR
            + content
            + rb"|<"
            + prefix
            + rb"row\s(?:[^>]*?\s)?r=[\"']("
            + _FAR_ROW
            + rb")[\"']"
            + content
        ),
        formula_mark=b"<" + prefix + b"f",
        formula=re.compile(cell + place + content + rb"\s*<" + prefix + rb"f(?:\s[^>]*?)?(?:/>|>([^<]*)<)"),
        failure=re.compile(cell + place + rb"[^>]*?\bt=[\"']e[\"'][^>]*>\s*<" + prefix + rb"v>([^<]*)<"),
    )


def scan(chunks: Iterable[bytes]) -> SheetScan:
    """Go through a sheet once, a megabyte at a time; the rare marks are looked for first, since every cell costs."""
    found = SheetScan()
    for text, wanted in _whole_cells(chunks):
        if wanted.formula_mark in text:
            found.formulas += [_formula(*parts) for parts in wanted.formula.findall(text)]
        if _FAILURE_MARK.search(text):
            found.failures += [_formula(*parts) for parts in wanted.failure.findall(text)]
        if _HIDDEN_MARK.search(text):
            found.hidden_rows += map(int, _HIDDEN_ROW.findall(text))
            found.hidden_columns += _hidden_columns(text)
        if not found.far_cell and _PERHAPS_FAR.search(text):
            far = wanted.far_cell.search(text)
            found.far_cell = (far.group(1) or far.group(2)).decode() if far else ""
    return found


def _hidden_columns(text: bytes) -> Iterator[tuple[int, int]]:
    for tag in _HIDDEN_COLUMN.findall(text):
        first, last = (edge.search(tag) for edge in _EDGES)
        if first and last:
            yield int(first.group(1)), int(last.group(1))


def _whole_cells(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, Patterns]]:
    """Texts that end between two cells, with what to look for in them."""
    rest = b""
    wanted: Patterns | None = None
    for chunk in chunks:
        text = rest + chunk
        if wanted is None:
            root = _ROOT.search(text)
            wanted = patterns(root.group(1) or b"" if root else b"")
        cut = text.rfind(wanted.opening)
        rest = text[cut:] if cut > 0 else b""
        yield text[: cut if cut > 0 else None], wanted
    if wanted is not None:
        yield rest, wanted


def _formula(column: bytes, row: bytes, text: bytes) -> Formula:
    return Formula(column.decode(), int(row), html.unescape(text.decode("utf-8", "replace")))
