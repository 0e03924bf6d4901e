"""T10: backup, wipe, restore, verify: counts, files, the trail, the door; and in the place of another register."""

import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result

from portal import create_app
from portal.backups import postgresql
from portal.backups.checking import Faulty
from portal.backups.facts import facts_of
from portal.backups.manifest import DATABASE, FILES, MANIFEST
from portal.backups.taking import Taken, take_backup
from portal.extensions import db
from portal.migrating import newest_revision, upgrade_database
from portal.trail import export_head, read_only, verify_trail
from registry.audit.heads import read_head, write_head
from registry.audit.models import AuditEntry, AuditHead
from registry.engine import make_engine
from registry.sealing.keyring import KeyRing
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import IDENTITY_NUMBER
from tests.databases import Databases
from tests.factories import NOW, make_practitioner
from tests.portal.backups.worlds import (
    DOCUMENT,
    ENTRIES,
    IDENTITY,
    KEY,
    NAME,
    PASSWORD,
    PHONE,
    UPLOAD,
    Place,
    act,
    empty_place,
    full_place,
    has_job_store,
    make_job_store,
    name_of,
    names_in,
    restored,
)

Run = Callable[..., Result]
OTHER = ["auditor", "wang"]
"""Who has an account in the register that is there already."""


@pytest.fixture(scope="module")
def back(
    run: Run, databases: Databases, source: Place, taken: Taken, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Place, Result]:
    """Restored once for all that is asked of it."""
    place = empty_place(databases, tmp_path_factory.mktemp("new"), source.settings.keys)
    return place, run(place, "restore", str(taken.folder.parent))


class TestOnANewMachine:
    """The register is gone; there are a backup, the keys and an empty database."""

    @pytest.fixture
    def target(self, back: tuple[Place, Result]) -> Place:
        assert back[1].exit_code == 0, back[1].output
        return back[0]

    def test_every_row_is_back(self, source: Place, target: Place) -> None:
        with source.session() as before, target.session() as after:
            there, here = facts_of(before.connection()), facts_of(after.connection())
        assert here.migration == newest_revision()
        counted = {name: count for name, count in here.tables.items() if name != "audit_entry"}
        assert counted == {name: count for name, count in there.tables.items() if name != "audit_entry"}

    def test_every_file_is_back_as_it_was(self, target: Place) -> None:
        assert (target.home / "uploads" / "abcdefghjk.bin").read_bytes() == UPLOAD
        assert (target.home / "documents" / "mnpqrstuvw.pdf").read_bytes() == DOCUMENT
        assert (target.home / "uploads" / "abcdefghjk.bin").stat().st_mode & 0o077 == 0
        assert not list(target.home.glob(".*"))

    def test_the_trail_goes_on_with_the_entry_of_the_restore(
        self, run: Run, taken: Taken, target: Place
    ) -> None:
        assert run(target, "audit", "verify").exit_code == 0
        with target.session() as session:
            entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.sequence == ENTRIES + 1)).one()
            assert (entry.action, entry.subject_code) == ("backup.restore", taken.folder.name)
            assert (entry.facts["last_entry"], entry.facts["entries_lost"]) == (ENTRIES, 0)

    def test_whoever_had_an_account_signs_in(self, target: Place) -> None:
        app = create_app(target.settings)
        client = app.test_client()

        token = client.get("/sign-in/token").json["token"]
        form = {"username": "li", "password": PASSWORD, "csrf_token": token}
        assert client.post("/sign-in", data=form).status_code == 303
        assert client.get("/").status_code == 200

        with app.app_context():
            db.engine.dispose()

    def test_sealed_fields_open_with_the_keys_that_were_kept_apart(self, target: Place) -> None:
        with target.session() as session:
            code, sealed = session.execute(
                sa.select(Practitioner.code, Practitioner.identity_sealed).where(Practitioner.name == NAME)
            ).one()
        assert IDENTITY_NUMBER.opened(KeyRing(target.settings.keys), sealed, code) == IDENTITY

    def test_new_rows_get_keys_of_their_own(self, target: Place) -> None:
        with target.session() as session:
            make_practitioner(session)
            session.commit()
        assert target.count("practitioner") == 2


class TestTheBackup:
    """What lies in the folder."""

    def test_it_says_nothing_to_whoever_has_no_key(self, source: Place, taken: Taken) -> None:
        held = b"".join(file.read_bytes() for file in taken.folder.iterdir())
        keys = [file.read_text().strip() for file in source.settings.keys.iterdir()]

        for secret in (NAME, IDENTITY, PHONE, "李示例", "310101002", PASSWORD, *keys):
            assert secret.encode() not in held
        assert not [key for key in keys if bytes.fromhex(key) in held]

    def test_no_key_is_among_its_files(self, taken: Taken) -> None:
        assert sorted(taken.manifest.files) == ["documents/mnpqrstuvw.pdf", "uploads/abcdefghjk.bin"]

    def test_only_its_owner_reads_it(self, taken: Taken) -> None:
        assert [file.stat().st_mode & 0o077 for file in (taken.folder, *taken.folder.iterdir())] == [0] * 4

    def test_its_manifest_says_what_is_in_it(self, taken: Taken) -> None:
        said = json.loads((taken.folder / MANIFEST).read_text())

        assert said["tables"]["practitioner"] == 1
        assert said["head"]["sequence"] == ENTRIES
        assert said["migration"] == newest_revision()
        for name in (DATABASE, FILES):
            digest = hashlib.sha256((taken.folder / name).read_bytes()).hexdigest()
            assert said["parts"][name]["sha256"] == digest
        assert said["files"]["uploads/abcdefghjk.bin"]["sha256"] == hashlib.sha256(UPLOAD).hexdigest()


def test_an_older_backup_is_brought_to_the_newest_migration(
    databases: Databases, source: Place, tmp_path: Path, target: Place
) -> None:
    old = empty_place(databases, tmp_path / "old", source.settings.keys)
    upgrade_database(old.owner.database_url, "0011")
    put_an_account_in(old)
    backup = take_backup(old.owner, tmp_path / "backups", at=NOW)
    assert backup.manifest.migration == "0011"

    restored(target, backup.folder)

    assert names_in(target) == ["old"]


def put_an_account_in(place: Place) -> None:
    engine = make_engine(place.owner.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO account (code, username, name, password_hash, role, division_code, is_active,"
            " is_example, created_at, password_is_initial) VALUES ('abcd', 'old', 'o', '!', 'city', '31',"
            " true, false, '2026-01-01 00:00:00+00:00', false)"
        )
    engine.dispose()


@pytest.fixture
def occupied(databases: Databases, source: Place, tmp_path: Path) -> Place:
    """A register that is there already, with an account, an upload and a trail of its own."""
    return occupied_place(databases, source, tmp_path / "occupied")


def occupied_place(databases: Databases, source: Place, folder: Path) -> Place:
    place = full_place(databases, folder, source.settings.keys)
    with place.session() as session:
        session.execute(sa.text("UPDATE account SET username = 'wang' WHERE username = 'li'"))
        session.commit()
    (place.home / "uploads" / "newer.bin").write_bytes(b"newer")
    make_job_store(place)
    return place


def test_a_register_is_replaced_only_by_whoever_names_it_and_then_lies_aside(
    run: Run, databases: Databases, database_kind: str, taken: Taken, occupied: Place
) -> None:
    for named in ((), ("--replacing", "another")):
        refused = run(occupied, "restore", str(taken.folder), *named)
        assert (refused.exit_code, "There is a register in" in refused.output) == (2, True)
    assert names_in(occupied) == OTHER

    done = run(occupied, "restore", str(taken.folder), "--replacing", name_of(occupied))

    assert done.exit_code == 0, done.output
    assert names_in(occupied) == ["auditor", "li"]
    aside = re.search(r"lies in (\w+)\.", done.output).group(1)
    assert "wang" in names_aside(occupied, aside, database_kind)
    assert (occupied.home / aside / "uploads" / "newer.bin").read_bytes() == b"newer"
    assert not (occupied.home / "uploads" / "newer.bin").exists()
    assert not has_job_store(occupied)
    the_serving_role_works_on(occupied)


def the_serving_role_works_on(place: Place) -> None:
    with place.session() as session:
        act(session, 9)
        session.commit()
    with pytest.raises(sa.exc.DBAPIError), place.session() as session:
        session.execute(sa.text("DELETE FROM audit_entry"))


def names_aside(place: Place, aside: str, database_kind: str) -> list[str]:
    if database_kind == "sqlite":
        with sqlite3.connect(place.home / aside / name_of(place)) as connection:
            return [row[0] for row in connection.execute("SELECT username FROM account")]
    engine = sa.create_engine(place.owner.database_url)
    with engine.connect() as connection:
        found = list(connection.exec_driver_sql(f'SELECT username FROM "{aside}".account').scalars())
    engine.dispose()
    return found


def test_a_register_is_not_replaced_while_somebody_uses_it(
    run: Run, taken: Taken, occupied: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "PATIENCE", "200ms")
    with occupied.session() as session:
        session.execute(sa.text("SELECT count(*) FROM account"))
        refused = run(occupied, "restore", str(taken.folder), "--replacing", name_of(occupied))

    assert (refused.exit_code, "in use" in refused.output) == (2, True)
    assert names_in(occupied) == OTHER


CUTS = (
    "portal.backups.restoring.unpack_files",
    "portal.backups.restoring.examined",
    "portal.backups.restoring._record",
    "portal.backups.restoring.put_in_place",
    "sqlalchemy.Connection.commit",
)
"""Where the power goes, from the first step to the last before the switch."""


@pytest.fixture(scope="module")
def cut_place(databases: Databases, source: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The same place again and again, because nothing happens to it."""
    return occupied_place(databases, source, tmp_path_factory.mktemp("cut") / "occupied")


class TestCutOff:
    """A restore ends in the middle."""

    @pytest.fixture
    def occupied(self, cut_place: Place) -> Place:
        return cut_place

    @pytest.mark.parametrize("where", CUTS)
    def test_the_register_is_as_it_was(
        self,
        taken: Taken,
        occupied: Place,
        database_kind: str,
        where: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if database_kind != "sqlite" and where in CUTS[1:-1]:
            pytest.skip("one transaction: the first place and the last say it")

        def stop(*_arguments: object, **_options: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(where, stop)
        with pytest.raises(KeyboardInterrupt):
            restored(occupied, taken.folder, replacing=name_of(occupied))
        monkeypatch.undo()

        assert names_in(occupied) == OTHER
        assert (occupied.home / "uploads" / "newer.bin").read_bytes() == b"newer"

    def test_it_is_restored_by_doing_it_again(self, taken: Taken, occupied: Place) -> None:
        restored(occupied, taken.folder, replacing=name_of(occupied))

        assert names_in(occupied) == ["auditor", "li"]


@pytest.mark.usefixtures("only_once")
def test_a_broken_trail_is_put_in_place_only_despite_its_fault(
    run: Run, databases: Databases, source: Place, tmp_path: Path, target: Place
) -> None:
    broken = full_place(databases, tmp_path / "broken", source.settings.keys)
    with broken.session() as session:
        session.execute(sa.update(AuditHead).values(entry_hash="0" * 64))
        session.commit()
    backup = take_backup(broken.settings, tmp_path / "backups", at=NOW)

    refused = run(target, "restore", str(backup.folder))
    assert (refused.exit_code, "fault trail: entry 6: tail" in refused.output) == (1, True)

    assert run(target, "restore", str(backup.folder), "--despite-faults").exit_code == 0
    assert names_in(target) == ["auditor", "li"]


def test_a_backup_taken_while_others_write_is_one_state_of_the_register(
    databases: Databases, source: Place, tmp_path: Path, target: Place
) -> None:
    busy = full_place(databases, tmp_path / "busy", source.settings.keys)
    with writing(busy) as written:
        backups = [take_backup(busy.settings, tmp_path / "backups", at=NOW) for _ in range(3)]

    ends = [backup.manifest.head.sequence for backup in backups]
    assert ends == sorted(ends)
    assert ends[0] < ends[-1] <= ENTRIES + len(written)
    restored(target, backups[1].folder)
    assert target.count("audit_entry") == ends[1] + 1


class writing:  # noqa: N801  # used like a function
    """Somebody who writes entry after entry meanwhile."""

    def __init__(self, place: Place) -> None:
        self.place, self.stop, self.written = place, threading.Event(), []
        self.thread = threading.Thread(target=self.work)

    def work(self) -> None:
        with self.place.session() as session:
            while not self.stop.is_set():
                act(session, len(self.written))
                session.commit()
                self.written.append(1)

    def __enter__(self) -> list[int]:
        self.thread.start()
        return self.written

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.thread.join()


@pytest.mark.usefixtures("only_once")
class TestAgainstKeptHeads:
    """An old backup in the place of a newer register: what T12 calls the restore of an old database."""

    @pytest.fixture
    def later(self, databases: Databases, source: Place, tmp_path: Path) -> Place:
        place, outside = full_place(databases, tmp_path / "later", source.settings.keys), tmp_path / "outside"
        outside.mkdir()
        places = (replace(settings, heads_folder=outside) for settings in (place.settings, place.owner))
        return Place(*places)

    def test_it_is_said_how_much_is_lost_and_a_verification_finds_it(
        self, later: Place, tmp_path: Path
    ) -> None:
        backup = take_backup(later.settings, tmp_path / "backups", at=NOW)
        with later.session() as session:
            for number in range(3):
                act(session, number)
            session.commit()
            export_head(session, later.settings, later.settings.heads, at=NOW)

        assert restored(later, backup.folder, replacing=name_of(later)).lost == 3

        with read_only(later.settings) as session:
            broken = verify_trail(session, later.settings, later.settings.heads).broken
            assert (broken.sequence, broken.fault.value) == (ENTRIES + 2, "tail")
            told = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "backup.restore")).one()
            assert told.facts["entries_lost"] == 3

    def test_a_forged_beginning_is_not_put_in_place(self, later: Place, tmp_path: Path) -> None:
        with later.session() as session:
            (head, _page) = export_head(session, later.settings, later.settings.heads, at=NOW)
        kept = read_head(head.read_text(), KEY, name="head")
        head.write_text(write_head(replace(kept, entry_hash="a" * 64), KEY))
        backup = take_backup(later.settings, tmp_path / "backups", at=NOW)

        with pytest.raises(Faulty, match="entry 5: rewritten"):
            restored(later, backup.folder, replacing=name_of(later))
