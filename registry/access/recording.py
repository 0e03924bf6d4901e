"""Entries of the trail about an account itself: its own acts at the door, and what was done to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail


def record_of_account(
    session: Session,
    account: Account | None,
    action: str,
    result: Result,
    *,
    at: datetime,
    trail: Trail,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    by: Actor | None = None,
) -> None:
    """The account is what is acted on, and who acts unless somebody else does; None where nobody has the name."""
    doer = account if by is None else by
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=doer.code if doer else "",
        actor_name=doer.name if doer else "",
        action=action,
        result=result,
        subject_type="account",
        subject_code=account.code if account else "",
        division_code=account.division_code if account else "",
        facts=facts or {},
        reason=reason,
    )
