"""Answers that the list of practitioners can be cut by; worked out from the rows on a day, never stored."""

from datetime import date, timedelta
from enum import StrEnum


class Horizon(StrEnum):
    """How far ahead something ends: the value is a number of days."""

    D30 = "30"
    D90 = "90"
    D180 = "180"

    def last_day(self, on: date) -> date:
        """The last day inside the horizon."""
        return on + timedelta(days=int(self.value))


class InPost(StrEnum):
    """Whether somebody holds a post on a day."""

    YES = "yes"
    NO = "no"


class Assignment(StrEnum):
    """Whether somebody holds a post that serves the programme, or only posts of another business."""

    YES = "yes"
    NO = "no"


class ShareState(StrEnum):
    """What an institution's share of qualified staff says to the target in force."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    """Nobody is counted: neither 0% nor 100%."""
