"""Reads .csv as it comes: with or without a byte-order mark, UTF-8 or GB18030, comma, semicolon or tab."""

import codecs
import csv
import re
from hashlib import sha256
from io import StringIO

from registry.intake.tables import RawTable, TableFormat
from registry.parsing import Cell
from reports.workbooks import refusals
from reports.workbooks.spreadsheets import split

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = (",", "\t", ";")
GUARDED = "=+-@\t\r＝＋－＠"
"""An export puts a quote before text that begins so; coming back, the quote is taken off again."""

_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")


def read_csv(data: bytes, file_name: str) -> RawTable:
    """Raises FileRefused. Row numbers are those that a spreadsheet program shows."""
    encoding, text = decoded(data, file_name)
    if not text.strip():
        raise refusals.empty_file(file_name)
    delimiter = told_delimiter(text)
    lines = _lines(text, delimiter, file_name)
    header, headers, rows = split(lines, file_name, "")
    return RawTable(
        file_name=file_name,
        sha256=sha256(data).hexdigest(),
        format=TableFormat.CSV,
        sheet="",
        header_row=header,
        headers=headers,
        rows=rows,
        encoding=encoding,
        delimiter=delimiter,
    )


def decoded(data: bytes, file_name: str) -> tuple[str, str]:
    """Encoding and text: the mark decides, then strict UTF-8, then GB18030, of which GBK is a part."""
    encodings = [name for mark, name in MARKS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text):
            return encoding, text
    raise refusals.unreadable_text(file_name)


def told_delimiter(text: str) -> str:
    """The one that stands most often in the header, outside quotes."""
    header = next(line for line in text.splitlines() if line.strip())
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


def _lines(text: str, delimiter: str, file_name: str) -> list[list[Cell]]:
    """Every line has as many cells as the longest one."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    lines: list[list[Cell]] = []
    try:
        lines.extend([unguarded(cell) for cell in cells] for cells in reader)
    except csv.Error as error:
        raise refusals.broken_line(file_name, len(lines) + 1) from error
    width = max(map(len, lines))
    for line in lines:
        line.extend([""] * (width - len(line)))
    return lines


def guarded(text: str) -> str:
    """Text that a spreadsheet program would take for a formula, with a quote before it."""
    return "'" + text if text[:1] and text[0] in GUARDED else text


def unguarded(cell: str) -> str:
    """The same text without the quote."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in GUARDED else cell
