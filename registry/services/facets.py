"""How services and activities are sorted into piles for a list."""

from enum import StrEnum


class Weekday(StrEnum):
    """Monday to Sunday, by the digit that a service holds."""

    MONDAY = "1"
    TUESDAY = "2"
    WEDNESDAY = "3"
    THURSDAY = "4"
    FRIDAY = "5"
    SATURDAY = "6"
    SUNDAY = "7"


class Offer(StrEnum):
    """Whether one can come."""

    OFFERED = "offered"
    COMING = "coming"
    ENDED = "ended"


class Charge(StrEnum):
    """What it costs."""

    FREE = "free"
    PAID = "paid"
    UNKNOWN = "unknown"


class Lateness(StrEnum):
    """Whether an activity was entered on its day."""

    SAME_DAY = "same-day"
    LATE = "late"
