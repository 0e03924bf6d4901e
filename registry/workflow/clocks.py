"""办理时限 of records: when a term ends, what makes it stand still and go on, and how urgent a deadline is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.clock import SHANGHAI, WorkingCalendar, today
from registry.policy.queries import parameter, parameter_if_set
from registry.workflow.models import Clock, Todo
from registry.workflow_table import Subject

SOON = timedelta(days=3)
MIDNIGHT = time(23, 59, 59)

CUT_OFF = "workday.cut_off"
"""Policy parameter: HH:MM in Shanghai. What comes in later is received on the next working day; deadlines end then."""


class Urgency(StrEnum):
    """How a deadline stands on a day; the words of the inbox."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True)
class Due:
    """When a clock ends: the day, the instant of its cut-off, and whether the day is an estimate."""

    on: date
    at: datetime
    is_estimated: bool


def wind(
    session: Session,
    subject: Subject,
    term: str,
    place: str,
    at: datetime,
    calendar: WorkingCalendar,
    *,
    goes_on: bool = False,
) -> Clock:
    """The clock of a term of the record: set going, or going on where it stood still. Here the cut-off applies.

    `place` says whose policy holds; the number of days is the one in force when the clock first begins. With `goes_on`
    the last one that ended runs on from where it began.
    """
    clock = open_clock(session, subject, term)
    if clock is None and goes_on:
        clock = _reopened(session, subject, term)
    if clock is None:
        clock = Clock(
            subject_type=subject.type,
            subject_id=subject.id,
            term=term,
            workdays=_workdays(session, term, place, at),
            runs=[],
            since=None,
            opened_at=at,
        )
        session.add(clock)
    if clock.since is None:
        clock.set_to(clock.reading.begun(_received(session, place, at, calendar)))
    session.flush()  # what waits by this clock names it
    return clock


def last_day_from(session: Session, term: str, place: str, at: datetime, calendar: WorkingCalendar) -> date:
    """The last day of a term that would begin now: what its clock would say."""
    received = _received(session, place, at, calendar)
    return calendar.add_working_days(received, _workdays(session, term, place, at)).on


def last_day_of(
    session: Session, subject: Subject, term: str, place: str, calendar: WorkingCalendar
) -> date | None:
    """The last day of the term that runs, by the calendar as it stands today; None where none runs."""
    clock = open_clock(session, subject, term)
    due = due_of(session, clock, place, calendar) if clock is not None else None
    return due.on if due is not None else None


def _workdays(session: Session, term: str, place: str, at: datetime) -> int:
    return int(parameter(session, term, place, today(at)))


def _received(session: Session, place: str, at: datetime, calendar: WorkingCalendar) -> date:
    return calendar.received_on(at, cut_off(session, place, today(at)))


def _reopened(session: Session, subject: Subject, term: str) -> Clock | None:
    of_term = (Clock.subject_type == subject.type, Clock.subject_id == subject.id, Clock.term == term)
    clock = session.scalar(sa.select(Clock).where(*of_term).order_by(Clock.id.desc()).limit(1))
    if clock is not None:
        clock.closed_at = None
    return clock


def open_clock(session: Session, subject: Subject, term: str) -> Clock | None:
    """The clock that runs or stands still for this term."""
    return session.scalar(sa.select(Clock).where(*_open_of(subject), Clock.term == term))


def due_of_term(
    session: Session, subject: Subject, term: str, place: str, calendar: WorkingCalendar
) -> Due | None:
    """When the clock of a term of the record ends; None where none runs."""
    clock = open_clock(session, subject, term)
    return due_of(session, clock, place, calendar) if clock is not None else None


def due_if_begun(session: Session, term: str, place: str, at: datetime, calendar: WorkingCalendar) -> Due:
    """When a term would end that begins at an instant: what a notice says before its clock is wound."""
    days = int(parameter(session, term, place, today(at)))
    received = calendar.received_on(at, cut_off(session, place, today(at)))
    found = calendar.add_working_days(received, days)
    return Due(found.on, closing(session, place, found.on), found.is_estimated)


def stop_clocks(
    session: Session,
    subject: Subject,
    *,
    at: datetime,
    pausing: str | None = None,
    resuming: str | None = None,
) -> None:
    """The record moved on: its clocks are over, but for the one that is to stand still or is about to go on."""
    for clock in session.scalars(sa.select(Clock).where(*_open_of(subject))):
        if clock.term == pausing:
            clock.set_to(clock.reading.paused(today(at)))
        elif clock.term != resuming or clock.since is not None:
            clock.closed_at = at


def due_of(session: Session, clock: Clock, place: str, calendar: WorkingCalendar) -> Due | None:
    """When a running clock ends; None while it stands still."""
    found = clock.reading.deadline(calendar)
    if found is None:
        return None
    return Due(found.on, closing(session, place, found.on), found.is_estimated)


def closing(session: Session, place: str, on: date) -> datetime:
    """The instant at which a day is over for what is due on it."""
    return datetime.combine(on, cut_off(session, place, on) or MIDNIGHT, SHANGHAI)


def cut_off(session: Session, place: str, on: date) -> time | None:
    """Until when a working day lasts in a place; None where policy says nothing: until midnight."""
    said = parameter_if_set(session, CUT_OFF, place, on)
    return None if said is None else time.fromisoformat(str(said))


def paused_clocks(session: Session, subject: Subject) -> list[Clock]:
    """The terms of a record that stand still."""
    found = sa.select(Clock).where(*_open_of(subject), Clock.since.is_(None))
    return list(session.scalars(found.order_by(Clock.id)))


def urgency(due_on: date | None, today: date) -> Urgency:
    """Overdue from the day after the deadline on; soon means within three days, calendar days as people count."""
    if due_on is None:
        return Urgency.NONE
    if due_on < today:
        return Urgency.OVERDUE
    if due_on == today:
        return Urgency.TODAY
    return Urgency.SOON if due_on <= today + SOON else Urgency.LATER


def urgency_of(todo: Todo, now: datetime) -> Urgency:
    """The same to the minute: overdue from the cut-off on."""
    if todo.due_at is not None and todo.due_at < now:
        return Urgency.OVERDUE
    return urgency(todo.due_on, today(now))


def _open_of(subject: Subject) -> tuple[sa.ColumnElement[bool], ...]:
    return Clock.subject_type == subject.type, Clock.subject_id == subject.id, Clock.closed_at.is_(None)
