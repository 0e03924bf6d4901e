"""A backup is opened beside the register, verified there, and takes its place in one step, or not at all.

Files of the backup are put in place before that step: each is whole, and one that the old register does not know does
it no harm. So a restore that is cut off anywhere leaves the old register as it was.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.backups.checking import Faulty, as_backed_up, can_be_worked_with, entries_lost, files_check
from portal.backups.contents import put_in_place, set_aside, unpack_files
from portal.backups.engines import engine_of
from portal.backups.facts import SealedDatabase, Staged
from portal.backups.manifest import DATABASE, FILES, BackupRefused, Manifest, part_of, read_manifest
from portal.backups.sealed_files import opened_file
from portal.jobs import store_url
from portal.migrating import known_revisions
from portal.settings import Settings
from registry.actions import Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.divisions.codes import NATION
from registry.sealing.keyfiles import Key
from registry.sealing.streams import StreamBroken
from reports.documents.drill_paper import Check

BY = "portal restore"
STAGED = ".restoring"


@dataclass(frozen=True)
class Opened:
    """A backup whose manifest and files are as they were written."""

    folder: Path
    manifest: Manifest
    key: Key

    @property
    def database(self) -> SealedDatabase:
        """What the engine restores."""
        return SealedDatabase(self.folder / DATABASE, self.key, self.manifest.migration)


@dataclass(frozen=True)
class Restored:
    """What was put in place, and what had to give way for it."""

    manifest: Manifest
    checks: tuple[Check, ...]
    lost: int
    """Entries of the trail that came after the backup, as far as heads kept outside tell."""
    aside: str
    """The folder or schema of the register that was replaced; empty where there was none."""


def open_backup(folder: Path, settings: Settings) -> Opened:
    """BackupRefused where the key is another one, or anything was edited, cut, or made by a newer version."""
    manifest, key = read_manifest(folder, settings.keys)
    for name, part in manifest.parts.items():
        file = folder / name
        if not file.is_file() or part_of(file) != part:
            raise BackupRefused(f"{file} was changed or cut. Take another backup.")
    if manifest.migration not in known_revisions():
        raise BackupRefused(
            f"This backup is at migration {manifest.migration}, which this version does not know. "
            "Install the version that took it, or a newer one."
        )
    engine = sa.make_url(settings.database_url).get_backend_name()
    if manifest.engine != engine:
        raise BackupRefused(f"This backup is of {manifest.engine}, and PORTAL_DATABASE_URL names {engine}.")
    return Opened(folder, manifest, key)


def restore(
    settings: Settings, backup: Opened, *, replacing: str = "", despite: bool = False, at: datetime
) -> Restored:
    """Put a backup in the place of the register that the settings name.

    BackupRefused where a register is there that `replacing` does not name, Faulty where the restored one does not hold
    (`despite` puts it in place all the same: better a register with a fault than none).
    """
    url, engine = settings.database_url, engine_of(settings.database_url)
    refuse_occupied(settings, replacing)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = f"replaced_{at.astimezone(SHANGHAI):%Y%m%d_%H%M%S}"
    lost = entries_lost(settings, backup.manifest)
    with unpacked(backup, settings.home / STAGED) as files:
        with engine.staged(backup.database, url, aside) as register:
            checks = examined(register, settings, backup.manifest, at=at)
            if not despite and any(check.fault for check in checks):
                raise Faulty(checks)
            _record(register.connection, settings, backup, lost=lost, at=at)
            put_in_place(files, settings.home)
            register.connection.commit()
        engine.switch(url, settings.home / aside)
    _set_the_rest_aside(settings, backup.manifest, settings.home / aside)
    return Restored(backup.manifest, checks, lost, aside if replacing else "")


def examined(register: Staged, settings: Settings, manifest: Manifest, *, at: datetime) -> tuple[Check, ...]:
    """Everything that is asked of a restored register."""
    with Session(bind=register.connection, join_transaction_mode="create_savepoint") as session:
        return (
            *as_backed_up(manifest, register.facts, register.faults),
            files_check(manifest),
            *can_be_worked_with(session, settings, manifest, at=at),
        )


def refuse_occupied(settings: Settings, replacing: str) -> None:
    """A register is replaced only by whoever types its name."""
    name = Path(str(sa.make_url(settings.database_url).database)).name
    is_there = engine_of(settings.database_url).holds_anything(settings.database_url)
    if is_there and replacing != name:
        raise BackupRefused(
            f"There is a register in {name} already. To put the backup in its place, add: --replacing {name}"
        )


@contextmanager
def unpacked(backup: Opened, folder: Path) -> Iterator[Path]:
    """The files of a backup in a folder of their own, each as the manifest says."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        with opened_file(backup.folder / FILES, backup.key) as source:
            unpack_files(source, folder, dict(backup.manifest.files))
        yield folder
    except StreamBroken as error:
        raise BackupRefused(str(error)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _set_the_rest_aside(settings: Settings, manifest: Manifest, aside: Path) -> None:
    """Files that the restored register does not know, and the job store, which knows what it does not."""
    set_aside(settings.home, dict(manifest.files), aside)
    store = Path(str(sa.make_url(store_url(settings)).database))
    if manifest.engine == "sqlite":
        for file in store.parent.glob(f"{store.name}*"):
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.replace(aside / file.name)


def _record(
    connection: sa.Connection, settings: Settings, backup: Opened, *, lost: int, at: datetime
) -> None:
    """The first entry after those of the backup says that it was restored, and what was lost by it."""
    manifest = backup.manifest
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        record_entry(
            session,
            trail=Trail(settings.audit_key.encode()),
            at=at,
            actor_code="",
            actor_name=BY,
            action=Deed.BACKUP_RESTORE,
            result=Result.DONE,
            subject_type="backup",
            subject_code=backup.folder.name,
            division_code=NATION,
            facts={"made_at": manifest.made_at, "last_entry": manifest.head.sequence, "entries_lost": lost},
        )
        session.commit()
