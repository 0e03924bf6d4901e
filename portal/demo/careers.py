"""Careers that add up: from a course of readings to people who come, go and qualify between them.

A course says how many qualified among how many staff there were on each reading. The steps between two readings are
split into leavings, late diplomas and hirings, so that every reading is met exactly and the months between move
believably.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from portal.demo.plan import Count

LEAVE_YEARLY = 0.09
"""Of the staff, each year; qualified people leave half as often."""

EARLIEST_START = date(2016, 3, 1)


@dataclass(frozen=True)
class Career:
    """One person's time at an institution; `qualified_on` is the day from which a diploma counts."""

    start_on: date
    end_on: date | None = None
    qualified_on: date | None = None

    def is_present(self, day: date) -> bool:
        """Whether the career covers the day."""
        return self.start_on <= day and (self.end_on is None or day < self.end_on)

    def is_qualified(self, day: date) -> bool:
        """Whether a diploma counts on the day."""
        return self.qualified_on is not None and self.qualified_on <= day


@dataclass(frozen=True)
class Step:
    """What happens between two readings."""

    qualified_leave: int
    others_leave: int
    diplomas: int
    qualified_hired: int
    others_hired: int


def careers(
    rng: Random, course: Sequence[Count], days: Sequence[date], *, opened_on: date = EARLIEST_START
) -> list[Career]:
    """The careers behind a course; `days` are its readings in order, nobody starts before the opening."""
    staff = _first_staff(rng, course[0], days[0], opened_on)
    for i in range(1, len(days)):
        after = max(days[i - 1], min(opened_on - timedelta(days=1), days[i] - timedelta(days=1)))
        step = _step(course[i - 1], course[i], (days[i] - days[i - 1]).days / 365)
        staff = _taken(rng, staff, step, after, days[i])
    return staff


def _first_staff(rng: Random, count: Count, day: date, opened_on: date) -> list[Career]:
    starts = [_day_between(rng, opened_on, day) for _ in range(count.staff)]
    return [
        Career(start, qualified_on=_qualified_by(rng, start, day) if i < count.qualified else None)
        for i, start in enumerate(starts)
    ]


def _qualified_by(rng: Random, start: date, day: date) -> date:
    """Mostly on the first working day; some qualified beside the work before the first reading."""
    return start if rng.random() < 0.7 else _day_between(rng, start, day)


def _step(before: Count, after: Count, years: float) -> Step:
    """Leavings at the usual rate, then as few further events as the two readings ask for."""
    qualified_leave = min(before.qualified, round(before.qualified * LEAVE_YEARLY / 2 * years))
    others_before, others_after = before.staff - before.qualified, after.staff - after.qualified
    gain = after.qualified - before.qualified + qualified_leave
    if gain < 0:
        qualified_leave, gain = qualified_leave - gain, 0
    diplomas = min(round(gain * 0.4), others_before)
    others_leave = min(others_before - diplomas, round(others_before * LEAVE_YEARLY * years))
    others_hired = others_after - others_before + diplomas + others_leave
    if others_hired < 0:
        others_leave, others_hired = others_leave - others_hired, 0
    return Step(qualified_leave, others_leave, diplomas, gain - diplomas, others_hired)


def _taken(rng: Random, staff: list[Career], step: Step, after: date, until: date) -> list[Career]:
    """The careers once the step is taken; every event falls after the one reading and no later than the next."""
    gone = [career for career in staff if not career.is_present(after)]
    qualified = _shuffled(rng, [c for c in staff if c.is_present(after) and c.is_qualified(after)])
    others = _shuffled(rng, [c for c in staff if c.is_present(after) and not c.is_qualified(after)])
    leaving, staying = _split(qualified, step.qualified_leave)
    quitting, remaining = _split(others, step.others_leave)
    graduating, unchanged = _split(remaining, step.diplomas)
    return [
        *gone,
        *(replace(career, end_on=_event(rng, after, until)) for career in leaving + quitting),
        *(
            replace(career, qualified_on=_event(rng, after, until, whole_months=False))
            for career in graduating
        ),
        *staying,
        *unchanged,
        *_hired(rng, step.qualified_hired, step.others_hired, after, until),
    ]


def _hired(rng: Random, qualified: int, others: int, after: date, until: date) -> list[Career]:
    starts = [_event(rng, after, until) for _ in range(qualified + others)]
    return [Career(start, qualified_on=start if i < qualified else None) for i, start in enumerate(starts)]


def _split(people: list[Career], first: int) -> tuple[list[Career], list[Career]]:
    return people[:first], people[first:]


def _shuffled(rng: Random, people: list[Career]) -> list[Career]:
    return rng.sample(people, len(people))


def _event(rng: Random, after: date, until: date, *, whole_months: bool = True) -> date:
    """A day after the one and no later than the other; people mostly come and go with the month."""
    day = after + timedelta(days=rng.randint(1, (until - after).days))
    first = day.replace(day=1)
    return first if whole_months and first > after and rng.random() < 0.7 else day


def _day_between(rng: Random, low: date, high: date) -> date:
    return low + timedelta(days=rng.randint(0, (high - low).days))
