"""Reads the trail: where it ends, one entry with its neighbours, and when it was verified last."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.chain import GENESIS, HeadDigest
from registry.audit.models import AuditCheck, AuditCheckpoint, AuditEntry, AuditHead
from registry.errors import NotVisible


def head_digest(session: Session) -> HeadDigest:
    """The last link, for keeping outside the machine."""
    head = session.execute(sa.select(AuditHead.sequence, AuditHead.entry_hash)).one_or_none()
    return HeadDigest(head.sequence, head.entry_hash) if head else HeadDigest(0, GENESIS)


def entry_numbered(session: Session, sequence: int) -> AuditEntry:
    """One entry; NotVisible where the trail has none of this number."""
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.sequence == sequence))
    if entry is None:
        raise NotVisible
    return entry


def link_before(session: Session, entry: AuditEntry) -> HeadDigest:
    """What the entry should be linked to: the entry before it, as it stands in the table."""
    before = sa.select(AuditEntry.sequence, AuditEntry.entry_hash).where(AuditEntry.sequence < entry.sequence)
    found = session.execute(before.order_by(AuditEntry.sequence.desc()).limit(1)).one_or_none()
    return HeadDigest(found.sequence, found.entry_hash) if found else beginning(session)


def beginning(session: Session) -> HeadDigest:
    """What the first entry that is still in the table should be linked to."""
    newest = AuditCheckpoint.sequence.desc()
    columns = sa.select(AuditCheckpoint.sequence, AuditCheckpoint.entry_hash)
    found = session.execute(columns.order_by(newest).limit(1)).one_or_none()
    return HeadDigest(found.sequence, found.entry_hash) if found else HeadDigest(0, GENESIS)


def number_after(session: Session, entry: AuditEntry) -> int | None:
    """The number of the next entry."""
    return session.scalar(
        sa.select(sa.func.min(AuditEntry.sequence)).where(AuditEntry.sequence > entry.sequence)
    )


def facts_told(
    session: Session, action: str, *, actor_code: str, subject_code: str, since: datetime
) -> list[dict[str, Any]]:
    """What entries about one act of one account on one subject say, from a moment on."""
    told = (
        sa.select(AuditEntry.facts)
        .where(AuditEntry.actor_code == actor_code, AuditEntry.at >= since)
        .where(AuditEntry.action == action, AuditEntry.subject_code == subject_code)
    )
    return list(session.scalars(told))


def last_check(session: Session) -> AuditCheck | None:
    """The latest verification of the whole trail."""
    return session.scalar(sa.select(AuditCheck).order_by(AuditCheck.at.desc(), AuditCheck.id.desc()).limit(1))
