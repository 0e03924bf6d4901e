"""How long attached files are kept: a policy parameter, after which the file goes and its row says so."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.attachments.files import folder_of
from portal.sealed_folder import SUFFIX
from portal.settings import Settings
from registry.access.masks import Field
from registry.attachments.operations import mark_erased
from registry.attachments.queries import kept_since_before
from registry.audit.trail import Trail
from registry.divisions.codes import NATION
from registry.policy.queries import parameter

KEEP_DAYS = {
    Field.ACTIVITY_SHEET: "activity_sheet.keep_days",
    Field.EDUCATION_PROOF: "education_proof.keep_days",
}
"""By what is in the file: the policy parameter with the days for which it is kept."""
TIME_IS_OVER = "保存期限已满"


def erase_old(settings: Settings, session: Session, *, on: date, at: datetime, trail: Trail, by: str) -> int:
    """Erases what is older than its days; how many files. Done again it finds nothing more."""
    count = 0
    for field, key in KEEP_DAYS.items():
        days = int(parameter(session, key, NATION, on))
        for one in kept_since_before(session, field, at - timedelta(days=days)):
            (folder_of(settings) / f"{one.stored_as}{SUFFIX}").unlink(missing_ok=True)
            mark_erased(session, one, why=TIME_IS_OVER, at=at, trail=trail, by=by)
            count += 1
    return count
