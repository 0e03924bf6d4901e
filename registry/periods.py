"""Half-open periods: what begins on a day holds from it on; the day on which it ends is the first without it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

DayColumn = ColumnElement[Any] | InstrumentedAttribute[date] | InstrumentedAttribute[date | None]


@dataclass(frozen=True)
class Period:
    """From `start` to the day before `end`; None does not bind."""

    start: date | None
    end: date | None

    @classmethod
    def common(cls, starts: Iterable[date | None], ends: Iterable[date | None]) -> "Period":
        """What several periods share: the latest start and the earliest end; it may hold no day at all."""
        return cls(
            max((day for day in starts if day is not None), default=None),
            min((day for day in ends if day is not None), default=None),
        )

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True)
class DatedRows:
    """Rows of joined tables that hold from the latest of their starts to the day before the earliest of their ends."""

    source: sa.FromClause
    condition: ColumnElement[bool]
    starts: tuple[DayColumn, ...]
    ends: tuple[DayColumn, ...]

    def on(self, day: date) -> ColumnElement[bool]:
        """The condition that a row holds on the day."""
        return sa.and_(
            self.condition,
            *(has_begun(column, day) for column in self.starts),
            *(has_not_ended(column, day) for column in self.ends),
        )

    def period_of(self, bounds: Iterable[date | None]) -> Period:
        """The period of a row whose starts and ends were selected in this order."""
        days = tuple(bounds)
        return Period.common(days[: len(self.starts)], days[len(self.starts) :])


def has_begun(column: DayColumn, day: date) -> ColumnElement[bool]:
    """An unknown start does not bind; a column that is never null is compared alone, so that an index serves it."""
    begun = column <= day
    return sa.or_(column.is_(None), begun) if _is_nullable(column) else begun


def has_not_ended(column: DayColumn, day: date) -> ColumnElement[bool]:
    """No end, or one that lies after the day."""
    return sa.or_(column.is_(None), column > day)


def _is_nullable(column: DayColumn) -> bool:
    return bool(
        getattr(column.expression if isinstance(column, InstrumentedAttribute) else column, "nullable", True)
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(
        date(day.year + year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1)
    )
