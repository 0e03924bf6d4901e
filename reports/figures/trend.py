"""Monthly readings of one place from the periods of its people: two statements, however many months.

Each person's presence is a number with one bit per day of reading, so that posts that overlap count once by themselves
and people with the same history are added up together.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from registry.divisions.population import residents_on
from registry.periods import Period
from registry.policy.queries import targets_on
from registry.workforce.counting import Place
from registry.workforce.queries import holding_periods, provider_sites, staff_periods
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.readings import held_to
from reports.figures.shares import Measure, Share, nearest_target

FIRST_MONTH = date(2023, 1, 1)
"""The register keeps histories from here on."""


@dataclass(frozen=True)
class TrendPoint:
    """The share on one day."""

    on: date
    share: Share


def trend(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rule: CountingRule
) -> tuple[TrendPoint, ...]:
    """The share at the end of each month from January 2023 on, and on the day itself.

    `place.basis` says by which divisions past days are cut.
    """
    days = reading_days(on)
    staff = _staff(session, figure, place, rule, days)
    holders = _masks(holding_periods(session, place=place, rule=rule.code, holding=figure.holding), days)
    denominators = _counts(staff.values(), days)
    numerators = _counts((mask & holders.get(person, 0) for person, mask in staff.items()), days)
    targets = targets_on(session, figure.code, days)
    division = _held_to(session, place, on)
    if figure.measure is Measure.DENSITY:
        denominators = _residents(session, place, days)
    return tuple(
        TrendPoint(
            day,
            Share(numerators[i], denominators[i], nearest_target(targets[day], division), figure.measure),
        )
        for i, day in enumerate(days)
    )


def _residents(session: Session, place: Place, days: Sequence[date]) -> list[int]:
    """Of a division on each day, by the newest count; an institution has none."""
    code = place.division_code
    if place.organisation_id is not None:
        return [0] * len(days)
    ends = {day.year: residents_on(session, [code], day) for day in days}
    return [ends[day.year][code].count if code in ends[day.year] else 0 for day in days]


def _staff(
    session: Session, figure: FigureDefinition, place: Place, rule: CountingRule, days: Sequence[date]
) -> dict[int, int]:
    """The days on which each person is in the denominator."""
    among = figure.among
    staff = _masks(staff_periods(session, place=place, rule=rule.code, among=among), days)
    if among.holding is None:
        return staff
    held = _masks(holding_periods(session, place=place, rule=rule.code, holding=among.holding), days)
    return {person: mask & held.get(person, 0) for person, mask in staff.items()}


def _held_to(session: Session, place: Place, on: date) -> str:
    """A division needs no look at its sites."""
    is_institution = place.organisation_id is not None
    return held_to(place, provider_sites(session, place=place, on=on).values() if is_institution else ())


def reading_days(on: date) -> list[date]:
    """The last day of each month from January 2023 to the month before, and the day itself."""
    days = []
    month = FIRST_MONTH
    while (following := next_month(month)) <= on:
        days.append(following - timedelta(days=1))
        month = following
    return [day for day in days if day < on] + [on]


def next_month(first: date) -> date:
    """The first day of the next month."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _masks(periods: Iterable[tuple[int, Period]], days: Sequence[date]) -> dict[int, int]:
    """Each person's days as bits: bit i is set where the person is there on day i."""
    masks: defaultdict[int, int] = defaultdict(int)
    for person, period in periods:
        first = 0 if period.start is None else bisect_left(days, period.start)
        after = len(days) if period.end is None else bisect_left(days, period.end)
        if first < after:
            masks[person] |= (1 << after) - (1 << first)
    return masks


def _counts(masks: Iterable[int], days: Sequence[date]) -> list[int]:
    """How many people are there on each day."""
    histories = Counter(masks)
    return [sum(people for mask, people in histories.items() if mask >> i & 1) for i in range(len(days))]
