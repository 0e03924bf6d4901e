"""Goes through the records of a legacy .xls for what a reader of values does not tell, as `scanning` does in an .xlsx.

Whether the file is locked, which sheets, rows and columns are hidden, which cells compute or failed: [MS-XLS].
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.intake.tables import column_letter
from reports.workbooks.legacy import LegacyBroken
from reports.workbooks.scanning import Formula, SheetScan

_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
_FORMULA, _BOOLERR, _ROW, _COLINFO = 0x0006, 0x0205, 0x0208, 0x007D
_NUMBER, _RK, _MULRK, _LABEL, _LABELSST, _RSTRING = 0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD, 0x00D6
_FILLED = frozenset({_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK, _LABEL, _LABELSST, _RSTRING})
_CELL = struct.Struct("<HH")
_HEAD = 4
"""Bytes before the body of a record."""
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_WORKSHEET = 0


@dataclass(frozen=True)
class LegacySheet:
    """A worksheet as the workbook lists it."""

    name: str
    start: int
    """Where its records begin."""
    is_visible: bool


def is_locked(records: bytes) -> bool:
    """Whether the records are encrypted."""
    return any(kind == _FILEPASS for kind, _body in _records(records, 0))


def sheets(records: bytes) -> list[LegacySheet]:
    """Without charts and modules."""
    bodies = (body for kind, body in _records(records, 0) if kind == _BOUNDSHEET and len(body) > 8)
    return [_sheet(body) for body in bodies if body[5] == _WORKSHEET]


def _sheet(body: bytes) -> LegacySheet:
    start, state, length, is_wide = struct.unpack_from("<I", body)[0], body[4] & 3, body[6], body[7] & 1
    name = body[8 : 8 + length * (2 if is_wide else 1)].decode(
        "utf-16-le" if is_wide else "latin-1", "replace"
    )
    return LegacySheet(name, start, not state)


def filled(records: bytes, sheets: Iterable[LegacySheet]) -> set[str]:
    """The names of those of which any cell holds something; LegacyBroken where they are said to share their records.

    The sheets of a sound workbook lie one behind the other: together they are no longer than all its records.
    """
    left, found = len(records), set()
    for sheet in sheets:
        for kind, size, is_own in _walked(records, sheet.start):
            left -= size
            if left < 0:
                raise LegacyBroken("sheets overlap")
            if is_own and kind in _FILLED:
                found.add(sheet.name)
                break
    return found


def _walked(records: bytes, start: int) -> Iterator[tuple[int, int, bool]]:
    """Kind and bytes of each record of a substream, and whether it is the sheet's own."""
    depth = 0
    for kind, body in _records(records, start):
        depth += (kind == _BOF) - (kind == _EOF)
        yield kind, _HEAD + len(body), depth == 1


def scan(records: bytes, sheet: LegacySheet) -> SheetScan:
    """Go through a sheet once; the texts of its formulas stay in the records."""
    found = SheetScan()
    for kind, body in _own_records(records, sheet.start):
        if kind == _FORMULA and len(body) >= _CELL.size:
            found.formulas.append(_cell(body, ""))
        elif kind == _BOOLERR and len(body) >= 8 and body[7]:
            found.failures.append(_cell(body, _ERRORS.get(body[6], "#")))
        elif kind == _ROW and len(body) >= 13 and body[12] & _HIDDEN_ROW:
            found.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLINFO and len(body) >= 9 and body[8] & _HIDDEN_COLUMN:
            first, last = _CELL.unpack_from(body)
            found.hidden_columns.append((first + 1, last + 1))
    return found


def _cell(body: bytes, text: str) -> Formula:
    row, column = _CELL.unpack_from(body)
    return Formula(column_letter(column), row + 1, text)


def _own_records(records: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Those of a sheet itself: a chart on it keeps values of its own, which are no cells."""
    depth = 0
    for kind, body in _records(records, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, body


def _records(records: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream; charts inside it begin and end with records of their own."""
    place, depth = start, 0
    while place + 4 <= len(records):
        kind, length = struct.unpack_from("<HH", records, place)
        yield kind, records[place + 4 : place + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        place += 4 + length
