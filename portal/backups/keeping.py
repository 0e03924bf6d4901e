"""Which backups there are, and which of them are kept: every one of the last days, then the first of each day."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from portal.backups.manifest import MANIFEST, BackupRefused
from portal.backups.taking import PREFIX
from registry.clock import SHANGHAI, today
from registry.divisions.codes import NATION
from registry.policy.queries import parameter

EVERY_HOURS, EVERY_DAYS = "backup.keep_hours", "backup.keep_days"
"""The parameters: hours for which every backup is kept, days for which one of each day is."""

STAMP = f"{PREFIX}%Y%m%d-%H%M%S"
STAMP_LENGTH = len("backup-20261126-031700")


@dataclass(frozen=True)
class Kept:
    """One backup by its name; `taken_at` is read off the name, so that looking for one needs no key."""

    folder: Path
    taken_at: datetime


def backups_in(folder: Path) -> list[Kept]:
    """The newest first; whatever else lies there is left alone."""
    found = (path for path in folder.glob(f"{PREFIX}*") if (path / MANIFEST).is_file())
    named = ((path, _taken_at(path.name)) for path in found)
    kept = [Kept(path, taken_at) for path, taken_at in named if taken_at is not None]
    return sorted(kept, key=lambda one: (one.taken_at, one.folder.name), reverse=True)


def newest_backup(folder: Path) -> Path:
    """The folder itself where it is a backup, or else the newest backup in it; BackupRefused where there is none."""
    if (folder / MANIFEST).is_file():
        return folder
    found = backups_in(folder)
    if not found:
        raise BackupRefused(f"There is no backup in {folder}.")
    return found[0].folder


def thin_out(session: Session, folder: Path, *, at: datetime) -> int:
    """Removes what is past keeping; how many backups. The newest always stays."""
    hours, days = (int(parameter(session, key, NATION, today(at))) for key in (EVERY_HOURS, EVERY_DAYS))
    gone = to_remove(backups_in(folder), at=at, hours=hours, days=days)
    for one in gone:
        shutil.rmtree(one.folder)
    return len(gone)


def to_remove(backups: Sequence[Kept], *, at: datetime, hours: int, days: int) -> list[Kept]:
    """Of backups, the newest first: past the hours all but the first of each day, past the days all."""
    aged = [one for one in backups[1:] if at - one.taken_at > timedelta(hours=hours)]
    first_of_day = {_day_of(one): one for one in aged}
    oldest = today(at) - timedelta(days=days)
    return [one for one in aged if first_of_day[_day_of(one)] is not one or _day_of(one) < oldest]


def _day_of(one: Kept) -> date:
    return one.taken_at.astimezone(SHANGHAI).date()


def _taken_at(name: str) -> datetime | None:
    try:
        return datetime.strptime(name[:STAMP_LENGTH], STAMP).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
