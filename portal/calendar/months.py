"""A month as its page shows it: weeks from Monday on, what each day is, and what is due on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import pgettext
from sqlalchemy.orm import Session

from portal.workflow.inbox import InboxRow, row_of
from registry.access.actors import Actor
from registry.clock import WorkingCalendar, today
from registry.policy.models import CalendarDay
from registry.policy.queries import calendar_days, working_calendar
from registry.workflow.queries import todos_due

ONE_DAY, WEEK = timedelta(days=1), 7
FIRST_YEAR, LAST_YEAR = 2000, 2100
SHOWN_A_DAY = 2
"""What a small field has room for; the list below has all."""

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Day:
    """One field of the month."""

    on: date
    is_inside: bool
    is_today: bool
    is_workday: bool
    special: CalendarDay | None
    """What the notice says of it."""
    shown: Sequence[InboxRow]
    more: int
    """How many are due beside those shown."""

    @property
    def mark(self) -> str:
        """班 or 休, where the notice speaks of the day."""
        if self.special is None:
            return ""
        return str(pgettext("calendar", "班") if self.special.is_workday else pgettext("calendar", "休"))


@dataclass(frozen=True)
class Month:
    """The page."""

    first: date
    weeks: Sequence[Sequence[Day]]
    due: Sequence[InboxRow]
    specials: Sequence[CalendarDay]
    is_published: bool

    @property
    def before(self) -> str:
        """The address of the month before."""
        return key_of(self.first - ONE_DAY)

    @property
    def after(self) -> str:
        """The address of the month after."""
        return key_of(_next(self.first))


def month_named(typed: str, now: date) -> date:
    """The first day of a month as an address names it (2026-11); this month where it names none."""
    found = _MONTH.fullmatch(typed)
    if found is None:
        return now.replace(day=1)
    year, month = int(found[1]), int(found[2])
    is_one = FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12
    return date(year, month, 1) if is_one else now.replace(day=1)


def key_of(day: date) -> str:
    """As an address names the month of a day."""
    return f"{day.year:04d}-{day.month:02d}"


def month_of(session: Session, actor: Actor, first: date, now: datetime) -> Month:
    """What is due for the actor in a month, on its days."""
    calendar, last = working_calendar(session), _next(first) - ONE_DAY
    start = first - ONE_DAY * first.weekday()
    end = last + ONE_DAY * (WEEK - 1 - last.weekday())
    specials = _specials(session, start, end)
    due = [row_of(todo, actor, now, calendar) for todo in todos_due(session, actor, start, end)]
    days = [
        _day(start + ONE_DAY * number, first, today(now), calendar, specials, due)
        for number in range((end - start).days + 1)
    ]
    return Month(
        first=first,
        weeks=[days[at : at + WEEK] for at in range(0, len(days), WEEK)],
        due=[row for row in due if row.due_on is not None and first <= row.due_on <= last],
        specials=[one for day, one in sorted(specials.items()) if first <= day <= last],
        is_published=calendar.is_published(first.year),
    )


def _specials(session: Session, start: date, end: date) -> dict[date, CalendarDay]:
    found = (one for year in {start.year, end.year} for one in calendar_days(session, year))
    return {one.day: one for one in found if start <= one.day <= end}


def _day(
    on: date,
    first: date,
    now: date,
    calendar: WorkingCalendar,
    specials: Mapping[date, CalendarDay],
    due: Sequence[InboxRow],
) -> Day:
    of_day = [row for row in due if row.due_on == on]
    return Day(
        on=on,
        is_inside=key_of(on) == key_of(first),
        is_today=on == now,
        is_workday=calendar.is_working_day(on),
        special=specials.get(on),
        shown=of_day[:SHOWN_A_DAY],
        more=max(0, len(of_day) - SHOWN_A_DAY),
    )


def _next(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)
