"""Writes the trail: one entry per act, in the transaction of the act, linked to the one before."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.chain import GENESIS, canonical, hash_of
from registry.audit.models import AuditEntry, AuditHead, Result
from registry.audit.redaction import struck_out, struck_out_deeply
from registry.audit.trail import Trail


def record_entry(
    session: Session,
    *,
    trail: Trail,
    at: datetime,
    actor_code: str,
    actor_name: str,
    action: str,
    result: Result,
    subject_type: str,
    subject_code: str,
    division_code: str,
    facts: Mapping[str, Any],
    reason: str = "",
) -> AuditEntry:
    """Append one entry and move the head; writers queue at the head row, so it is best called last.

    `facts` names fields and counts, never the values of sensitive fields; it must be plain JSON.
    Identity and telephone numbers that somebody typed are struck out all the same.
    """
    head = _locked_head(session)
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=at,
        actor_code=actor_code,
        actor_name=actor_name,
        principal_code=trail.principal.code if trail.principal else "",
        principal_name=trail.principal.name if trail.principal else "",
        action=str(action),
        result=result,
        subject_type=subject_type,
        subject_code=struck_out(subject_code),
        division_code=division_code,
        facts=struck_out_deeply(json.loads(canonical(dict(facts)))),
        reason=struck_out(reason),
        request_id=trail.request_id,
        previous_hash=head.entry_hash,
    )
    entry.entry_hash = hash_of(entry, trail.key)
    head.sequence, head.entry_hash = entry.sequence, entry.entry_hash
    session.add(entry)
    session.flush()
    return entry


def _locked_head(session: Session) -> AuditHead:
    """PostgreSQL locks the row until the transaction ends; SQLite lets in one writer at a time anyway."""
    locked = sa.select(AuditHead).with_for_update().execution_options(populate_existing=True)
    head = session.scalar(locked)
    if head is None:
        head = AuditHead(id=1, sequence=0, entry_hash=GENESIS)
        session.add(head)
    return head
