"""提醒和逾期上报: every night, what is due soon is called to mind, and what is long overdue is told one level above.

A reminder is a notice that knows its to-do. Done twice, a night makes none twice; after nights that were missed, the
latest reminder alone is made up for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Position
from registry.access.positions import ROLE_ABOVE, held
from registry.access.roles import ADMINISTRATORS, DEPARTMENTS, ORGANISATION_ROLES, Role
from registry.clock import WorkingCalendar, today
from registry.divisions.codes import ancestors
from registry.policy.queries import parameter_if_set, working_calendar
from registry.workflow.models import Todo
from registry.workflow_table import Desk

REMINDERS = "reminder.workdays"
"""Policy parameter: working days before a deadline on which whoever is waited for is reminded; 0 is its day."""
ESCALATION = "escalation.workdays"
"""Policy parameter: working days after a deadline on which the level above is told."""

CITY_DIGITS = 4

Matter = tuple[str, int, str, int]
"""What is overdue, of which record, since which milestone."""


@dataclass(frozen=True)
class Reminded:
    """How many notices a night made."""

    reminders: int
    escalations: int

    @property
    def total(self) -> int:
        """Both kinds."""
        return self.reminders + self.escalations


@dataclass(frozen=True)
class Rhythm:
    """When a place reminds: working days before the deadline, and after it the day of the level above."""

    before: tuple[int, ...]
    after: int | None


def remind(session: Session, *, on: date, at: datetime) -> Reminded:
    """Make what is to be read on a day; the caller commits."""
    calendar, made, told = working_calendar(session), _made(session), _told_above(session)

    @cache
    def rhythm(place: str) -> Rhythm:
        return rhythm_in(session, place, on)

    reminders = escalations = 0
    for todo in _running(session):
        done, times = made.get(todo.id, frozenset()), rhythm(todo.division_code)
        soon, late = reminder_due(todo, on, calendar, times), escalation_due(todo, on, calendar, times)
        if soon is not None and soon not in done:
            reminders += _leave(session, todo, [_own_desk(todo)], soon, at)
        if late is not None and late not in done:
            desks = [
                desk for desk in superiors(session, todo, on)[:1] if (_matter(todo, late), desk) not in told
            ]
            told.update((_matter(todo, late), desk) for desk in desks)
            escalations += _leave(session, todo, desks, late, at)
    session.flush()
    return Reminded(reminders, escalations)


def rhythm_in(session: Session, place: str, on: date) -> Rhythm:
    """What policy says in a place; where it says nothing, nobody is reminded."""
    before = parameter_if_set(session, REMINDERS, place, on) or ()
    after = parameter_if_set(session, ESCALATION, place, on)
    return Rhythm(tuple(int(days) for days in before), None if after is None else int(after))


def reminder_due(todo: Todo, on: date, calendar: WorkingCalendar, rhythm: Rhythm) -> int | None:
    """The last of the reminders whose day has come, of those that lie after the to-do was opened."""
    if todo.due_on is None:
        return None
    left = calendar.working_days_between(on, todo.due_on)
    at_first = calendar.working_days_between(today(todo.opened_at), todo.due_on)
    return min((days for days in rhythm.before if left <= days < at_first), default=None)


def escalation_due(todo: Todo, on: date, calendar: WorkingCalendar, rhythm: Rhythm) -> int | None:
    """Minus the working days after which the level above is told, once they have passed."""
    if todo.due_on is None or rhythm.after is None:
        return None
    is_late = calendar.working_days_between(todo.due_on, on) >= rhythm.after
    return -rhythm.after if is_late else None


def superiors(session: Session, todo: Todo, on: date) -> list[Desk]:
    """The desks above, the nearest first; those that nobody holds are passed over while a higher one is held."""
    above = list(_above(todo))
    return [desk for desk in above if _is_held(session, desk, on)] or above[:1]


def _above(todo: Todo) -> Iterable[Desk]:
    """街镇→区县→市→省; a unit's to-do goes to its district, a department's up its own line."""
    place = todo.division_code
    if todo.role in DEPARTMENTS | ADMINISTRATORS:
        ends = (CITY_DIGITS, 2) if len(place) > CITY_DIGITS else (2,) if len(place) > 2 else ()
        return [Desk(todo.role, place[:digits]) for digits in ends]
    first = Role.DISTRICT if todo.role in ORGANISATION_ROLES else ROLE_ABOVE.get(todo.role)
    found: list[Desk] = []
    role = first
    while role is not None:
        found.append(Desk(role, place))
        role = ROLE_ABOVE.get(role)
    return found


def _is_held(session: Session, desk: Desk, on: date) -> bool:
    reaching = (*ancestors(desk.division_code), desk.division_code)
    found = sa.select(Position.id).where(
        held(on), Position.role == desk.role, Position.division_code.in_(reaching)
    )
    return session.scalar(found.limit(1)) is not None


def _own_desk(todo: Todo) -> Desk:
    return Desk(todo.role, todo.division_code, todo.organisation_id)


def _running(session: Session) -> list[Todo]:
    """Everything open with a deadline."""
    found = sa.select(Todo).where(
        Todo.closed_at.is_(None), Todo.is_notice.is_(False), Todo.due_on.is_not(None)
    )
    return list(session.scalars(found.order_by(Todo.id)))


def _made(session: Session) -> dict[int, frozenset[int]]:
    """The milestones for which each to-do had its notice, read or not."""
    rows = session.execute(
        sa.select(Todo.reminds_id, Todo.milestone).where(Todo.reminds_id.in_(_running_ids()))
    )
    found: dict[int, set[int]] = {}
    for reminds_id, milestone in rows:
        if reminds_id is not None and milestone is not None:
            found.setdefault(reminds_id, set()).add(milestone)
    return {key: frozenset(values) for key, values in found.items()}


def _told_above(session: Session) -> set[tuple[Matter, Desk]]:
    """What each desk above was told: one matter may wait on several desks of a unit and is told once."""
    notices = sa.select(Todo).where(Todo.reminds_id.in_(_running_ids()), Todo.milestone < 0)
    return {(_matter(todo, todo.milestone or 0), _own_desk(todo)) for todo in session.scalars(notices)}


def _matter(todo: Todo, milestone: int) -> Matter:
    return todo.subject_type, todo.subject_id, todo.title, milestone


def _running_ids() -> sa.ScalarSelect[int]:
    running = sa.alias(Todo.__table__)
    return (
        sa.select(running.c.id)
        .where(running.c.closed_at.is_(None), running.c.is_notice.is_(False))
        .scalar_subquery()
    )


def _leave(session: Session, todo: Todo, desks: list[Desk], milestone: int, at: datetime) -> int:
    """One notice on each desk; an older unread one of the same kind for the same to-do makes room for it."""
    if desks:
        same_kind = Todo.milestone >= 0 if milestone >= 0 else Todo.milestone < 0
        older = sa.update(Todo).where(Todo.reminds_id == todo.id, Todo.closed_at.is_(None), same_kind)
        session.execute(older.values(closed_at=at))
    session.add_all(_notice(todo, desk, milestone, at) for desk in desks)
    return len(desks)


def _notice(todo: Todo, desk: Desk, milestone: int, at: datetime) -> Todo:
    return Todo(
        subject_type=todo.subject_type,
        subject_id=todo.subject_id,
        subject_code=todo.subject_code,
        subject_name=todo.subject_name,
        title=todo.title,
        asked_by=todo.asked_by,
        role=desk.role,
        division_code=desk.division_code,
        organisation_id=desk.organisation_id,
        opened_at=at,
        due_on=todo.due_on,
        due_at=todo.due_at,
        is_estimated=todo.is_estimated,
        is_notice=True,
        reminds_id=todo.id,
        milestone=milestone,
    )
