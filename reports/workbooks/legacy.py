"""Looks into a compound file: legacy .xls workbooks and encrypted packages.

Only what a reader of values does not tell: whether the file is locked, and which cells of a sheet hold formulas.
Layouts: [MS-CFB] for the container, [MS-XLS] for the records.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from registry.intake.tables import column_letter
from reports.workbooks.scanning import Formula

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR = 0xFFFFFFFA
_HEADER_SECTORS = 109
_DIRECTORY_ENTRY = 128
_STREAM = 2
_CELL = struct.Struct("<HH")
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _FORMULA = 0x0809, 0x000A, 0x0085, 0x002F, 0x0006


class LegacyBroken(Exception):
    """Not a compound file of a workbook, or cut off."""


@dataclass(frozen=True)
class Compound:
    """A container of streams, by the table of its sectors."""

    data: bytes
    sector: int
    table: tuple[int, ...]
    entries: dict[str, tuple[int, int]]
    """Name of a stream to its first sector and size."""

    @classmethod
    def open(cls, data: bytes) -> "Compound":
        """Raises LegacyBroken."""
        try:
            sector = 1 << struct.unpack_from("<H", data, 30)[0]
            table = _sector_table(data, sector)
            first_directory = struct.unpack_from("<I", data, 48)[0]
            directory = b"".join(_sectors(data, sector, table, first_directory))
        except (struct.error, OverflowError) as error:
            raise LegacyBroken from error
        return cls(data, sector, table, dict(_entries(directory)))

    @property
    def is_encrypted_package(self) -> bool:
        """An .xlsx with a password is wrapped into a compound file."""
        return "EncryptedPackage" in self.entries

    def workbook(self) -> bytes:
        """The stream of records; raises LegacyBroken where there is none."""
        first, size = self.entries.get("Workbook") or self.entries.get("Book") or (0, 0)
        if not size:
            raise LegacyBroken
        return b"".join(_sectors(self.data, self.sector, self.table, first))[:size]


def is_locked(records: bytes) -> bool:
    """Whether the records are encrypted."""
    return any(kind == _FILEPASS for kind, _body in _records(records, 0))


def formulas(records: bytes, sheet: str) -> list[Formula]:
    """The cells of a sheet that compute; their texts stay in the records."""
    start = _sheet_start(records, sheet)
    if start is None:
        return []
    bodies = [body for kind, body in _records(records, start) if kind == _FORMULA and len(body) >= _CELL.size]
    cells = [_CELL.unpack_from(body) for body in bodies]
    return [Formula(column_letter(column), row + 1, "") for row, column in cells]


def _sheet_start(records: bytes, sheet: str) -> int | None:
    for kind, body in _records(records, 0):
        if kind == _BOUNDSHEET and len(body) > 8:
            start, length, is_wide = struct.unpack_from("<I", body)[0], body[6], body[7] & 1
            name = body[8 : 8 + length * (2 if is_wide else 1)].decode(
                "utf-16-le" if is_wide else "latin-1", "replace"
            )
            if name == sheet:
                return int(start)
    return None


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


def _sector_table(data: bytes, sector: int) -> tuple[int, ...]:
    """The table says for each sector which one follows; where its own sectors lie, header and extension say."""
    extension, count = struct.unpack_from("<II", data, 68)
    places = list(struct.unpack_from(f"<{_HEADER_SECTORS}I", data, 76))
    for _step in range(min(count, len(data) // sector)):
        block = struct.unpack_from(f"<{sector // 4}I", data, (extension + 1) * sector)
        places += block[:-1]
        extension = block[-1]
    table: list[int] = []
    for place in places:
        if place < _LAST_SECTOR:
            table += struct.unpack_from(f"<{sector // 4}I", data, (place + 1) * sector)
    return tuple(table)


def _sectors(data: bytes, sector: int, table: tuple[int, ...], first: int) -> Iterator[bytes]:
    place = first
    for _step in range(len(table)):  # a chain that bites its tail ends with the table
        if place >= len(table):
            return
        yield data[(place + 1) * sector : (place + 2) * sector]
        place = table[place]


def _entries(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    for start in range(0, len(directory) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
        length, kind = struct.unpack_from("<HB", directory, start + 64)
        if kind == _STREAM and 2 <= length <= 64:
            name = directory[start : start + length - 2].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", directory, start + 116)
            yield name, (first, size)
