"""Statements for many rows: of tables and not of objects, since an object costs ten times its row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.base import Base

CHUNK = 5_000
"""Rows of one statement: more gains nothing and holds more memory."""

Key = TypeVar("Key")


def insert_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns."""
    table = _table_of(model)
    for chunk in chunks(rows):
        session.execute(sa.insert(table), [dict(row) for row in chunk])


def update_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Update by key: each row holds `id` and the columns to set, all rows the same ones; the version goes up by one."""
    if not rows:
        return
    table = _table_of(model)
    columns = [name for name in rows[0] if name != "id"]
    setting: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in columns}
    if "version" in table.c:
        setting["version"] = table.c.version + 1
    statement = sa.update(table).where(table.c.id == sa.bindparam("key")).values(setting)
    for chunk in chunks(rows):
        session.execute(statement, [_bound(row, columns) for row in chunk])


def ids_by(session: Session, column: InstrumentedAttribute[Key], keys: Sequence[Key]) -> dict[Key, int]:
    """The integer keys of the rows that hold these values of a unique column."""
    model = column.class_
    found: dict[Key, int] = {}
    for chunk in chunks(keys):
        found |= dict(session.execute(sa.select(column, model.id).where(column.in_(chunk))).all())
    return found


def chunks(items: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Parts that fit one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _table_of(model: type[Base]) -> sa.Table:
    return cast("sa.Table", model.__table__)


def _bound(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {"key": row["id"]} | {f"new_{name}": row[name] for name in columns}
