"""Every hour a backup, and those past keeping removed: what a worker does beside the nightly work."""

import logging
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.backups.keeping import backups_in, thin_out
from portal.backups.manifest import BackupRefused
from portal.backups.taking import Taken, take_backup
from portal.settings import Settings
from registry.actions import Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.divisions.codes import NATION

TAKE, THIN = "take", "thin"
BY = "portal jobs"

log = logging.getLogger(__name__)


def parts_of_hour() -> tuple[str, ...]:
    """First the new one, then the old ones."""
    return TAKE, THIN


def do_part(settings: Settings, session: Session, part: str, _on: date, at: datetime) -> int:
    """Do one part; how many backups were taken or removed. A register without a key for them says so in the log."""
    if part == THIN:
        return thin_out(session, settings.backups, at=at)
    try:
        taken = take_backup(settings, settings.backups, at=at)
    except (BackupRefused, OSError) as error:
        log.error("no backup was taken: %s", error)
        return 0
    record_backup(session, taken, at=at, by=BY, trail=Trail(settings.audit_key.encode()))
    return 1


def record_backup(session: Session, taken: Taken, *, at: datetime, by: str, trail: Trail) -> None:
    """The trail says that everything was copied, where its end was, and under which key. The caller commits."""
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code="",
        actor_name=by,
        action=Deed.BACKUP_TAKE,
        result=Result.DONE,
        subject_type="backup",
        subject_code=taken.folder.name,
        division_code=NATION,
        facts={
            "rows": taken.manifest.rows,
            "files": len(taken.manifest.files),
            "last_entry": taken.manifest.head.sequence,
            "key": taken.key.name,
        },
    )


def newest_age(folder: Path, *, at: datetime) -> float | None:
    """Minutes since the newest backup was taken; None where there is none."""
    found = backups_in(folder)
    return (at - found[0].taken_at).total_seconds() / 60 if found else None
