"""Working days of 2026 against an independent calendar, deadlines by hand."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from sqlalchemy.orm import Session

from registry.clock import Deadline, WorkingCalendar, today
from registry.policy.loading import load_policy
from registry.policy.queries import working_calendar


@pytest.fixture
def calendar(session: Session) -> WorkingCalendar:
    load_policy(session)
    return working_calendar(session)


def test_every_day_of_2026_agrees_with_an_independent_calendar(calendar: WorkingCalendar) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

    differing = [day for day in days if calendar.is_working_day(day) != chinese_calendar.is_workday(day)]

    assert differing == []


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # a plain week from a Monday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # the Saturday before Spring Festival is worked
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the nine days of Spring Festival
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day week
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # whose Saturday after is worked
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_a_deadline_skips_holidays_and_counts_swapped_days(
    calendar: WorkingCalendar, start: date, count: int, due: date
) -> None:
    assert calendar.add_working_days(start, count) == Deadline(due, is_estimated=False)


def test_a_deadline_that_reaches_into_an_unpublished_year_is_an_estimate(calendar: WorkingCalendar) -> None:
    deadline = calendar.add_working_days(date(2026, 12, 30), 3)

    assert deadline == Deadline(date(2027, 1, 4), is_estimated=True)


def test_working_days_between_counts_the_last_day_and_not_the_first(calendar: WorkingCalendar) -> None:
    assert calendar.working_days_between(date(2026, 4, 30), date(2026, 5, 9)) == 4  # 6, 7, 8 and Saturday 9
    assert calendar.working_days_between(date(2026, 5, 9), date(2026, 4, 30)) == -4
    assert calendar.working_days_between(date(2026, 5, 9), date(2026, 5, 9)) == 0


@pytest.mark.parametrize("count", [1, 7, 40, 120])
def test_a_deadline_lies_as_many_working_days_away_as_asked(calendar: WorkingCalendar, count: int) -> None:
    start = date(2026, 1, 2)

    deadline = calendar.add_working_days(start, count)

    assert calendar.working_days_between(start, deadline.on) == count


@pytest.mark.parametrize(
    ("day", "ordinal"),
    [
        (date(2026, 11, 23), 1),  # Monday
        (date(2026, 11, 27), 5),  # Friday
        (date(2026, 11, 28), None),  # Saturday
        (date(2026, 10, 8), 1),  # the first day after National Day is a Thursday
        (date(2026, 10, 10), 3),  # its swapped Saturday
        (date(2026, 10, 1), None),
    ],
)
def test_a_working_day_has_its_number_in_the_week(
    calendar: WorkingCalendar, day: date, ordinal: int | None
) -> None:
    assert calendar.ordinal_in_week(day) == ordinal


def test_a_year_is_published_when_its_new_years_day_is_named(calendar: WorkingCalendar) -> None:
    assert calendar.is_published(2026)
    assert not calendar.is_published(2027)


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    assert today(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert today(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)
