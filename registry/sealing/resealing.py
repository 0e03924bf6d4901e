"""Sealing anew after a change of keys: batch by batch, each whole, so that it can stop anywhere and go on later."""

from collections.abc import Iterator
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.sealing.fields import SealedValue
from registry.sealing.keyring import MARK_BYTES, number_of
from registry.sealing.providers import SealBroken, SealProvider

BATCH = 500
"""Values of one transaction: a writer on SQLite waits some milliseconds for it."""


def is_pending(field: SealedValue, seals: SealProvider) -> ColumnElement[bool]:
    """The value or its index was made with another key than the current one."""
    other_seal = sa.func.substr(field.sealed, 1, MARK_BYTES) != seals.mark
    other_index = (
        sa.func.substr(index, 1, len(seals.index_mark)) != seals.index_mark for index in field.index_columns
    )
    return sa.and_(field.sealed.is_not(None), sa.or_(other_seal, *other_index))


def count_pending(session: Session, field: SealedValue, seals: SealProvider) -> int:
    """Values that are still to be sealed anew."""
    return session.scalar(sa.select(sa.func.count()).where(is_pending(field, seals))) or 0


def count_by_key(session: Session, field: SealedValue) -> dict[int, int]:
    """How many values each key seals, by the key's number."""
    mark = sa.func.substr(field.sealed, 1, MARK_BYTES)
    statement = sa.select(mark, sa.func.count()).where(field.sealed.is_not(None)).group_by(mark)
    return {number_of(bytes(found)): count for found, count in session.execute(statement)}


def reseal(
    session: Session, field: SealedValue, seals: SealProvider, *, after: int = 0, limit: int = BATCH
) -> tuple[int, int]:
    """Seals one batch anew: the last key that it looked at (0 when there is none left), and how many were sealed.

    A value that somebody changed meanwhile is left as he wrote it. What does not open is passed over and stays as it
    is: `broken_values` names it. The caller commits.
    """
    model = field.model
    pending = sa.select(model.id, model.code, field.sealed).where(is_pending(field, seals), model.id > after)
    rows = session.execute(pending.order_by(model.id).limit(limit)).all()
    sealed = 0
    for key, code, old in rows:
        try:
            values: dict[str, Any] = dict(field.values(seals, field.opened(seals, old, code), code))
        except SealBroken:
            continue
        # The table and not the object: a new seal is no change of the person, so his version stays.
        table = cast("sa.Table", model.__table__)
        this = sa.and_(table.c.id == key, table.c[field.sealed.key] == old)
        sealed += len(
            session.execute(sa.update(table).where(this).values(values).returning(table.c.id)).all()
        )
    return (rows[-1].id if rows else 0), sealed


def broken_values(session: Session, field: SealedValue, seals: SealProvider) -> Iterator[str]:
    """Public codes of the records whose value does not open, or is not what its index says."""
    model = field.model
    rows = sa.select(model.code, field.sealed, *field.index_columns).where(field.sealed.is_not(None))
    for code, sealed, *indexes in session.execute(rows.execution_options(yield_per=BATCH)):
        try:
            value = field.opened(seals, sealed, code)
        except SealBroken:
            yield code
            continue
        if any(index not in seals.indexes(value, field.name) for index in indexes):
            yield code
