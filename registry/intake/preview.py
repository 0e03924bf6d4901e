"""Judges every row of a table before anything is written: what it would create, change or leave, and what is wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from registry.errors import InvalidInput
from registry.intake.bulk import without_collection
from registry.intake.columns import (
    Cells,
    Flaws,
    identity_flaws,
    in_our_words,
    places_of,
    read_column,
    report_headers,
)
from registry.intake.declaration import Context, Judged, Known, NumberedRow, Outcome, WorkbookKind
from registry.intake.findings import Report
from registry.intake.noting import Noted, Noting
from registry.intake.problems import Problem, Severity
from registry.intake.tables import RawTable
from registry.intake.three_way import Difference, compared
from registry.messages import N_, Gettext, message
from registry.parsing import Cell


@dataclass(frozen=True)
class Preview:
    """A judged table: `commit` loads it as long as it holds no error."""

    kind: WorkbookKind[Any]
    table: RawTable = field(repr=False)
    context: Context
    judged: tuple[Judged[Any], ...] = field(repr=False)
    """Empty where the columns do not fit."""
    problems: tuple[Problem, ...]
    lookups: Any = field(default=None, repr=False)
    holds_identity_numbers: bool = False
    """In columns where they do not belong: the file itself must not be kept, nor its cells be repeated."""
    fills_sealed_columns: bool = False
    """The file is for whoever sent it, and for those who may see these columns whole."""
    differences: tuple[Difference, ...] = field(default=(), repr=False)
    """Of a file that was taken out of the register: what the file, the register or both changed since."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the file out."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What should be read and does not keep the file out."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)

    @property
    def is_committable(self) -> bool:
        """Whether the whole file can be loaded."""
        return not self.errors

    @cached_property
    def counts(self) -> Mapping[Outcome, int]:
        """How many rows each outcome has."""
        return Counter(row.outcome for row in self.judged)

    def count(self, outcome: Outcome) -> int:
        """The rows with this outcome."""
        return self.counts.get(outcome, 0)

    def as_json(self, gettext: Gettext, locale: str, *, committed: bool) -> dict[str, Any]:
        """The shape that `portal intake --json` prints."""
        return {
            "kind": self.kind.code,
            "file": self.table.file_name,
            "rows": len(self.table.rows),
            "create": self.count(Outcome.CREATE),
            "update": self.count(Outcome.UPDATE),
            "same": self.count(Outcome.SAME),
            "skip": self.count(Outcome.SKIP),
            "duplicate": self.count(Outcome.DUPLICATE),
            "warnings": [problem.as_json(gettext, locale) for problem in self.warnings],
            "errors": [problem.as_json(gettext, locale) for problem in self.errors],
            "committed": committed,
        }


def preview(session: Session, kind: WorkbookKind[Any], table: RawTable, context: Context) -> Preview:
    """Judge every row; reads the database and writes nothing.

    InvalidInput where known rows are to be skipped and the file says what it says by having all of them.
    """
    with without_collection():
        if context.known is Known.UPDATE:
            return _preview(session, kind, table, context)
        _refuse_to_skip(kind, table)
        return _without_known(session, _preview(session, kind, table, context))


def may_skip_known(kind: WorkbookKind[Any], *, is_taken_out: bool) -> bool:
    """Not of a list that says who is not on it, and not of a file that was taken out to be changed."""
    return not kind.is_whole and not is_taken_out


def _refuse_to_skip(kind: WorkbookKind[Any], table: RawTable) -> None:
    if not may_skip_known(kind, is_taken_out=bool(table.hidden)):
        raise InvalidInput(
            "known", message(N_("整份名单和改后导回的文件不能跳过已有的行；请选“更新已有”，或换一个文件。"))
        )


def _without_known(session: Session, found: Preview) -> Preview:
    """The rows that are no updates, judged beside each other; the updates stay listed and are left out."""
    rest, skipped = found, dict[int, Judged[Any]]()
    while known := {one.row.number for one in rest.judged if one.outcome is Outcome.UPDATE}:
        skipped |= {
            one.row.number: Judged(one.row, Outcome.SKIP) for one in rest.judged if one.row.number in known
        }
        rows = [row for row in rest.table.rows if row.number not in known]
        rest = _preview(session, found.kind, replace(rest.table, rows=rows), found.context)
    judged = {one.row.number: one for one in rest.judged} | skipped
    return replace(
        rest,
        table=found.table,
        judged=tuple(judged[one.row.number] for one in found.judged),
        holds_identity_numbers=found.holds_identity_numbers,
        fills_sealed_columns=found.fills_sealed_columns,
    )


def holds_identity_numbers(kind: WorkbookKind[Any], table: RawTable) -> bool:
    """Whether one stands where it may not: such a file is judged at once, because it is not kept for later."""
    if not kind.holds_people:
        return False
    places = places_of(kind, table)
    sealed = {places[column.key] for column in kind.columns if column.is_sealed and column.key in places}
    return any(identity_flaws(cells) for place, cells in enumerate(_transposed(table)) if place not in sealed)


def _preview(session: Session, kind: WorkbookKind[Any], table: RawTable, context: Context) -> Preview:
    places = places_of(kind, table)
    report = Report(table, places, {column.key: column for column in kind.columns})
    columns = _transposed(table)
    sealed = {places[column.key] for column in kind.columns if column.is_sealed and column.key in places}
    kept_apart: dict[str, Any] = {
        "holds_identity_numbers": _report_identity_numbers(kind, table, columns, sealed, report),
        "fills_sealed_columns": any(columns[place].different != {""} for place in sealed),
    }
    _report_template(kind, table, report)
    if _is_of_another_kind(kind, table):  # its columns say nothing about this kind
        return Preview(kind, table, context, (), _in_order(report), None, **kept_apart)
    _report_size(table, context, report)
    if not report_headers(kind, table, places, report):
        return Preview(kind, table, context, (), _in_order(report), None, **kept_apart)
    lookups = kind.prepare(session, context)
    read = _read_rows(kind, table, columns, places, lookups, report, context.noting)
    repeated = _repeated(read, [columns[place].all for place in places.values()])
    rows, differences = compared(session, kind, read, table, lookups, context, report)
    judged = _judge(kind, rows, repeated, lookups, report, context.noting)
    return Preview(
        kind, table, context, judged, _in_order(report), lookups, differences=differences, **kept_apart
    )


def _transposed(table: RawTable) -> list[Cells]:
    columns = list(zip(*(row.cells for row in table.rows), strict=True)) or [()] * len(table.headers)
    return [Cells.of(cells) for cells in columns]


def _report_identity_numbers(
    kind: WorkbookKind[Any], table: RawTable, columns: Sequence[Cells], sealed: set[int], report: Report
) -> bool:
    """Whether one stands anywhere but in the columns that are sealed."""
    if not kind.holds_people:
        return False
    found = False
    for place, cells in enumerate(columns):
        if place in sealed:
            continue
        flaws = identity_flaws(cells)
        _report_cells(table, place, cells.all, flaws, report)
        found = found or bool(flaws)
    return found


def _is_of_another_kind(kind: WorkbookKind[Any], table: RawTable) -> bool:
    return bool(table.template) and table.template != kind.code


def _report_template(kind: WorkbookKind[Any], table: RawTable, report: Report) -> None:
    if _is_of_another_kind(kind, table):
        report.file(
            message(N_("这个文件用的不是“%(kind)s”的模板。"), kind=kind),
            message(N_("请选择与文件相同的导入类型，或下载“%(kind)s”的模板重新填写。"), kind=kind),
        )
    elif table.template and table.template_version not in (0, kind.version):
        report.file(
            message(
                N_("这个文件用的是“%(kind)s”模板第%(used)s版，现行的是第%(version)s版；已按列名读取。"),
                kind=kind,
                used=table.template_version,
                version=kind.version,
            ),
            message(N_("这次不用改；下次请下载现行的模板填写。")),
            Severity.WARNING,
        )


def _report_size(table: RawTable, context: Context, report: Report) -> None:
    if len(table.rows) > context.max_rows:
        report.file(
            message(
                N_("共%(rows)s行，超过一次%(limit)s行的上限。"), rows=len(table.rows), limit=context.max_rows
            ),
            message(N_("请拆成几个文件分次导入，每个文件都保留表头。")),
        )


def _read_rows(
    kind: WorkbookKind[Any],
    table: RawTable,
    columns: Sequence[Cells],
    places: Mapping[str, int],
    lookups: Any,
    report: Report,
    noting: Noting,
) -> list[Any]:
    values: list[Sequence[Any]] = [[row.number for row in table.rows]]
    nothing = [None] * len(table.rows)
    for done, column in enumerate(kind.columns):
        noting(len(table.rows) * done // len(kind.columns) // 2)
        place = places.get(column.key)
        if place is None:
            values.append(nothing)
            continue
        cells = in_our_words(columns[place], table.words.get(column.key, {}))
        read, flaws = read_column(column, cells, lookups)
        _report_cells(table, place, cells.all, flaws, report)
        values.append(read)
    return list(map(kind.row_type, *values))


def _report_cells(
    table: RawTable,
    place: int,
    cells: Sequence[Cell],
    flaws: Flaws,
    report: Report,
) -> None:
    if not flaws:
        return
    for row, cell in zip(table.rows, cells, strict=True):
        if cell in flaws:
            report.cell(row.number, place, flaws[cell])


def _judge(
    kind: WorkbookKind[Any],
    rows: Sequence[NumberedRow],
    repeated: set[int],
    lookups: Any,
    report: Report,
    noting: Noting,
) -> tuple[Judged[Any], ...]:
    first = [row for row in rows if row.number not in repeated]
    _report_contradictions(kind, first, report)
    outcomes = dict(
        zip([row.number for row in first], kind.judge(Noted(first, noting), lookups, report), strict=True)
    )
    outcomes |= dict.fromkeys(repeated, Outcome.DUPLICATE)
    outcomes |= dict.fromkeys(report.failed & outcomes.keys(), Outcome.ERROR)
    return tuple(Judged(row, outcomes[row.number]) for row in rows)


def _repeated(rows: Sequence[NumberedRow], columns: Sequence[Sequence[Cell]]) -> set[int]:
    """Numbers of the rows that repeat an earlier one cell by cell."""
    seen: set[tuple[Cell, ...]] = set()
    repeated: set[int] = set()
    for row, cells in zip(rows, zip(*columns, strict=True), strict=True):
        if cells in seen:
            repeated.add(row.number)
        seen.add(cells)
    return repeated


def _report_contradictions(kind: WorkbookKind[Any], rows: Sequence[Any], report: Report) -> None:
    """Rows that speak of the same thing as an earlier one and say something else."""
    firsts: dict[Any, Any] = {}
    for row in rows:
        identity = kind.identity(row)
        first = row if identity is None else firsts.setdefault(identity, row)
        if first is not row:
            report.error(
                row.number,
                kind.columns[0].key,
                message(N_("与第%(row)s行是同一条，内容却不一样。"), row=first.number),
                message(N_("请核对后只留正确的一行。")),
            )


def _in_order(report: Report) -> tuple[Problem, ...]:
    return tuple(
        sorted(report.problems, key=lambda problem: (problem.row, len(problem.column), problem.column))
    )
