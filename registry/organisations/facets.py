"""Answers that a list can be cut by; each is worked out from the rows on a day, none is stored."""

from enum import StrEnum


class StandingStatus(StrEnum):
    """What an organisation is to the library of providers on a day."""

    LISTED = "listed"
    ENDED = "ended"
    OTHER = "other"
    """Never a listed provider; holds another standing: a filed station, a charity or an association on file."""
    NONE = "none"


class Origin(StrEnum):
    """Made-up rows of the demonstration and real ones are never shown without their mark."""

    EXAMPLE = "example"
    REAL = "real"


class Identification(StrEnum):
    """Whether the unified social credit code is known."""

    KNOWN = "known"
    UNKNOWN = "unknown"


class Opening(StrEnum):
    """Whether an organisation or a site is open on a day."""

    OPEN = "open"
    CLOSED = "closed"


class PointState(StrEnum):
    """Whether a site has a point on the map."""

    PRESENT = "present"
    MISSING = "missing"


class Lying(StrEnum):
    """Whether a site lies in the division that is responsible for it."""

    INSIDE = "inside"
    ELSEWHERE = "elsewhere"
