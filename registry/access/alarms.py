"""Somebody opens more people than his work explains: the security administrator is told (security, control 11).

Nothing is refused. Each opening is an entry of the trail already, and they are counted there; what is told is an entry
too, one an hour for each account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action, Deed
from registry.audit.models import AuditEntry, Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import today
from registry.policy.queries import parameter_if_set

MOST_AN_HOUR = "sight.details_per_hour"
"""The parameter: people whose own page somebody opens within an hour."""
WITHIN = timedelta(hours=1)
SHOWN_FOR = timedelta(days=30)
SHOWN_AT_MOST = 20


@dataclass(frozen=True)
class Alarm:
    """Who opened how many people within the hour before."""

    at: datetime
    name: str
    account: str
    opened: int


def raise_alarm(session: Session, actor: Actor, *, at: datetime, trail: Trail) -> bool:
    """An entry where the actor has opened more people than the parameter allows for; whether one was written now."""
    most = parameter_if_set(session, MOST_AN_HOUR, actor.division_code, today(at))
    opened = people_opened(session, actor, at=at)
    if most is None or opened <= int(most):
        return False
    if _of(session, actor, Deed.SIGHT_ALARM.value, at=at):
        return False
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Deed.SIGHT_ALARM,
        result=Result.DONE,
        subject_type="account",
        subject_code=actor.code,
        division_code=actor.division_code,
        facts={"opened": opened, "minutes": int(WITHIN.total_seconds() // 60)},
    )
    return True


def people_opened(session: Session, actor: Actor, *, at: datetime) -> int:
    """How many times somebody's own page was opened within the last hour, by the trail."""
    return _of(session, actor, Action.PRACTITIONER_SEE.value, at=at, subject_type="practitioner")


def recent_alarms(session: Session, *, at: datetime) -> list[Alarm]:
    """The newest first."""
    raised = (
        sa.select(AuditEntry.at, AuditEntry.actor_name, AuditEntry.actor_code, AuditEntry.facts)
        .where(AuditEntry.action == Deed.SIGHT_ALARM.value, AuditEntry.at >= at - SHOWN_FOR)
        .order_by(AuditEntry.at.desc(), AuditEntry.sequence.desc())
        .limit(SHOWN_AT_MOST)
    )
    return [Alarm(when, name, code, facts["opened"]) for when, name, code, facts in session.execute(raised)]


def _of(session: Session, actor: Actor, action: str, *, at: datetime, **about: str) -> int:
    entries = (
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.actor_code == actor.code, AuditEntry.at > at - WITHIN, AuditEntry.action == action)
        .filter_by(**about)
    )
    return session.scalar(entries) or 0
