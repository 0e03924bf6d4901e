"""A small register that really commits, with a sealed person, kept files and a trail; and empty places for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.backups.restoring import Restored, open_backup, restore
from portal.jobs import store_url
from portal.settings import Profile, Settings
from registry.access.models import Account, Role
from registry.access.passwords import hash_password
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.sealing.keyfiles import Purpose, make_key
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import Cipher
from tests.databases import Databases
from tests.factories import (
    NOW,
    make_account,
    make_division,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.sealing import identity_number, make_ring, seal_identity

SECRET = "a secret that is only good for tests"
KEY = SECRET[::-1].encode()
PASSWORD = "Kx9#mQ2!vTz7"
HASH = hash_password(PASSWORD)
NAME, IDENTITY, PHONE = "欧阳备份", identity_number(7), "15400009876"
UPLOAD = b"\x01\x00\x01 an upload, sealed long ago"
DOCUMENT = b"%PDF-1.7 an issued document"
ENTRIES = 5


@dataclass(frozen=True)
class Place:
    """A home folder and a database; `owner` is how its owner opens it."""

    settings: Settings
    owner: Settings

    @property
    def home(self) -> Path:
        return self.settings.home

    @contextmanager
    def session(self) -> Iterator[Session]:
        engine = make_engine(self.settings.database_url)
        try:
            with Session(engine) as session:
                yield session
        finally:
            engine.dispose()

    def count(self, table: str) -> int:
        with self.session() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0

    @property
    def environment(self) -> dict[str, str]:
        """What a command on this place is given, as its owner."""
        return {
            "PORTAL_HOME": str(self.home),
            "PORTAL_DATABASE_URL": self.owner.database_url,
            "PORTAL_PROFILE": "demo",
            "PORTAL_KEYS": str(self.settings.keys),
        }


def place_at(home: Path, url: str, keys: Path, **facts: object) -> Place:
    settings = Settings(
        home=home,
        database_url=url.replace("//owner@", "//app@"),
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
        keys_folder=keys,
        **facts,
    )
    return Place(settings, replace(settings, database_url=url.replace("//app@", "//owner@")))


def full_place(databases: Databases, folder: Path, keys: Path | None = None) -> Place:
    """With everything in it; `keys` are those of another place."""
    keys = keys or new_keys(folder / "keys")
    place, ring = place_at(folder / "home", databases.migrated_url(), keys), KeyRing(keys)
    keep_audit_key(place)
    with place.session() as session:
        fill(session)
        person = make_practitioner(session, name=NAME)
        make_post(session, person, make_provider(session))
        seal_identity(session, ring, person, identity=IDENTITY, phone=PHONE)
        session.commit()
    for name, data in (("uploads/abcdefghjk.bin", UPLOAD), ("documents/mnpqrstuvw.pdf", DOCUMENT)):
        (place.home / name).parent.mkdir(parents=True)
        (place.home / name).write_bytes(data)
    return place


def new_keys(folder: Path) -> Path:
    make_ring(folder)
    make_key(folder, Purpose.BACKUP, Cipher.AES)
    return folder


def empty_place(databases: Databases, folder: Path, keys: Path) -> Place:
    """Nothing but keys."""
    folder.mkdir(parents=True, exist_ok=True)
    place = place_at(folder / "home", databases.empty_url(), keys)
    keep_audit_key(place)
    return place


def keep_audit_key(place: Place) -> None:
    """Where commands in the demonstration look for it."""
    folder = place.home / "keys"
    folder.mkdir(parents=True)
    for name, key in (("audit_key", SECRET[::-1]), ("secret_key", SECRET)):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(key)


def fill(session: Session) -> None:
    for code in ("31", "3101", "310101", "310101002"):
        make_division(session, code)
    for key, value in PARAMETERS.items():
        make_parameter(session, key, value)
    make_account(session, Role.CITY, username="li", password_hash=HASH)
    make_account(session, Role.AUDITADMIN, username="auditor")
    for number in range(ENTRIES):
        act(session, number)


PARAMETERS = {
    "backup.rpo_minutes": 60,
    "backup.rto_minutes": 60,
    "backup.keep_hours": 48,
    "backup.keep_days": 30,
}


def act(session: Session, number: int) -> None:
    record_entry(
        session,
        trail=Trail(KEY),
        at=NOW + timedelta(minutes=number),
        actor_code="a1",
        actor_name="李示例",
        action="site.see",
        result=Result.DONE,
        subject_type="site",
        subject_code=f"s{number}",
        division_code="310101",
        facts={"number": number},
    )


def restored(place: Place, backup: Path, **options: Any) -> Restored:
    """As its owner restores it."""
    return restore(place.owner, open_backup(backup, place.owner), at=NOW, **options)


def name_of(place: Place) -> str:
    """What `--replacing` asks for."""
    return Path(str(sa.make_url(place.settings.database_url).database)).name


def is_empty(place: Place) -> bool:
    """Nothing was put there."""
    engine = sa.create_engine(place.owner.database_url)
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
    engine.dispose()
    return not tables and not (place.home / "uploads").exists()


def names_in(place: Place) -> list[str]:
    """Who has an account."""
    with place.session() as session:
        return sorted(session.scalars(sa.select(Account.username)))


def make_job_store(place: Place) -> None:
    """It remembers what the restored register knows nothing of."""
    if place.settings.database_url.startswith("sqlite"):
        Path(str(sa.make_url(store_url(place.settings)).database)).write_bytes(b"jobs")
        return
    engine = sa.create_engine(place.owner.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS jobs")
    engine.dispose()


def has_job_store(place: Place) -> bool:
    if place.settings.database_url.startswith("sqlite"):
        return Path(str(sa.make_url(store_url(place.settings)).database)).exists()
    engine = sa.create_engine(place.owner.database_url)
    with engine.connect() as connection:
        found = "jobs" in sa.inspect(connection).get_schema_names()
    engine.dispose()
    return found
