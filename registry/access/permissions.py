"""The permission table told line by line: to be read aloud, hashed, and entered in the trail whenever it changes.

Which table was in force on a day is then in the trail itself, with every line that it had.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.rules import RULES
from registry.access.scopes import Scope
from registry.actions import Action, Deed
from registry.audit.chain import canonical
from registry.audit.models import AuditEntry, Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail

SUBJECT = "permission_table"


@dataclass(frozen=True)
class Permission:
    """One line: this role does this, so far."""

    action: Action
    role: Role
    scope: Scope

    def __str__(self) -> str:
        return f"{self.action} {self.role} {self.scope}"


@dataclass(frozen=True)
class NotedTable:
    """The table as the trail knows it."""

    sha256: str
    noted_at: datetime


def permissions() -> tuple[Permission, ...]:
    """Every line of the table: actions in its order, then rules, then roles."""
    return tuple(
        Permission(action, role, rule.scope)
        for action, rules in RULES.items()
        for rule in rules
        for role in Role
        if role in rule.roles
    )


def table_digest() -> str:
    """SHA-256 over all lines, whatever their order in the code."""
    return hashlib.sha256(canonical(sorted(map(str, permissions())))).hexdigest()


def noted_table(session: Session) -> NotedTable | None:
    """The table that was entered in the trail last."""
    latest = (
        sa.select(AuditEntry.facts, AuditEntry.at)
        .where(AuditEntry.action == Deed.PERMISSION_CHANGE.value)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    found = session.execute(latest.limit(1)).one_or_none()
    return NotedTable(str(found.facts["sha256"]), found.at) if found else None


def is_table_noted(session: Session) -> bool:
    """Whether the last table in the trail is the one in force."""
    noted = noted_table(session)
    return noted is not None and noted.sha256 == table_digest()


def note_table(session: Session, *, at: datetime, by: str, trail: Trail) -> AuditEntry | None:
    """Enter the table in the trail, all its lines with it; nothing where the trail has it already."""
    if is_table_noted(session):
        return None
    digest, lines = table_digest(), permissions()
    return record_entry(
        session,
        trail=trail,
        at=at,
        actor_code="",
        actor_name=by,
        action=Deed.PERMISSION_CHANGE,
        result=Result.DONE,
        subject_type=SUBJECT,
        subject_code=digest[:16],
        division_code="",
        facts={"sha256": digest, "permissions": [str(line) for line in lines]},
    )
