"""What the portal would have kept over time: the frozen reading of the end of 2025, and the nightly ones of late."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.districts import ASSESSED_ON
from portal.nightly import ASSESSMENTS, do_part, parts_of_night
from registry.clock import SHANGHAI

NIGHTS = 7
NIGHT = time(2, 10)


def freeze_2025(session: Session) -> None:
    """The verdicts of the end of 2025, as they were on the night after."""
    do_part(session, ASSESSMENTS, ASSESSED_ON, _night_after(ASSESSED_ON))


def keep_recent_nights(session: Session, today: date) -> None:
    """The readings of the last week up to yesterday."""
    for days_ago in range(NIGHTS, 0, -1):
        on = today - timedelta(days=days_ago)
        for part in parts_of_night():
            if part != ASSESSMENTS:
                do_part(session, part, on, _night_after(on))


def _night_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), NIGHT, SHANGHAI)
