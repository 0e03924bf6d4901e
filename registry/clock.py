"""Time as the law counts it: instants in UTC, days in Shanghai, deadlines in Chinese working days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


def utc_now() -> datetime:
    """The present instant; only the edges (a request, a command, a job) ask for it."""
    return datetime.now(UTC)


def today(now: datetime | None = None) -> date:
    """The calendar day in Shanghai at an instant."""
    return (now or utc_now()).astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Deadline:
    """The last day of a period; estimated where it reaches into a year whose holidays are not published."""

    on: date
    is_estimated: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday, but for the days of which the State Council's yearly notice says otherwise."""

    exceptions: Mapping[date, bool]
    """Whether people work on a day of the notice."""

    @classmethod
    def of(cls, days: Iterable[tuple[date, bool]]) -> "WorkingCalendar":
        """From pairs of a day and whether people work on it."""
        return cls(dict(days))

    def is_published(self, year: int) -> bool:
        """Every notice names New Year's Day; a few of its days may already lie in the year before."""
        return date(year, 1, 1) in self.exceptions

    def is_working_day(self, day: date) -> bool:
        """Whether people work on a day."""
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def add_working_days(self, start: date, count: int) -> Deadline:
        """The deadline of a period of `count` working days; the day on which it starts is not counted."""
        day, left = start, count
        while left > 0:
            day += ONE_DAY
            left -= self.is_working_day(day)
        return Deadline(day, is_estimated=self._is_estimated(start, day))

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative where `end` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(map(self.is_working_day, days))

    def ordinal_in_week(self, day: date) -> int | None:
        """Which working day of its week (Monday to Sunday) a day is, from 1; None where nobody works."""
        if not self.is_working_day(day):
            return None
        sunday_before = day - timedelta(days=day.weekday() + 1)
        return self.working_days_between(sunday_before, day)

    def received_on(self, at: datetime, cut_off: time | None) -> date:
        """The working day that counts as the day of receipt: the next one, after the cut-off or on a day off.

        Without a cut-off a day lasts until midnight.
        """
        local = at.astimezone(SHANGHAI)
        day = local.date()
        is_in_time = cut_off is None or local.time() <= cut_off
        return self.working_day_from(day if is_in_time else day + ONE_DAY)

    def working_day_from(self, day: date) -> date:
        """The day itself where people work on it, or the next on which they do."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1).on

    def _is_estimated(self, start: date, end: date) -> bool:
        return not all(self.is_published(year) for year in years(start, end))


@dataclass(frozen=True)
class Term:
    """So many working days to do something in: it runs from a day of receipt on, stands still, and goes on.

    The day of receipt is not counted, the day on which it is paused is: a pause within one day changes nothing.
    """

    workdays: int
    runs: tuple[tuple[date, date], ...] = ()
    """Each time it ran until it was paused: the day of receipt, and the day of the pause."""
    since: date | None = None
    """The day of receipt from which it runs now; None while it stands still."""

    def begun(self, received: date) -> "Term":
        """It begins to run, or goes on where it stopped."""
        return replace(self, since=received)

    def paused(self, on: date) -> "Term":
        """It stands still; what came in after the cut-off and went back the same day used nothing up."""
        if self.since is None:
            return self
        return replace(self, runs=(*self.runs, (self.since, max(on, self.since))), since=None)

    def used(self, calendar: WorkingCalendar) -> int:
        """The working days of the runs that have ended."""
        return sum(calendar.working_days_between(start, end) for start, end in self.runs)

    def left(self, calendar: WorkingCalendar) -> int:
        """The working days with which it goes on; none where it was overdue."""
        return max(0, self.workdays - self.used(calendar))

    def deadline(self, calendar: WorkingCalendar) -> Deadline | None:
        """The last day while it runs; estimated where any day since it first began is of an unpublished year."""
        if self.since is None:
            return None
        # The day of receipt may have been reckoned by an estimate: where nobody works on it after all, it is the next.
        since = calendar.working_day_from(self.since)
        found = calendar.add_working_days(since, self.left(calendar))
        is_known = all(calendar.is_published(year) for start, end in self.runs for year in years(start, end))
        return replace(found, is_estimated=found.is_estimated or not is_known)


def years(start: date, end: date) -> range:
    """The calendar years that a period touches."""
    return range(start.year, end.year + 1)
