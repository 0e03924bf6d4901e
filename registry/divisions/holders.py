"""Who holds division codes: each noun declares its columns here, so that a division change reaches all.

Three kinds of columns hold a code. Today's code (a site, an account) is rewritten by a change. A placement
holds that day's code beside today's: an open one is cut at the change. A fact of its day (an audit entry, a
census count) is never touched and is not declared.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from registry.messages import Message

Attribute = InstrumentedAttribute[Any]
Expression = ColumnElement[Any] | InstrumentedAttribute[Any]

NO_SITE: Expression = sa.null()
"""In a split the row follows no site: it goes to the part that keeps the code, or to the first part."""

ALL_ROWS = sa.true()


@dataclass(frozen=True)
class Holder:
    """A column with today's code of a place; `site_id` is the site whose part a row follows in a split."""

    label: Message
    code: Attribute
    name: Expression
    site_id: Expression = NO_SITE
    rows: ColumnElement[bool] = ALL_ROWS


@dataclass(frozen=True)
class PeriodHolder:
    """A table of periods with that day's code and today's; a cut copies every other column."""

    label: Message
    model: type[Any]
    that_days_code: Attribute
    todays_code: Attribute
    valid_from: Attribute
    valid_to: Attribute
    name: Expression
    site_id: Attribute


@dataclass(frozen=True)
class Followed:
    """The rows that the file of a split assigns one by one: the sites. What else lies there follows."""

    id: Attribute
    code: Attribute
    name: Attribute
    places: tuple[Attribute, ...]
    is_active: Callable[[date], ColumnElement[bool]]


@dataclass(frozen=True)
class Carried:
    """Rows that hold for a place from a day on, until replaced: the old code keeps them for its own days.

    Its successor gets a copy from the day of the change on, unless it has a row of its own under the same key.
    """

    label: Message
    model: type[Any]
    code: Attribute
    key: Attribute
    valid_from: Attribute
    name: Attribute


HOLDERS: list[Holder] = []
PERIODS: list[PeriodHolder] = []
FOLLOWED: list[Followed] = []
CARRIED: list[Carried] = []


def declare_holder(holder: Holder) -> None:
    """Called once by the noun that owns the column."""
    HOLDERS.append(holder)


def declare_periods(holder: PeriodHolder) -> None:
    """Called once by the noun that owns the table."""
    PERIODS.append(holder)


def declare_carried(carried: Carried) -> None:
    """Called once by the noun that owns the table."""
    CARRIED.append(carried)


def declare_followed(followed: Followed) -> None:
    """Called once by the noun that owns the sites."""
    FOLLOWED.append(followed)
