"""Matches the heads of a table with the columns of a kind, and reads whole columns at once.

A column of 100,000 cells holds far fewer different ones, so each different cell is parsed once.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from registry.intake.declaration import Column, WorkbookKind
from registry.intake.findings import Report
from registry.intake.identifiers import USCC_LENGTH, refuse_identity_number
from registry.intake.problems import Doubt, Severity
from registry.intake.tables import REASON_HEADERS, RawTable, column_letter
from registry.messages import N_, Named, message
from registry.parsing import Cell, CellProblem, folded, half_width, plain

MAX_CELL = 4_000
"""Characters of one cell."""

MAX_WORDS = 40
"""Different words of one column that somebody is asked about: with more of them it is no list of words."""

Flaws = dict[Cell, CellProblem | Doubt]
"""What is to be said of different cells, wherever they stand in their column."""

_MARKS = re.compile(r"[\s*＊]|（必填）|\(必填\)|（required）|\(required\)")


def matched(kind: WorkbookKind[Any], headers: Sequence[str]) -> dict[str, int]:
    """The place of each column that the table has, by its key; of two equal heads the first."""
    keys = {folded_head(name): column.key for column in kind.columns for name in names_of(column)}
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        key = keys.get(folded_head(header))
        if key is not None:
            places.setdefault(key, place)
    return places


def places_of(kind: WorkbookKind[Any], table: RawTable) -> dict[str, int]:
    """The place of each column: as somebody said for this table, else by the heads."""
    if table.mapping is None:
        return matched(kind, table.headers)
    keys = [column.key for column in kind.columns if table.mapping.get(column.key) in table.headers]
    return {key: table.headers.index(table.mapping[key]) for key in keys}


def unknown_heads(kind: WorkbookKind[Any], headers: Sequence[str]) -> list[str]:
    """The heads that no column of the kind goes by, without those that are passed over anyway."""
    known = {folded_head(name) for column in kind.columns for name in names_of(column)}
    known |= {folded_head(name) for name in (*kind.ignored, *REASON_HEADERS)}
    return [head for head in headers if head and folded_head(head) not in known]


def report_headers(kind: WorkbookKind[Any], table: RawTable, places: dict[str, int], report: Report) -> bool:
    """Report missing, repeated and unknown columns; gives whether the rows can be read at all."""
    _report_missing(kind, places, report)
    if table.mapping is not None:
        _report_repeated(table, places, report)
        return _is_readable(table, report)
    known = {folded_head(name) for column in kind.columns for name in names_of(column)}
    passed_over = {folded_head(name) for name in (*kind.ignored, *REASON_HEADERS)}
    seen: dict[str, int] = {}
    for place, header in enumerate(table.headers):
        name = folded_head(header)
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
    return _is_readable(table, report)


def _is_readable(table: RawTable, report: Report) -> bool:
    return not any(
        problem.severity is Severity.ERROR and problem.row <= table.header_row for problem in report.problems
    )


def _report_repeated(table: RawTable, places: dict[str, int], report: Report) -> None:
    """Of heads that somebody mapped: of two equal ones nobody knows which was meant."""
    for place, header in enumerate(table.headers):
        first = table.headers.index(header)
        if first < place and first in places.values():
            report.header(
                place,
                message(N_("表头重复：与%(letter)s列相同。"), letter=column_letter(first)),
                message(N_("同一列只留一份，删去多余的一列。")),
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


def in_our_words(cells: Cells, said: Mapping[str, str]) -> Cells:
    """The cells with words of theirs put into ours, as somebody said once."""
    if not said:
        return cells
    ours = {folded(theirs): word for theirs, word in said.items()}
    return Cells.of([ours.get(folded(cell), cell) if isinstance(cell, str) else cell for cell in cells.all])


def unknown_words(kind: WorkbookKind[Any], table: RawTable) -> dict[str, list[str]]:
    """Of each column that takes one of our words: the words of theirs that are none, in the order of the file."""
    places = places_of(kind, table)
    found: dict[str, list[str]] = {}
    for column in (column for column in kind.columns if column.choices and column.key in places):
        cells = Cells.of([row.cells[places[column.key]] for row in table.rows])
        ours = in_our_words(cells, table.words.get(column.key, {}))
        theirs = dict.fromkeys(plain(cell).strip() for cell in ours.all if not _is_word(column, cell))
        if theirs:
            found[column.key] = list(theirs)[:MAX_WORDS]
    return found


def _is_word(column: Column, cell: Cell) -> bool:
    """Blanks are nobody's word."""
    try:
        return not plain(cell).strip() or column.parse(cell) is not None
    except CellProblem:
        return False


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


class Headed(Named, Protocol):
    """What a head may stand for: a column of a workbook, or a field that is compared."""

    @property
    def key(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


def names_of(column: Headed) -> tuple[str, ...]:
    """Every head under which a column is recognised."""
    return (column.zh, column.en, column.key, *column.aliases)


def folded_head(header: str) -> str:
    """A head without what does not tell it from others: blanks, widths, case, marks of required columns."""
    return _MARKS.sub("", half_width(header)).casefold()
