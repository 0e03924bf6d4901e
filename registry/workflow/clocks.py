"""Deadlines in working days, and how urgent one is today."""

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.clock import Deadline, WorkingCalendar
from registry.policy.queries import parameter

SOON = timedelta(days=3)


class Urgency(StrEnum):
    """How a deadline stands on a day; the words of the inbox."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


def deadline(
    session: Session, term: str, division_code: str, start: date, calendar: WorkingCalendar
) -> Deadline:
    """The last day of a term that policy sets, in a place, for what begins on a day."""
    days = int(parameter(session, term, division_code, start))
    return calendar.add_working_days(start, days)


def urgency(due_on: date | None, today: date) -> Urgency:
    """Overdue from the day after the deadline on; soon means within three days, calendar days as people count."""
    if due_on is None:
        return Urgency.NONE
    if due_on < today:
        return Urgency.OVERDUE
    if due_on == today:
        return Urgency.TODAY
    return Urgency.SOON if due_on <= today + SOON else Urgency.LATER
