"""Tables as a reader would give them, written by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from registry.intake.declaration import Context
from registry.intake.problems import Problem
from registry.intake.tables import RawRow, RawTable, TableFormat
from registry.parsing import Cell

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def context(**facts: Any) -> Context:
    """A load on 23 November 2026 without limits of place."""
    defaults: dict[str, Any] = {"at": NOW, "on": TODAY, "max_rows": 200_000}
    return Context(**(defaults | facts))


def table(headers: Sequence[str], *rows: Sequence[Cell], **facts: Any) -> RawTable:
    """A sheet whose header is row 1."""
    defaults: dict[str, Any] = {
        "file_name": "示例.xlsx",
        "sha256": "0" * 64,
        "format": TableFormat.XLSX,
        "sheet": "表一",
        "header_row": 1,
        "headers": tuple(headers),
        "rows": [RawRow(number, list(cells)) for number, cells in enumerate(rows, start=2)],
    }
    return RawTable(**(defaults | facts))


def table_of(facts: Mapping[str, Cell], *more: Mapping[str, Cell]) -> RawTable:
    """A sheet of rows that name their columns; what a row does not name is blank."""
    headers = list(dict.fromkeys(head for row in (facts, *more) for head in row))
    return table(headers, *([row.get(head, "") for head in headers] for row in (facts, *more)))


def places(problems: Sequence[Problem]) -> list[tuple[int, str, str]]:
    """Row, column letter and header of each problem."""
    return [(problem.row, problem.column, problem.header) for problem in problems]


def said(problems: Sequence[Problem]) -> str:
    """Every message and remedy, one after the other."""
    return "\n".join(f"{problem.message}{problem.remedy}" for problem in problems)
