"""Matches the heads of a table with the columns of a kind, and reads whole columns at once.

A column of 100,000 cells holds far fewer different ones, so each different cell is parsed once.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from registry.intake.declaration import Column, WorkbookKind
from registry.intake.findings import Report
from registry.intake.identifiers import USCC_LENGTH, refuse_identity_number
from registry.intake.parsers import half_width
from registry.intake.problems import CellProblem, Doubt, Severity
from registry.intake.tables import REASON_HEADERS, Cell, RawTable, column_letter
from registry.messages import N_, message

MAX_CELL = 4_000
"""Characters of one cell."""

Flaws = dict[Cell, CellProblem | Doubt]
"""What is to be said of different cells, wherever they stand in their column."""

_MARKS = re.compile(r"[\s*＊]|（必填）|\(必填\)|（required）|\(required\)")


def matched(kind: WorkbookKind[Any], headers: Sequence[str]) -> dict[str, int]:
    """The place of each column that the table has, by its key; of two equal heads the first."""
    keys = {_folded(name): column.key for column in kind.columns for name in _names(column)}
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        key = keys.get(_folded(header))
        if key is not None:
            places.setdefault(key, place)
    return places


def report_headers(kind: WorkbookKind[Any], table: RawTable, places: dict[str, int], report: Report) -> bool:
    """Report missing, repeated and unknown columns; gives whether the rows can be read at all."""
    _report_missing(kind, places, report)
    known = {_folded(name) for column in kind.columns for name in _names(column)}
    passed_over = {_folded(name) for name in (*kind.ignored, *REASON_HEADERS)}
    seen: dict[str, int] = {}
    for place, header in enumerate(table.headers):
        name = _folded(header)
        if name in passed_over:
            continue
        if name in known and name in seen:
            report.header(
                place,
                message(N_("表头重复：与%(letter)s列相同。"), letter=column_letter(seen[name])),
                message(N_("同一列只留一份，删去多余的一列。")),
            )
        elif name not in known:
            _report_unknown(place, table, report)
        seen.setdefault(name, place)
    return not any(
        problem.severity is Severity.ERROR and problem.row <= table.header_row for problem in report.problems
    )


def _report_missing(kind: WorkbookKind[Any], places: dict[str, int], report: Report) -> None:
    missing = tuple(column for column in kind.columns if column.required and column.key not in places)
    if missing:
        report.file(
            message(N_("缺少%(count)s列：%(columns)s。"), count=len(missing), columns=missing),
            message(N_("请补上这些列；也可以重新下载模板，把数据粘贴进去。")),
        )


def _report_unknown(place: int, table: RawTable, report: Report) -> None:
    unknown, headless = N_("这一列不在模板中，没有读取。"), N_("这一列有内容而没有表头，没有读取。")
    header = table.headers[place]
    if header or any(row.cells[place] != "" for row in table.rows):
        report.header(
            place,
            message(unknown if header else headless),
            message(N_("如需导入，请把表头改成模板里的名称；否则不用改。")),
            Severity.WARNING,
        )


class Cells(NamedTuple):
    """The cells of one column, and the different ones among them."""

    all: Sequence[Cell]
    different: frozenset[Cell]

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> "Cells":
        """A true cell equals the number 1 and would be taken for it: it becomes the word that the file shows."""
        different = frozenset(cells)
        if bool in set(map(type, different)):
            cells = [str(cell).upper() if isinstance(cell, bool) else cell for cell in cells]
            different = frozenset(cells)
        return cls(cells, different)


def read_column(column: Column, cells: Cells, lookups: Any) -> tuple[list[Any], Flaws]:
    """The values of one column and the flaws of its different cells; a cell that cannot be read gives None."""
    readings: dict[Cell, Any] = {}
    flaws: Flaws = {}
    for cell in cells.different:
        try:
            value = _read(column, cell, lookups)
        except CellProblem as problem:
            value, flaws[cell] = None, problem
        if isinstance(value, Doubt):
            flaws[cell] = value
            value = value.value
        readings[cell] = value
    return [readings[cell] for cell in cells.all], flaws


def _read(column: Column, cell: Cell, lookups: Any) -> Any:
    if isinstance(cell, str):
        if not cell or cell.isspace():
            return _blank(column)
        if len(cell) > MAX_CELL:
            raise _overlong(cell)
    value = column.parse(cell)
    return column.look_up(value, lookups) if column.look_up else value


def _blank(column: Column) -> None:
    if column.required:
        raise CellProblem(
            message(N_("必填，这里没有填。")), message(N_("请填写“%(column)s”。"), column=column)
        )


def _overlong(cell: str) -> CellProblem:
    return CellProblem(
        message(N_("这一格有%(length)s个字，超过%(limit)s个字的上限。"), length=len(cell), limit=MAX_CELL),
        message(N_("请缩短；如果是引号没有成对，后面的行会并进这一格，请补上引号。")),
    )


def identity_flaws(cells: Cells) -> Flaws:
    """The different cells that hold an identity number."""
    flaws: Flaws = {}
    for cell in [cell for cell in cells.different if not isinstance(cell, str) or len(cell) >= USCC_LENGTH]:
        try:
            refuse_identity_number(cell)
        except CellProblem as problem:
            flaws[cell] = problem
    return flaws


def _names(column: Column) -> tuple[str, ...]:
    return (column.zh, column.en, column.key, *column.aliases)


def _folded(header: str) -> str:
    return _MARKS.sub("", half_width(header)).casefold()
