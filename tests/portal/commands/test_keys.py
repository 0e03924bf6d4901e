"""`portal keys`: new keys, everything sealed anew, interrupted and gone on with, broken values named."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.intake.files import UploadedFiles
from registry.access.factors import SECRET
from registry.access.models import SecondFactor
from registry.audit.models import AuditEntry
from registry.engine import make_engine
from registry.intake.models import IntakeRun
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import Cipher
from registry.sealing.resealing import count_by_key
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE
from tests.factories import make_account, make_practitioner
from tests.portal.commands.running import Command
from tests.registry.access.old_factors import enrol_as_before, keep_old_key
from tests.sealing import identity_number, make_ring, seal_identity

PEOPLE = 60


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """The keys that the commands use."""
    return make_ring(tmp_path / "keys")


@pytest.fixture
def people(database_url: str, ring: KeyRing):
    engine = make_engine(database_url)
    with Session(engine) as session:
        for number in range(PEOPLE):
            person = make_practitioner(session)
            seal_identity(
                session, ring, person, identity=identity_number(number), phone=f"1540000{number:04d}"
            )
        session.commit()
        yield session
    engine.dispose()


def opened(session: Session, ring: KeyRing) -> list[tuple[str, str]]:
    columns = (Practitioner.code, Practitioner.identity_sealed, Practitioner.phone_sealed)
    rows = session.execute(sa.select(*columns).order_by(Practitioner.id)).all()
    session.rollback()
    return [
        (IDENTITY_NUMBER.opened(ring, identity, code), PHONE.opened(ring, phone, code))
        for code, identity, phone in rows
    ]


EXPECTED = [(identity_number(number), f"1540000{number:04d}") for number in range(PEOPLE)]


def keys_in_use(session: Session) -> tuple[dict[int, int], dict[int, int]]:
    found = count_by_key(session, IDENTITY_NUMBER), count_by_key(session, PHONE)
    session.rollback()  # a session that reads holds the lock of SQLite
    return found


def test_a_new_register_gets_its_first_keys(run: Command, tmp_path: Path):
    given = {
        "PORTAL_PROFILE": "dengbao3",
        "PORTAL_SECRET_KEY": "0123456789abcdef-and-one-more-end",
        "PORTAL_AUDIT_KEY": "fedcba9876543210-and-another-one",
    }
    assert "portal keys rotate" in run("keys", "list", env=given).output
    assert run("check", env=given).output.count("portal keys rotate") == 1
    result = run("keys", "rotate", env=given)
    assert "Made seal-0001.aes." in result.output
    assert "Made index-0001.aes." in result.output
    assert run("keys", "check", env=given).exit_code == 0


def test_rotation_seals_every_value_with_a_new_key_and_keeps_the_old_one(run: Command, people, ring):
    result = run("keys", "rotate")
    assert result.exit_code == 0, result.output
    assert f"{2 * PEOPLE} values were sealed anew" in result.output
    assert keys_in_use(people) == ({2: PEOPLE}, {2: PEOPLE})
    assert opened(people, ring) == EXPECTED
    listed = run("keys", "list").output
    assert "seal-0001.aes" in listed
    assert f"seals {2 * PEOPLE} values" in listed
    assert run("keys", "check").exit_code == 0


def test_a_person_keeps_his_version_when_he_is_sealed_anew(run: Command, people):
    run("keys", "rotate")
    people.rollback()
    assert set(people.scalars(sa.select(Practitioner.version))) == {1}


def test_both_suites_can_be_exchanged(run: Command, people, ring, tmp_path: Path):
    result = run("keys", "rotate", env={"PORTAL_CIPHER": "sm4"})
    assert "Made seal-0002.sm4." in result.output
    sm4 = KeyRing(tmp_path / "keys", Cipher.SM4)
    assert opened(people, sm4) == EXPECTED
    assert keys_in_use(people)[0] == {2: PEOPLE}
    indexes = set(people.scalars(sa.select(sa.func.substr(Practitioner.phone_index, 1, 5))))
    assert indexes == {sm4.index_mark} == {"0002:"}


def test_a_new_key_for_the_index_is_made_where_it_is_asked_for(run: Command, people, ring):
    assert "Made index-0002.aes." in run("keys", "rotate", "--index").output
    wanted = IDENTITY_NUMBER.is_value(ring, EXPECTED[7][0])
    assert people.scalar(sa.select(sa.func.count()).select_from(Practitioner).where(wanted)) == 1


def test_a_rotation_that_was_killed_loses_nothing_and_goes_on(
    run: Command, people, ring, database_url, tmp_path
):
    command = [
        sys.executable,
        "-u",
        "-c",
        "from portal.cli import main; main()",
        "keys",
        "rotate",
        "--batch",
        "1",
    ]
    given = {"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(tmp_path), "PORTAL_DATABASE_URL": database_url}
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | given)
    lines = iter(program.stdout)
    while "3 values sealed anew so far" not in next(lines):
        pass
    program.send_signal(signal.SIGKILL)
    program.communicate()
    in_use = keys_in_use(people)[0]
    assert in_use.keys() == {1, 2}, "it was killed in the middle"
    assert opened(people, ring) == EXPECTED

    result = run("keys", "rotate")

    assert "this goes on with them" in result.output
    assert "Made" not in result.output
    assert keys_in_use(people) == ({2: PEOPLE}, {2: PEOPLE})
    assert opened(people, ring) == EXPECTED


def test_a_broken_value_is_named_and_left_and_stops_no_rotation(run: Command, people):
    first, second = people.scalars(sa.select(Practitioner.code).order_by(Practitioner.id).limit(2)).all()
    stolen = people.scalar(sa.select(Practitioner.phone_sealed).where(Practitioner.code == second))
    people.execute(sa.update(Practitioner).where(Practitioner.code == first).values(phone_sealed=stolen))
    people.commit()
    result = run("keys", "check")
    assert result.exit_code == 1
    assert f"practitioner.phone of {first} does not open" in result.output
    assert run("keys", "rotate").exit_code == 1
    assert keys_in_use(people) == ({2: PEOPLE}, {1: 1, 2: PEOPLE - 1})
    assert "Made seal-0003.aes." in run("keys", "rotate", "--new").output


def test_a_value_found_by_the_index_of_another_is_named(run: Command, people, ring):
    code = people.scalar(sa.select(Practitioner.code).order_by(Practitioner.id))
    wrong = ring.index("15400009999", PHONE.name)
    people.execute(sa.update(Practitioner).where(Practitioner.code == code).values(phone_index=wrong))
    people.commit()
    assert f"practitioner.phone of {code}" in run("keys", "check").output


def test_a_lost_key_is_named_with_what_it_seals(run: Command, people, tmp_path: Path):
    run("keys", "rotate")
    (tmp_path / "keys" / "seal-0002.aes").unlink()
    assert f"missing: key 0002, which seals {2 * PEOPLE} values" in run("keys", "list").output
    assert run("keys", "check").exit_code == 1


def test_uploaded_files_are_sealed_and_are_sealed_anew_with_their_time_kept(
    run: Command, ring, tmp_path: Path
):
    uploads, kept = UploadedFiles(tmp_path / "uploads", ring), IntakeRun(code="abcd234567")
    uploads.keep(kept, b"name and number")
    (path,) = (tmp_path / "uploads").iterdir()
    os.utime(path, (1, 1))
    assert b"name" not in path.read_bytes()
    run("keys", "rotate")
    assert path.read_bytes()[:3] == ring.mark
    assert path.stat().st_mtime == 1
    assert uploads.read(kept) == b"name and number"
    path.rename(path.with_stem("abcd234568"))
    assert uploads.read(IntakeRun(code="abcd234568")) is None


def test_a_rotation_is_in_the_trail_without_any_key(run: Command, people, tmp_path: Path):
    run("keys", "rotate")
    people.rollback()
    entries = people.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.subject_code, entry.facts["step"]) for entry in entries] == [
        ("keys.rotate", "0002", "began"),
        ("keys.rotate", "0002", "finished"),
    ]
    keys = [path.read_text().strip() for path in (tmp_path / "keys").glob("*-*")]
    told = run("keys", "list").output + "".join(str(entry.facts) for entry in entries)
    assert not [key for key in keys if key in told]


def test_rotation_takes_over_the_second_factors_that_an_old_register_sealed(
    run: Command, people: Session, ring: KeyRing
):
    account = make_account(people)
    enrol_as_before(people, account, "JBSWY3DPEHPK3PXP", "abcde23456")
    people.commit()
    without_key = run("keys", "rotate")
    assert (without_key.exit_code, "1 values do not open" in without_key.output) == (1, True)
    keep_old_key(ring.folder)
    assert f"{2 * PEOPLE + 1} values were sealed anew" in run("keys", "rotate").output
    people.rollback()
    sealed = people.scalars(sa.select(SecondFactor.secret_sealed)).one()
    assert SECRET.opened(ring, sealed, account.code) == "JBSWY3DPEHPK3PXP"
    people.rollback()
    assert run("keys", "check").exit_code == 0
