"""What a person may hold for a time, as conditions on one day and as periods: papers, and the hours of a year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import NATION
from registry.periods import Period
from registry.policy.queries import TermInForce, terms_of, value_on
from registry.workforce.counting import (
    COUNTED_ENGAGEMENTS,
    SOCIAL_WORKER_PAPERS,
    Holding,
    Periods,
    PersonColumn,
)
from registry.workforce.models import Certificate, Post, Practitioner, Training


class BoundHolding(Protocol):
    """Something that a person holds on some days and not on others, with the policy that says what it takes."""

    def holders(self, day: date) -> sa.Select[int]:
        """The people who hold it on the day, each perhaps more than once."""
        ...

    def is_held_by(self, person: PersonColumn, day: date) -> ColumnElement[bool]:
        """The same as a condition on one person, for when few people are asked about."""
        ...

    def periods(self, session: Session, people: sa.Select[int]) -> Periods:
        """Who of some people holds it when."""
        ...


class Held(Protocol):
    """The same before its policy is read."""

    def bound(self, session: Session) -> BoundHolding:
        """With the policy that is in force on each day."""
        ...


class Newcomers(StrEnum):
    """How many hours are asked of who took up work in the course of the year."""

    WHOLE = "whole"
    PRO_RATA = "pro_rata"
    """In proportion to the months from the first one at work."""


@dataclass(frozen=True)
class Everybody:
    """What everybody holds: for figures that count people and ask nothing of them."""

    def bound(self, _session: Session) -> "Everybody":
        """It asks no policy."""
        return self

    def holders(self, _day: date) -> sa.Select[int]:
        """All there are."""
        return sa.select(Practitioner.id)

    def is_held_by(self, _person: PersonColumn, _day: date) -> ColumnElement[bool]:
        """Always."""
        return sa.true()

    def periods(self, session: Session, people: sa.Select[int]) -> Periods:
        """Without an end."""
        for person_id in session.scalars(people.distinct()):
            yield person_id, Period(None, None)


MONTHS, TENTHS = 12, 10
"""Hours have one decimal: added up in tenths they stay exact in every database."""


@dataclass(frozen=True)
class YearlyHours:
    """So many hours of rehabilitation training in the calendar year up to the day.

    How many is policy, one number for the whole country: a person of two places cannot be held to two numbers.
    """

    hours_key: str
    newcomers_key: str

    def bound(self, session: Session) -> "HoursRules":
        """What is asked, on every day."""
        hours, newcomers = (terms_of(session, key, NATION) for key in (self.hours_key, self.newcomers_key))
        return HoursRules(hours, newcomers)


@dataclass(frozen=True)
class HoursRules:
    """The two parameters over time."""

    hours: tuple[TermInForce, ...]
    newcomers: tuple[TermInForce, ...]

    def holders(self, day: date) -> sa.Select[int]:
        """Whoever has attended enough in the year of the day."""
        attended = sa.select(Training.practitioner_id).where(_of_the_year(day))
        return attended.group_by(Training.practitioner_id).having(self._is_enough(day))

    def is_held_by(self, person: PersonColumn, day: date) -> ColumnElement[bool]:
        """The same for one person."""
        own = sa.select(sa.literal(1)).where(_of_the_year(day), Training.practitioner_id == person)
        enough = own.group_by(Training.practitioner_id).having(self._is_enough(day))
        return enough.correlate(person.class_).exists()

    def periods(self, session: Session, people: sa.Select[int]) -> Periods:
        """From the day on which the hours are full to the end of the year, or to where more are asked."""
        entered = entry_days(session, people)
        courses = (
            sa.select(Training.practitioner_id, Training.held_on, _tenths_attended())
            .where(Training.is_rehabilitation.is_(True), Training.practitioner_id.in_(people))
            .group_by(Training.practitioner_id, Training.held_on)
            .order_by(Training.practitioner_id, Training.held_on)
        )
        rows = session.execute(courses).all()
        for (person_id, year), of_year in groupby(rows, key=lambda row: (row[0], row[1].year)):
            attended = _added_up((day, tenths) for _person, day, tenths in of_year)
            for period in self._full(attended, year, entered.get(person_id)):
                yield person_id, period

    def tenths_for(self, day: date, entered: date | None) -> Fraction:
        """Asked of somebody who took up work on a day: in proportion to his months where newcomers are let off."""
        is_newcomer = entered is not None and entered.year == day.year
        if entered is None or not is_newcomer or self._newcomers_on(day) is Newcomers.WHOLE:
            return Fraction(self._tenths_on(day))
        return Fraction(self._tenths_on(day) * (MONTHS + 1 - entered.month), MONTHS)

    def _is_enough(self, day: date) -> ColumnElement[bool]:
        needed = self._tenths_on(day)
        if self._newcomers_on(day) is Newcomers.WHOLE:
            return _tenths_attended() >= needed
        return _tenths_attended() * MONTHS >= _months_at_work(day) * needed

    def _tenths_on(self, day: date) -> int:
        return int(Decimal(str(value_on(self.hours, day))) * TENTHS)

    def _newcomers_on(self, day: date) -> Newcomers:
        return Newcomers(value_on(self.newcomers, day))

    def _full(
        self, attended: Sequence[tuple[date, int]], year: int, entered: date | None
    ) -> Iterator[Period]:
        """The stretches of a year in which the hours so far are enough."""
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
        turns = {day for term in (*self.hours, *self.newcomers) for day in (term.valid_from, term.valid_to)}
        steps = {first, after, *(day for day, _tenths in attended), *(day for day in turns if day)}
        for start, end in pairwise(sorted(day for day in steps if first <= day <= after)):
            so_far = max((tenths for day, tenths in attended if day <= start), default=0)
            if so_far >= self.tenths_for(start, entered):
                yield Period(start, end)


def entry_days(session: Session, people: sa.Select[int]) -> dict[int, date]:
    """When each of some people first took up paid work in a register's institution."""
    first = sa.func.min(Post.start_on)
    employed = Post.engagement.in_(COUNTED_ENGAGEMENTS)
    statement = sa.select(Post.practitioner_id, first).where(employed, Post.practitioner_id.in_(people))
    return dict(session.execute(statement.group_by(Post.practitioner_id)).all())


def _of_the_year(day: date) -> ColumnElement[bool]:
    until_now = Training.held_on.between(date(day.year, 1, 1), day)
    return sa.and_(Training.is_rehabilitation.is_(True), until_now)


def _tenths_attended() -> ColumnElement[int]:
    return sa.func.sum(sa.cast(sa.func.round(Training.hours * TENTHS), sa.Integer))


def _months_at_work(day: date) -> ColumnElement[int]:
    """Of the year of the day, for the person of a group of courses."""
    post = aliased(Post)
    first = sa.func.min(post.start_on)
    months = sa.case((first >= date(day.year, 1, 1), MONTHS + 1 - sa.extract("month", first)), else_=MONTHS)
    employed = post.engagement.in_(COUNTED_ENGAGEMENTS)
    own = sa.select(months).where(employed, post.practitioner_id == Training.practitioner_id)
    return own.correlate(Training).scalar_subquery()


def _added_up(courses: Iterable[tuple[date, int]]) -> list[tuple[date, int]]:
    days, tenths = zip(*courses, strict=True)
    return list(zip(days, accumulate(tenths), strict=True))


@dataclass(frozen=True)
class Among:
    """Of the staff by a rule, those among whom a figure looks: all, or who does or holds something."""

    is_direct: bool = False
    """Only posts that work with the people served."""
    holding: Held | None = None

    @property
    def posts(self) -> ColumnElement[bool]:
        """The condition on the post."""
        return Post.direct_service.is_(True) if self.is_direct else sa.true()

    def of_posts(self, session: Session, person: PersonColumn, day: date) -> ColumnElement[bool]:
        """The condition on the post and its person."""
        if self.holding is None:
            return self.posts
        return sa.and_(self.posts, self.holding.bound(session).is_held_by(person, day))


ALL_OF_THEM = Among()

EVERYBODY = Everybody()
SOCIAL_WORKER_PAPER = Holding(SOCIAL_WORKER_PAPERS, Certificate.practitioner_id)
REHABILITATION_TRAINING = YearlyHours("training.rehabilitation_hours", "training.newcomers")
