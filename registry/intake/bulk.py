"""Statements for many rows: of tables and not of objects, since an object costs ten times its row."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.base import Base
from registry.intake.journal import IN_BULK, journal_of

CHUNK = 5_000
"""Rows of one statement: more gains nothing and holds more memory."""

Item = TypeVar("Item")
Name = TypeVar("Name")


def insert_rows(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns; a generator is never held as a whole."""
    table, journal = _table_of(model), journal_of(session)
    coming = iter(rows)
    while chunk := list(islice(coming, CHUNK)):
        if journal is not None:
            journal.created_in_bulk(table, chunk)
        session.execute(sa.insert(table), chunk, execution_options={IN_BULK: True})


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
    journal = journal_of(session)
    for chunk in chunks(rows):
        ids = [row["id"] for row in chunk]
        before = journal.rows(table, ids) if journal is not None else {}
        session.execute(statement, [_bound(row, columns) for row in chunk], execution_options={IN_BULK: True})
        if journal is not None:
            after = journal.rows(table, ids)
            journal.changed(table, [(before[key], after[key]) for key in ids])


def last_id(session: Session, key: InstrumentedAttribute[int]) -> int:
    """The highest key in use: what is inserted from now on comes after it."""
    return session.scalar(sa.select(sa.func.max(key))) or 0


def new_ids(session: Session, column: InstrumentedAttribute[Name], *, after: int) -> dict[Name, int]:
    """A unique column's values to the keys of the rows inserted after that key: one statement without values in it."""
    model = column.class_
    return dict(session.execute(sa.select(column, model.id).where(model.id > after)).all())


@contextmanager
def without_collection() -> Iterator[None]:
    """A load makes a million objects and drops none: looking for garbage meanwhile takes a third of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Parts that fit one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _table_of(model: type[Base]) -> sa.Table:
    return cast("sa.Table", model.__table__)


def _bound(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {"key": row["id"]} | {f"new_{name}": row[name] for name in columns}
