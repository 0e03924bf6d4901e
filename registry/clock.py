"""Time as the law counts it: instants in UTC, days in Shanghai, deadlines in Chinese working days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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

    def _is_estimated(self, start: date, end: date) -> bool:
        return not all(self.is_published(year) for year in range(start.year, end.year + 1))
