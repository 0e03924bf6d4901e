"""What is over after its days, every night: requests that nobody took up and rights that nobody used lapse, old
attached files are erased.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.attachments import keeping
from portal.intake.files import UploadedFiles
from portal.intake.judging import KEEP_DAYS
from portal.sealing import key_ring
from portal.settings import Settings
from portal.unsent.keeping import forget_unsent
from registry.audit.trail import Trail
from registry.divisions.codes import NATION
from registry.inspections.defending import lapse_defences
from registry.intake.undoing import forget_journals
from registry.policy.queries import parameter
from registry.reconciliations.operations import forget_details
from registry.releases.lapsing import lapse_overdue

RELEASES, ATTACHMENTS, DEFENCES = "releases", "attachments", "defences"
JOURNALS, UPLOADS, UNSENT = "intake_journals", "uploads", "unsent"
BY = "portal jobs"


def parts_of_night() -> tuple[str, ...]:
    """Files above the cap, attached files, the days in which an organisation may state its case, the journals of
    loads that may not be undone any more, uploaded files with what was quoted from them, and forms that were never
    sent."""
    return (RELEASES, ATTACHMENTS, DEFENCES, JOURNALS, UPLOADS, UNSENT)


def do_part(settings: Settings, session: Session, part: str, on: date, at: datetime) -> int:
    """How many lapsed or were erased with the day that has ended."""
    if part == JOURNALS:
        return forget_journals(session, at=at)
    if part == UNSENT:
        return forget_unsent(settings, at=at)
    if part == UPLOADS:
        return _forget_uploads(settings, session, on, at)
    if part == DEFENCES:
        return lapse_defences(session, on=on, at=at)
    trail = Trail(settings.audit_key.encode())
    if part == ATTACHMENTS:
        return keeping.erase_old(settings, session, on=on, at=at, trail=trail, by=BY)
    return lapse_overdue(session, on=on + timedelta(days=1), at=at, trail=trail, by=BY)


def _forget_uploads(settings: Settings, session: Session, on: date, at: datetime) -> int:
    before = at - timedelta(days=int(parameter(session, KEEP_DAYS, NATION, on)))
    forgotten = UploadedFiles(settings.uploads, key_ring(settings)).forget(before)
    forget_details(session, before)
    return forgotten
