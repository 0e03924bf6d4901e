"""What may be wrong with the days on a certificate: one rule for form and workbook, each says it in its words."""

from collections.abc import Iterator
from datetime import date
from enum import Enum

from registry.periods import Period
from registry.workforce.models import CertificateKind


class DayFault(Enum):
    """The value is the column that is to be put right, and what is wrong with it."""

    ISSUED_LATER = ("issued_on", "after today")
    NO_START = ("valid_from", "missing")
    NO_END = ("valid_to", "missing")
    BEFORE_ISSUE = ("valid_from", "before the issue")
    ENDS_FIRST = ("valid_to", "not after the start")

    @property
    def column(self) -> str:
        return self.value[0]


def faults_of_days(
    kind: CertificateKind, issued_on: date, registered: Period, *, today: date
) -> Iterator[DayFault]:
    """An end alone would count as a paper that was never registered, and so for ever."""
    start, end = registered.start, registered.end
    if issued_on > today:
        yield DayFault.ISSUED_LATER
    if start is None:
        if end is not None:
            yield DayFault.NO_START
        return
    if kind is CertificateKind.SOCIAL_WORKER and end is None:
        # the paper says it; the usual term is only for files that leave it out
        yield DayFault.NO_END
    if start < issued_on:
        yield DayFault.BEFORE_ISSUE
    if end is not None and end <= start:
        yield DayFault.ENDS_FIRST
