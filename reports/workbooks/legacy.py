"""Looks into a compound file: legacy .xls workbooks and encrypted packages; the layout is [MS-CFB].

What the records of a workbook say is in legacy_sheets.py.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR = 0xFFFFFFFA
_HEADER_SECTORS = 109
_DIRECTORY_ENTRY = 128
_STREAM = 2


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
