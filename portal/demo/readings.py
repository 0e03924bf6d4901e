"""What the portal would have kept over time: the frozen reading of the end of 2025, and the nightly ones of late."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.districts import ASSESSED_ON
from portal.nightly import ASSESSMENTS, do_part, parts_of_night
from registry.clock import SHANGHAI
from registry.policy.operations import sign_assessment
from reports.figures.definitions import QUALIFIED_SHARE

NIGHTS = 7
NIGHT = time(2, 10)
SIGNED = {"31": "示例市级经办", "310101": "示例黄浦区经办"}
SIGNED_AT = datetime(2026, 1, 8, 10, 30, tzinfo=SHANGHAI)


def freeze_2025(session: Session) -> None:
    """The verdicts of the end of 2025, as they were on the night after."""
    do_part(session, ASSESSMENTS, ASSESSED_ON, _night_after(ASSESSED_ON))


def sign_2025(session: Session) -> None:
    """The city and 黄浦 answer for their numbers; the other districts have not signed yet."""
    for division, signer in SIGNED.items():
        sign_assessment(
            session,
            figure_code=QUALIFIED_SHARE.code,
            counting_rule=QUALIFIED_SHARE.default_rule.code,
            division_code=division,
            on=ASSESSED_ON,
            at=SIGNED_AT,
            by=signer,
        )


def keep_recent_nights(session: Session, today: date) -> None:
    """The readings of the last week up to yesterday."""
    for days_ago in range(NIGHTS, 0, -1):
        on = today - timedelta(days=days_ago)
        for part in parts_of_night():
            if part != ASSESSMENTS:
                do_part(session, part, on, _night_after(on))


def _night_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), NIGHT, SHANGHAI)
