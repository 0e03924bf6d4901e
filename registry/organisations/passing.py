"""What a succession does to rows that hang on a site or on an organisation: each noun declares its own.

The old site closes and a new one opens at the same place, so that every past day keeps the organisation that it had.
A noun whose rows hang on a site says here how they go on at the new one (`Passing`), how they end with a site that
closes or an organisation that is over (`Ending`), what stays as it is (`Staying`), and how all that comes back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry.messages import Message

Kept = list[dict[str, Any]]
"""What a succession keeps of the rows that it changed, as JSON: enough to see them untouched and to give them back."""


@dataclass(frozen=True)
class Prospect:
    """A succession as it is looked at before it is recorded."""

    on: date
    """The first day on which the successor stands in the predecessor's place."""
    successor_id: int


@dataclass(frozen=True)
class Passage(Prospect):
    """One that is recorded or undone now, and by whom."""

    at: datetime
    document: str
    by_code: str
    by_name: str


Count = Callable[[Session, int, Prospect], int]
"""Of a site, or of an organisation, by its key."""


@dataclass(frozen=True)
class Counted:
    """A line of the preview."""

    label: Message
    count: Count


@dataclass(frozen=True)
class Passing:
    """The rows of one noun at a site that passes over."""

    key: str
    """Under which a succession keeps them."""
    counted: tuple[Counted, ...]
    """What goes on, kind by kind."""
    pass_on: Callable[[Session, int, int, Passage], Kept]
    """From the old site to the new one."""
    stands: Callable[[Session, int, Kept], bool]
    """Whether the new site holds exactly what passed over, unchanged."""
    give_back: Callable[[Session, Kept, Passage], None]
    """Undo: the rows are at the old site again as they were."""
    lost: tuple[Counted, ...] = ()
    """What ends although its site passes over: the successor has no right to it."""


class Over(StrEnum):
    """What is over, so that rows end."""

    SITE = "site"
    """Closed with a predecessor that ends."""
    ORGANISATION = "organisation"
    """The predecessor itself."""


@dataclass(frozen=True)
class Ending:
    """Rows of one noun that do not pass over and end."""

    key: str
    over: Over
    counted: tuple[Counted, ...]
    end: Callable[[Session, int, Passage], Kept]
    stands: Callable[[Session, Kept], bool]
    """Whether nobody acted on them since."""
    give_back: Callable[[Session, Kept, Passage], None]


@dataclass(frozen=True)
class Staying:
    """Rows at a site that passes over which stay the predecessor's, who lives on: said, and left alone."""

    counted: Counted


PASSINGS: list[Passing] = []
ENDINGS: list[Ending] = []
STAYINGS: list[Staying] = []


def declare_passing(passing: Passing) -> None:
    """Called once by the noun that owns the rows."""
    PASSINGS.append(passing)


def declare_ending(ending: Ending) -> None:
    """Called once by the noun that owns the rows."""
    ENDINGS.append(ending)


def declare_staying(staying: Staying) -> None:
    """Called once by the noun that owns the rows."""
    STAYINGS.append(staying)
