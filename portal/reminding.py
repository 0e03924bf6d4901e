"""到期提醒 every night: renewals are asked for, institutions are told of registrations that end, whoever is waited for
is reminded, the level above learns of delays.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.settings import Settings
from registry.certificates.alerting import remind_of_certificates
from registry.clock import today
from registry.provider_entries.renewals import remind_of_renewals
from registry.workflow.reminders import remind

RENEWALS, CERTIFICATES, REMINDERS = "renewals", "certificates", "reminders"


def parts_of_night() -> tuple[str, ...]:
    """What asks for a renewal, registrations that end, then all clocks at once: one statement finds them."""
    return (RENEWALS, CERTIFICATES, REMINDERS)


def do_part(_settings: Settings, session: Session, part: str, on: date, at: datetime) -> int:
    """How many notices were made for the day that begins; a night made up for speaks of the day on which it is."""
    begins = max(on + timedelta(days=1), today(at))
    if part == RENEWALS:
        return remind_of_renewals(session, on=begins, at=at)
    if part == CERTIFICATES:
        return remind_of_certificates(session, on=begins, at=at)
    return remind(session, on=begins, at=at).total
