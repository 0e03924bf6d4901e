"""The schedule of a year is published or corrected: every open deadline is counted anew by it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar, today
from registry.policy.queries import working_calendar
from registry.policy.schedules import Changes, Schedule, take_over
from registry.workflow.clocks import Due, closing, due_of
from registry.workflow.models import Todo
from registry.workflow.todos import set_due


@dataclass(frozen=True)
class Redated:
    """How many open to-dos got another day, and how many deadlines are no longer estimates."""

    moved: int
    confirmed: int


@dataclass(frozen=True)
class Published:
    """What a schedule did."""

    changes: Changes
    redated: Redated


def publish(session: Session, schedule: Schedule, *, actor: Actor, at: datetime, trail: Trail) -> Published:
    """Take over the schedule of a year, count deadlines by it, and enter it in the trail; nothing where all stands.

    The caller commits.
    """
    authorize(actor, Action.CALENDAR_CHANGE)
    before = working_calendar(session)
    changes = take_over(session, schedule)
    if changes.is_empty:
        return Published(changes, Redated(0, 0))
    redated = redate(session, before, working_calendar(session))
    _record(session, schedule, changes, redated, actor=actor, at=at, trail=trail)
    return Published(changes, redated)


def redate(session: Session, before: WorkingCalendar, after: WorkingCalendar) -> Redated:
    """Every open to-do with a clock, and the estimates of before clocks; reminders follow what they remind of."""
    moved = confirmed = 0
    for todo in _running(session):
        day, was_estimated = todo.due_on, todo.is_estimated
        due = _due(session, todo, before, after)
        set_due(todo, due)
        moved += todo.due_on != day
        confirmed += was_estimated and not todo.is_estimated
        if due is not None:
            _take_reminders_along(session, todo, due)
    session.flush()
    return Redated(moved, confirmed)


def _running(session: Session) -> list[Todo]:
    counted = sa.or_(Todo.clock_id.is_not(None), Todo.is_estimated)
    found = sa.select(Todo).where(
        Todo.closed_at.is_(None), Todo.is_notice.is_(False), Todo.due_on.is_not(None), counted
    )
    return list(session.scalars(found.options(joinedload(Todo.clock)).order_by(Todo.id)))


def _due(session: Session, todo: Todo, before: WorkingCalendar, after: WorkingCalendar) -> Due | None:
    if todo.clock is not None:
        return due_of(session, todo.clock, todo.division_code, after)
    if todo.due_on is None:
        return None
    opened = today(todo.opened_at)
    found = after.add_working_days(opened, before.working_days_between(opened, todo.due_on))
    return Due(found.on, closing(session, todo.division_code, found.on), found.is_estimated)


def _take_reminders_along(session: Session, todo: Todo, due: Due) -> None:
    unread = sa.update(Todo).where(Todo.reminds_id == todo.id, Todo.closed_at.is_(None))
    session.execute(unread.values(due_on=due.on, due_at=due.at, is_estimated=due.is_estimated))


def _record(
    session: Session,
    schedule: Schedule,
    changes: Changes,
    redated: Redated,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.CALENDAR_CHANGE,
        result=Result.DONE,
        subject_type="calendar",
        subject_code=str(schedule.year),
        division_code=actor.division_code,
        facts={
            "source": schedule.source,
            "days added": [day.isoformat() for day in changes.added],
            "days changed": [day.isoformat() for day in changes.changed],
            "days removed": [day.isoformat() for day in changes.removed],
            "deadlines moved": redated.moved,
            "deadlines no longer estimated": redated.confirmed,
        },
    )
