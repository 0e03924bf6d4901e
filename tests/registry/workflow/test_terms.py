"""Terms in working days: paused and resumed over the schedule of 2026, against a count made day by day."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.clock import SHANGHAI, Term, WorkingCalendar
from registry.policy.loading import _calendar_day, _rows

CUT_OFF = time(17, 30)
CALENDAR = WorkingCalendar.of(
    (row["day"], row["is_workday"]) for row in map(_calendar_day, _rows("calendar_2026.csv"))
)
ONE_DAY = timedelta(days=1)
IN_TIME, LATE = time(9), time(18)

Event = tuple[date, time]
"""When something came in or went back; they take turns: in, back, in, …"""


@cache
def works(day: date) -> bool:
    """By the package `chinesecalendar`, and Monday to Friday where it does not reach."""
    return bool(chinese_calendar.is_workday(day)) if day.year == 2026 else day.weekday() < 5


def counted_day_by_day(workdays: int, events: Sequence[Event]) -> date:
    """Ticks off one working day after the other while the term runs; `events` ends with a receipt."""
    left, last = workdays, received_day_by_day(events[0])
    for back, again in zip(events[1::2], events[2::2], strict=True):
        day = last
        while day < back[0]:
            day += ONE_DAY
            left -= works(day)
        last = received_day_by_day(again)
    day = last
    while left > 0:
        day += ONE_DAY
        left -= works(day)
    return day


def received_day_by_day(event: Event) -> date:
    day, hour = event
    if works(day) and hour <= CUT_OFF:
        return day
    day += ONE_DAY
    while not works(day):
        day += ONE_DAY
    return day


def deadline_of(workdays: int, events: Sequence[Event]) -> tuple[date, bool]:
    """As the product counts."""
    term = Term(workdays)
    for number, (day, hour) in enumerate(events):
        at = datetime.combine(day, hour, SHANGHAI)
        term = term.paused(day) if number % 2 else term.begun(CALENDAR.received_on(at, CUT_OFF))
    found = term.deadline(CALENDAR)
    assert found is not None
    return found.on, found.is_estimated


def days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def around_spring_festival() -> Iterator[tuple[int, list[Event]]]:
    """Every start, pause and resumption from 11 to 27 February 2026, in time and after the cut-off."""
    window = days(date(2026, 2, 11), date(2026, 2, 27))
    for workdays in (1, 3, 5):
        for start in window:
            for hour in (IN_TIME, LATE):
                yield workdays, [(start, hour)]
                for pause in (day for day in window if day >= start):
                    for resume in (day for day in window if day >= pause):
                        yield workdays, [(start, hour), (pause, IN_TIME), (resume, LATE)]
                        yield workdays, [(start, hour), (pause, LATE), (resume, LATE)]


def test_every_pause_around_the_spring_festival_agrees_with_a_count_by_hand(
    tell: Callable[[str], None],
) -> None:
    cases = list(around_spring_festival())
    wrong = [case for case in cases if deadline_of(*case)[0] != counted_day_by_day(*case)]
    assert wrong == []
    tell(f"clocks: {len(cases)} courses over the Spring Festival of 2026, 0 differ from the count day by day")


def test_every_day_of_2026_begins_terms_that_agree_with_a_count_by_hand(tell: Callable[[str], None]) -> None:
    cases = [
        (workdays, [(day, hour)])
        for workdays in (0, 1, 3, 5, 7, 10, 15, 20, 30)
        for day in days(date(2026, 1, 1), date(2026, 12, 31))
        for hour in (IN_TIME, CUT_OFF, LATE)
    ]
    wrong = [case for case in cases if deadline_of(*case)[0] != counted_day_by_day(*case)]
    assert wrong == []
    tell(f"clocks: {len(cases)} terms from every day of 2026, 0 differ from the count day by day")


@st.composite
def courses(draw: st.DrawFn) -> tuple[int, list[Event]]:
    """A term with up to five pauses, each event on the day of the one before or later."""
    day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 330)))
    events = []
    for _ in range(1 + 2 * draw(st.integers(0, 5))):
        events.append((day, draw(st.times())))
        day += timedelta(days=draw(st.integers(0, 20)))
    return draw(st.integers(0, 40)), events


def test_random_courses_agree_with_a_count_by_hand(tell: Callable[[str], None]) -> None:
    seen = [0]

    @settings(max_examples=1500, deadline=None)
    @given(course=courses())
    def agree(course: tuple[int, list[Event]]) -> None:
        seen[0] += 1
        due, is_estimated = deadline_of(*course)
        assert due == counted_day_by_day(*course)
        last = max(due, *(day for day, _hour in course[1]))
        assert is_estimated is (last.year > 2026)

    agree()
    tell(
        f"clocks: {seen[0]} random courses of start, pause and resumption, 0 differ from the count day by day"
    )


def test_a_pause_within_one_day_changes_nothing() -> None:
    start, middle = (date(2026, 11, 23), IN_TIME), (date(2026, 11, 25), IN_TIME)
    assert deadline_of(5, [start, middle, middle]) == deadline_of(5, [start])


def test_the_term_goes_on_where_it_stopped() -> None:
    # Two of five days were used before the National Day week; three are left after it: 9, 10 (swapped), 12 October.
    course = [(date(2026, 9, 28), IN_TIME), (date(2026, 9, 30), IN_TIME), (date(2026, 10, 8), IN_TIME)]
    assert deadline_of(5, course) == (date(2026, 10, 12), False)


def test_an_overdue_term_that_comes_back_is_due_on_the_day_of_receipt() -> None:
    course = [(date(2026, 11, 2), IN_TIME), (date(2026, 11, 20), IN_TIME), (date(2026, 11, 23), IN_TIME)]
    assert deadline_of(3, course) == (date(2026, 11, 23), False)


def test_a_term_that_stands_still_has_no_deadline() -> None:
    assert Term(5).begun(date(2026, 11, 23)).paused(date(2026, 11, 24)).deadline(CALENDAR) is None
    assert Term(5).paused(date(2026, 11, 24)) == Term(5)


@pytest.mark.parametrize(
    ("at", "received"),
    [
        (datetime(2026, 11, 23, 17, 30), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 17, 30, 1), date(2026, 11, 24)),
        (datetime(2026, 11, 27, 18), date(2026, 11, 30)),  # Friday evening
        (datetime(2026, 11, 28, 9), date(2026, 11, 30)),  # Saturday
        (datetime(2026, 2, 14, 9), date(2026, 2, 14)),  # a Saturday on which people work
        (datetime(2026, 2, 14, 18), date(2026, 2, 24)),  # and its evening, before the nine days
        (datetime(2026, 2, 17, 9), date(2026, 2, 24)),  # Spring Festival
    ],
)
def test_what_comes_in_after_the_cut_off_is_received_on_the_next_working_day(
    at: datetime, received: date
) -> None:
    assert CALENDAR.received_on(at.replace(tzinfo=SHANGHAI), CUT_OFF) == received


def test_without_a_cut_off_a_day_lasts_until_midnight() -> None:
    assert CALENDAR.received_on(datetime(2026, 11, 23, 23, 59, tzinfo=SHANGHAI), None) == date(2026, 11, 23)
