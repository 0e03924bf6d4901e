"""Writes legacy .xls files for tests: one sheet of texts and numbers, [MS-XLS] BIFF8 in an [MS-CFB] container."""

import struct
from collections.abc import Sequence

SECTOR = 512
LEAST_STREAM = 4096
"""A shorter stream would lie among the small ones, in a table of its own."""
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(rows: Sequence[Sequence[str | int | float]], sheet: str = "Sheet1") -> bytes:
    """A workbook with the rows from A1 on."""
    return _container(_workbook(rows, sheet))


def _workbook(rows: Sequence[Sequence[str | int | float]], sheet: str) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    page = _record(0x0042, struct.pack("<H", 1200))
    name = sheet.encode("utf-16-le")
    tail = struct.pack("<HBB", 0, len(sheet), 1) + name
    bound_length = 4 + 4 + len(tail)
    start = len(begin) + len(page) + bound_length + 4
    bound = _record(0x0085, struct.pack("<I", start) + tail)
    cells = b"".join(
        _cell(number, place, value) for number, row in enumerate(rows) for place, value in enumerate(row)
    )
    sheet_begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return begin + page + bound + _record(0x000A, b"") + sheet_begin + cells + _record(0x000A, b"")


def _cell(row: int, column: int, value: str | int | float) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, where + struct.pack("<HB", len(text) // 2, 1) + text)
    return _record(0x0203, where + struct.pack("<d", value))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _container(stream: bytes) -> bytes:
    """Sector 0 is the directory, then the stream, then the table of sectors."""
    data = stream.ljust(max(LEAST_STREAM, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    of_stream = len(data) // SECTOR
    of_table = 1
    while of_table * (SECTOR // 4) < 1 + of_stream + of_table:
        of_table += 1
    chain = [END, *range(2, 1 + of_stream), END, *([TABLE] * of_table)]
    table = struct.pack(f"<{len(chain)}I", *chain)
    table = table.ljust(of_table * SECTOR, b"\xff")
    places = [1 + of_stream + number for number in range(of_table)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, of_table, 0, 0, LEAST_STREAM, END, 0, END, 0
    )
    header += struct.pack("<109I", *places, *([FREE] * (109 - of_table)))
    directory = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, 1, len(data))
    return header + directory.ljust(SECTOR, b"\0") + data + table


def _entry(name: str, kind: int, first: int, size: int, child: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + struct.pack("<III", FREE, FREE, child)
        + bytes(16 + 4 + 8 + 8)
        + struct.pack("<IQ", first, size)
    )
