"""Whoever guesses passwords is stopped: five wrong ones within a quarter of an hour close the door for half an hour.

GB/T 22239-2019, 8.1.4.1 b. Nothing is kept beside the trail, whose entries say what was tried.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Account
from registry.audit.models import AuditEntry, Result

FAILURES = 5
WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=30)

LOCKED = "locked"
"""The reason of an entry that was refused unread: it does not make the lock any longer."""


def is_locked(session: Session, account: Account, action: str, *, at: datetime) -> bool:
    """Whether the last attempts that were read were all wrong, and too near to each other and to now."""
    attempts = (
        sa.select(AuditEntry.at, AuditEntry.result)
        .where(AuditEntry.subject_code == account.code, AuditEntry.action == action)
        .where(AuditEntry.reason != LOCKED, AuditEntry.at > at - LOCKED_FOR - WITHIN)
        .order_by(AuditEntry.sequence.desc())
        .limit(FAILURES)
    )
    found = session.execute(attempts).all()
    if len(found) < FAILURES or any(result is not Result.REFUSED for _at, result in found):
        return False
    newest, oldest = found[0].at, found[-1].at
    return bool(newest - oldest <= WITHIN and at - newest < LOCKED_FOR)
