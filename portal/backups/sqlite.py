"""SQLite: copied by its own online backup while others write, and put back by one renaming.

The copy is made in one step. In WAL mode that keeps no writer waiting, and what is copied is one state of the register.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from portal.backups.facts import Facts, SealedDatabase, Staged, facts_of
from portal.backups.manifest import BackupRefused
from portal.backups.sealed_files import opened_file, sealed_file
from portal.migrating import upgrade_database
from registry.engine import make_engine
from registry.sealing.keyfiles import Key
from reports.writing import keep_folder

DRAFT = ".backup-{pid}.sqlite"
DRAFTS = ".backup-*.sqlite*"
"""Left behind by what was killed."""


def file_of(url: str) -> Path:
    """The file of the database."""
    return Path(str(sa.make_url(url).database)).resolve()


def dump(url: str, target: Path, key: Key) -> Facts:
    """The database into a sealed file; what it said at that moment."""
    file = file_of(url)
    draft = file.with_name(DRAFT.format(pid=os.getpid()))
    try:
        _copy(file, draft)
        with draft.open("rb") as plain, sealed_file(target, key) as sealed:
            shutil.copyfileobj(plain, sealed, 1024 * 1024)
        return _facts_of(draft)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def staged(backup: SealedDatabase, url: str, _aside: str) -> Iterator[Staged]:
    """The database of a backup as a file beside the one in use, which takes its place by `switch`."""
    close_for_good(file_of(url))  # before any work is done for a register that is in use
    place = staged_file(url)
    try:
        with _opened(backup, place) as register:
            yield register
    except BaseException:
        _remove(place)
        raise


@contextmanager
def rehearsed(backup: SealedDatabase, _url: str, scratch: Path) -> Iterator[Staged]:
    """The same in a folder of its own."""
    with _opened(backup, scratch / "portal.sqlite") as register:
        yield register


def switch(url: str, aside: Path) -> None:
    """The staged file takes the place of the one in use, which is kept aside; BackupRefused while that is open."""
    new, place = staged_file(url), file_of(url)
    try:
        close_for_good(new)
        close_for_good(place)
    except BackupRefused:
        _remove(new)
        raise
    if place.is_file():
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.link(place, aside / place.name)
    new.replace(place)  # one step: before it the old register is there, after it the new one
    keep_folder(place.parent)


def staged_file(url: str) -> Path:
    """Where a restored database waits."""
    place = file_of(url)
    return place.with_name(f".{place.name}.restoring")


def holds_anything(url: str) -> bool:
    """Whether there is a database with tables already."""
    file = file_of(url)
    if not file.is_file():
        return False
    with closing(sqlite3.connect(file)) as connection:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def close_for_good(file: Path) -> None:
    """The write-ahead log goes into the file, which then stands alone; BackupRefused while anybody has it open."""
    if not file.is_file():
        return
    with closing(sqlite3.connect(file, timeout=2)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "busy"
    if mode != "delete":
        raise BackupRefused(f"{file} is in use. Stop the portal and its workers, then run it again.")


def url_of(file: Path) -> str:
    """The address of a database file."""
    return f"sqlite:///{file}"


@contextmanager
def _opened(backup: SealedDatabase, place: Path) -> Iterator[Staged]:
    _unseal(backup, place)
    facts, faults = _facts_of(place), _faults_in(place)
    upgrade_database(url_of(place))
    engine = make_engine(url_of(place))
    try:
        with engine.connect() as connection:
            yield Staged(connection, facts, faults)
    finally:
        engine.dispose()


def _unseal(backup: SealedDatabase, place: Path) -> None:
    _remove(place)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.touch(mode=0o600)
    with opened_file(backup.file, backup.key) as opened, place.open("wb") as out:
        shutil.copyfileobj(opened, out, 1024 * 1024)
        out.flush()
        os.fsync(out.fileno())


def _faults_in(file: Path) -> list[str]:
    """What SQLite itself finds wrong with a file: nothing where it is whole."""
    with closing(sqlite3.connect(file)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
        pointing = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    faults = [] if found == ["ok"] else found
    return faults + [f"{row[0]} points at a row of {row[2]} that is not there" for row in pointing]


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


def _copy(file: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(draft)) as copy:
        source.backup(copy)
    close_for_good(draft)


def _facts_of(file: Path) -> Facts:
    engine = sa.create_engine(url_of(file))
    try:
        with engine.connect() as connection:
            return facts_of(connection)
    finally:
        engine.dispose()
