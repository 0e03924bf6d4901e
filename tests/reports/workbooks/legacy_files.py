"""Writes legacy .xls files for tests: texts, numbers and error values, [MS-XLS] BIFF8 in an [MS-CFB] container."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SECTOR = 512
LEAST_STREAM = 4096
"""A shorter stream would lie among the small ones, in a table of its own."""
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass(frozen=True)
class Failed:
    """A cell that holds an error value, by its code: 0x2A is #N/A."""

    code: int


Value = str | int | float | Failed


@dataclass(frozen=True)
class Page:
    """One sheet; rows and columns count from 0, a state of 1 or 2 is hidden."""

    name: str
    rows: Sequence[Sequence[Value]]
    state: int = 0
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[tuple[int, int]] = ()
    chart: bytes = b""
    """Records of a chart on it."""


def xls(rows: Sequence[Sequence[Value]], sheet: str = "Sheet1") -> bytes:
    """A workbook with the rows from A1 on."""
    return xls_of(Page(sheet, rows))


def xls_of(*pages: Page) -> bytes:
    """A workbook of several sheets."""
    begin = _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200))
    end, bodies = _record(0x000A, b""), [_body(page) for page in pages]
    start = len(begin) + sum(len(_bound(page, 0)) for page in pages) + len(end)
    bounds = b""
    for page, body in zip(pages, bodies, strict=True):
        bounds += _bound(page, start)
        start += len(body)
    return _container(begin + bounds + end + b"".join(bodies))


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _bound(page: Page, start: int) -> bytes:
    facts = struct.pack("<IBBBB", start, page.state, 0, len(page.name), 1)
    return _record(0x0085, facts + page.name.encode("utf-16-le"))


def _body(page: Page) -> bytes:
    columns = (struct.pack("<HHHHHH", *edges, 2000, 0, 1, 0) for edges in page.hidden_columns)
    rows = (struct.pack("<HHHHHHI", row, 0, 9, 255, 0, 0, 0x20) for row in page.hidden_rows)
    parts = [
        _begin(0x0010),
        *(_record(0x007D, one) for one in columns),
        *(_record(0x0208, one) for one in rows),
    ]
    parts += [
        _cell(number, place, value) for number, row in enumerate(page.rows) for place, value in enumerate(row)
    ]
    if page.chart:
        parts += [_begin(0x0020), page.chart, _record(0x000A, b"")]
    return b"".join((*parts, _record(0x000A, b"")))


def failed_cell(row: int, column: int, code: int) -> bytes:
    """Its record."""
    return _record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def _cell(row: int, column: int, value: Value) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(value, Failed):
        return failed_cell(row, column, value.code)
    if isinstance(value, bool):
        return _record(0x0205, where + struct.pack("<BB", value, 0))
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
