"""What a file hides from whoever looks at it: rows and columns are read all the same, sheets are not."""

from collections.abc import Collection, Sequence

from registry.intake.problems import Problem, Severity
from registry.intake.tables import column_letter
from registry.messages import N_, Message, message
from reports.workbooks.scanning import SheetScan

NAMED = 5
"""Hidden rows named; the number is of all."""


def hidden_parts(
    sheet: str, hidden_sheets: Sequence[str], found: SheetScan, headers: Sequence[str], rows: Collection[int]
) -> list[Problem]:
    """Warnings: nobody hides on purpose what he sends in, but a filter that was left on does."""
    return [
        *_sheets(hidden_sheets),
        *_rows(sheet, [row for row in found.hidden_rows if row in rows]),
        *_columns(sheet, found, headers),
    ]


def _warning(sheet: str, row: int, column: str, header: str, what: Message, remedy: Message) -> Problem:
    return Problem(sheet, row, column, header, "", what, remedy, Severity.WARNING)


def _sheets(names: Sequence[str]) -> list[Problem]:
    what = message(N_("这张工作表是隐藏的，没有读取。"))
    remedy = message(N_("如果里面也有要导入的数据，请取消隐藏，另存为一个文件再导入；否则不用改。"))
    return [_warning(name, 0, "", "", what, remedy) for name in names]


def _rows(sheet: str, numbers: Sequence[int]) -> list[Problem]:
    if not numbers:
        return []
    what = message(
        N_("有%(count)s行是隐藏的，也读取了：第%(rows)s行。"),
        count=len(numbers),
        rows=tuple(map(str, numbers[:NAMED])) + (("…",) if len(numbers) > NAMED else ()),
    )
    remedy = message(N_("请取消筛选或隐藏后核对；不想导入的行要删除，只隐藏不算删除。"))
    return [_warning(sheet, 0, "", "", what, remedy)]


def _columns(sheet: str, found: SheetScan, headers: Sequence[str]) -> list[Problem]:
    what = message(N_("这一列是隐藏的，也读取了。"))
    remedy = message(N_("请取消隐藏后核对；不想导入的内容要清空，只隐藏不算删除。"))
    hidden = {
        place for first, last in found.hidden_columns for place in range(first - 1, min(last, len(headers)))
    }
    return [
        _warning(sheet, 0, column_letter(place), headers[place], what, remedy)
        for place in sorted(hidden)
        if headers[place]
    ]
