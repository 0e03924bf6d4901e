"""Reads the trail: whether it holds, where it ends, and what happened to one thing."""

from collections.abc import Iterator
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.chain import GENESIS, BrokenEntry, Fault, HeadDigest, Link, fault_of
from registry.audit.models import AuditEntry, AuditHead

BATCH = 1000


def head_digest(session: Session) -> HeadDigest:
    """The last link, for keeping outside the machine."""
    head = session.execute(sa.select(AuditHead.sequence, AuditHead.entry_hash)).one_or_none()
    return HeadDigest(head.sequence, head.entry_hash) if head else HeadDigest(0, GENESIS)


def verify_chain(session: Session, *, key: bytes, kept: HeadDigest | None = None) -> BrokenEntry | None:
    """The first place at which the trail does not hold, or None.

    `kept` is a head digest from outside: with it a cut tail shows even where the head row was set back too.
    """
    last = HeadDigest(0, GENESIS)
    kept_is_found = kept is None or kept == last
    for entry in _links(session):
        fault = fault_of(entry, last, key)
        if fault is not None:
            return BrokenEntry(last.sequence + 1, fault)
        last = HeadDigest(entry.sequence, entry.entry_hash)
        kept_is_found = kept_is_found or last == kept
    if not kept_is_found or last != head_digest(session):
        return BrokenEntry(last.sequence + 1, Fault.TAIL)
    return None


def _links(session: Session) -> Iterator[Link]:
    """Rows, not records: what the session remembers of an entry is no proof of what the table says."""
    rows = sa.select(*AuditEntry.__table__.columns).order_by(AuditEntry.sequence)
    yield from cast(Iterator[Link], session.execute(rows.execution_options(yield_per=BATCH)))
