"""Workbooks and packages written by hand for the tests."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter

HEADS = ("机构名称", "类型", "所在区划")
ROW = ("示例中心", "社区康复点", "310101")


def workbook(
    *rows: Sequence[Any], sheet: str = "机构和站点", also: Callable[[Any, Any], None] | None = None
) -> bytes:
    """An .xlsx with the rows from A1 on; `also` may add to the workbook and the sheet."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    if also:
        also(book, page)
    book.close()
    return data.getvalue()


def repacked(data: bytes, **changes: bytes) -> bytes:
    """The package with entries replaced or added; `_` of a name stands for a slash, `__` for a dot."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    return packed(
        entries | {name.replace("__", ".").replace("_", "/"): content for name, content in changes.items()}
    )


def packed(entries: Mapping[str, bytes]) -> bytes:
    """A package of these entries."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return data.getvalue()


def part(data: bytes, name: str) -> bytes:
    """One entry of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)
