"""Random rows for any table, read off its columns and its CHECKs: a table that comes later needs no line here.

A row that a CHECK refuses is drawn again. SQLite judges that, whatever engine is tested: it needs no table for it.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any

import sqlalchemy as sa

from registry.base import UtcDateTime
from registry.schema import metadata
from tests.factories import DAY, LONG_AGO, NOW

Row = dict[str, Any]
LENGTH_OF_A_PLACE = 12
"""Of the columns that hold a division, and of no other."""
DAYS = (LONG_AGO, date(2021, 3, 1), date(2024, 6, 30), DAY)
INSTANTS = (NOW, NOW + timedelta(minutes=30))
NUMBERS = (0, 1, 1990)
DRAWS = 40
"""So often a row is drawn before it is given up."""


class Filler:
    """Fills tables one after the other; rows point at rows of the tables filled before."""

    def __init__(self, random: Random, codes: Sequence[str], most: int) -> None:
        self.random, self.codes, self.most = random, codes, most
        self.keys: dict[str, list[int]] = {}
        self.rows: dict[str, list[Row]] = {}

    def rows_of(self, table: sa.Table) -> list[Row]:
        """Up to so many rows, with keys from 1."""
        drawn = (self._passing(table, key) for key in range(1, self.random.randint(1, self.most) + 1))
        rows = distinct(table, [row for row in drawn if row is not None])
        self.keys[table.name] = [row["id"] for row in rows if "id" in row]
        self.rows[table.name] = rows
        return rows

    def _passing(self, table: sa.Table, key: int) -> Row | None:
        for _ in range(DRAWS):
            row = {column.name: self._value(column, key) for column in table.columns} | self._pointers(table)
            if passes(table, row):
                return row
        return None

    def _value(self, column: sa.Column[Any], key: int) -> Any:
        if column.primary_key:
            return key
        pointed_at = pointed_table(column)
        if pointed_at is not None:
            return self._pointer(self.keys.get(pointed_at, []), column)
        if column.nullable and self.random.random() < 0.5:
            return None
        if is_place(column):
            return self.random.choice(self.codes)
        return self._plain(column, key)

    def _pointer(self, keys: Sequence[int], column: sa.Column[Any]) -> int | None:
        is_nothing = not keys or (column.nullable and self.random.random() < 0.4)
        return None if is_nothing else self.random.choice(keys)

    def _pointers(self, table: sa.Table) -> Row:
        """What several columns together hold of one row elsewhere."""
        found: Row = {}
        for pair in (one for one in table.foreign_key_constraints if len(one.columns) > 1):
            rows = self.rows.get(pair.referred_table.name, [])
            chosen = self.random.choice(rows) if rows else {}
            found |= {one.parent.name: chosen.get(one.column.name) for one in pair.elements}
        return found

    def _plain(self, column: sa.Column[Any], key: int) -> Any:
        kind = column.type
        if isinstance(kind, sa.Enum):
            return self.random.choice(list(kind.enum_class or kind.enums))
        if isinstance(kind, sa.JSON):
            return []
        if isinstance(kind, sa.String):
            return f"{column.table.name[:3]}{key}"
        if isinstance(kind, UtcDateTime):
            return self.random.choice(INSTANTS)
        return self.random.choice(CHOICES[kind.python_type])


CHOICES: dict[type, Sequence[Any]] = {
    int: NUMBERS,
    float: (1.0,),
    Decimal: (Decimal(0), Decimal("12.50")),
    bool: (True, False),
    date: DAYS,
    bytes: (b"",),
}


def is_place(column: sa.Column[Any]) -> bool:
    """Whether the column holds a division."""
    return isinstance(column.type, sa.String) and column.type.length == LENGTH_OF_A_PLACE


@cache
def pointed_table(column: sa.Column[Any]) -> str | None:
    """The table whose keys the column holds, as a foreign key or as a plain reference."""
    for key in column.foreign_keys:
        return key.column.table.name
    name = column.name.removesuffix("_id")
    return name if name != column.name and name in metadata.tables else None


@cache
def judgement(table: sa.Table) -> str:
    """The CHECKs of a table and its columns that must hold something, as one question about one row."""
    checks = [
        f"({one.sqltext}) IS NOT FALSE" for one in table.constraints if isinstance(one, sa.CheckConstraint)
    ]
    filled = [f'"{column.name}" IS NOT NULL' for column in table.columns if not column.nullable]
    row = ", ".join(f':{column.name} AS "{column.name}"' for column in table.columns)
    return f"SELECT {' AND '.join(checks + filled)} FROM (SELECT {row})"  # words of the schema


JUDGE = sqlite3.connect(":memory:", check_same_thread=False)


def passes(table: sa.Table, row: Row) -> bool:
    """Whether a database would take the row."""
    (is_taken,) = JUDGE.execute(
        judgement(table), {name: _stored(value) for name, value in row.items()}
    ).fetchone()
    return bool(is_taken)


def distinct(table: sa.Table, rows: Sequence[Row]) -> list[Row]:
    """Without rows that repeat what must be unique; an index that asks this of some rows is kept by all."""
    kept: dict[tuple[Any, ...], Row] = {}
    unique = [one.columns for one in (*table.constraints, *table.indexes) if is_unique(one)]
    for columns in unique or [table.primary_key.columns]:
        kept = {}
        for row in rows:
            values = tuple(row[column.name] for column in columns)
            kept.setdefault(values if None not in values else (*values, row["id"]), row)
        rows = list(kept.values())
    return list(rows)


def is_unique(one: sa.Constraint | sa.Index) -> bool:
    """Whether no two rows may have the same values in its columns."""
    return isinstance(one, sa.UniqueConstraint) or (isinstance(one, sa.Index) and bool(one.unique))


def _stored(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, list) else value
