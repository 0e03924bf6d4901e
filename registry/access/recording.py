"""Entries of the trail about an account itself: its own acts at the door, and what was done to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

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
) -> None:
    """The account is who acts and what is acted on; None where nobody has the name that was typed."""
    record_entry(
        session,
        key=trail.key,
        at=at,
        actor_code=account.code if account else "",
        actor_name=account.name if account else "",
        action=action,
        result=result,
        subject_type="account",
        subject_code=account.code if account else "",
        division_code=account.division_code if account else "",
        facts=facts or {},
        reason=reason,
        request_id=trail.request_id,
    )
