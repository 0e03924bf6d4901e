"""`portal audit retire`: old entries leave the register for a file, and only those that may."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result as Outcome
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditCheckpoint, AuditEntry, AuditHead, Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import today
from registry.policy.models import Parameter
from tests.databases import Databases, PostgresqlDatabases
from tests.factories import make_account, make_parameter
from tests.portal.commands.running import Command

LONG_AGO = datetime(2020, 5, 1, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> bytes:
    """Of the demonstration in which the commands run."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    (folder / "audit_key").touch(mode=0o600)
    (folder / "audit_key").write_text("k" * 32)
    return b"k" * 32


@pytest.fixture
def trail(register: Session, key: bytes) -> Session:
    """Three entries of 2020 and one of yesterday."""
    make_account(register, Role.AUDITADMIN, username="auditor")
    make_parameter(register, key="trail.keep_days", value=1096)
    for number in range(3):
        write(register, key, LONG_AGO + timedelta(days=number))
    write(register, key, datetime.now(UTC) - timedelta(days=1))
    register.commit()
    return register


def write(session: Session, key: bytes, at: datetime) -> None:
    record_entry(
        session,
        trail=Trail(key),
        at=at,
        actor_code="a1",
        actor_name="李示例",
        action="site.see",
        result=Result.DONE,
        subject_type="site",
        subject_code="s",
        division_code="310101",
        facts={},
    )


@pytest.fixture
def retire(run: Command, databases: Databases, database_url: str, tmp_path: Path) -> Callable[..., Outcome]:
    """As the owner of the database, where there is one."""
    owner = databases.owner_url(database_url) if isinstance(databases, PostgresqlDatabases) else database_url

    def command(before: str = "2020-05-03", account: str = "auditor", url: str = owner) -> Outcome:
        words = ("audit", "retire", str(tmp_path / "old"), "--before", before, "--as", account)
        return run(*words, env={"PORTAL_DATABASE_URL": url})

    return command


def sequences(session: Session) -> list[int]:
    session.rollback()
    found = list(session.scalars(sa.select(AuditEntry.sequence).order_by(AuditEntry.sequence)))
    session.rollback()  # on SQLite no command could write meanwhile
    return found


def test_old_entries_are_in_a_file_and_no_longer_in_the_register(trail, retire, tmp_path) -> None:
    done = retire()

    assert done.exit_code == 0, done.output
    file = tmp_path / "old" / "trail-000000001-000000002.jsonl"
    assert done.output.startswith(f"{file}  2 entries  sha256 ")
    assert [json.loads(line)["sequence"] for line in file.read_text().splitlines()] == [1, 2]
    assert file.stat().st_mode & 0o777 == 0o400
    assert sequences(trail) == [3, 4, 5]


def test_the_retirement_is_itself_an_entry(trail, retire) -> None:
    retire()

    trail.rollback()
    last = trail.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (last.action, last.subject_code) == ("audit.retire", "trail-000000001-000000002.jsonl")
    assert (last.facts["first"], last.facts["last"]) == (1, 2)


def test_what_is_left_is_verified_and_the_file_is_named(trail, retire, run, tmp_path) -> None:
    retire()

    bare = run("audit", "verify")
    whole = run("audit", "verify", "--archives", str(tmp_path / "old"))

    named = "Entries 1 to 2 are retired: trail-000000001-000000002.jsonl"
    assert (bare.exit_code, f"{named}, not read now." in bare.output) == (0, True)
    assert (whole.exit_code, f"{named}." in whole.output) == (0, True)


@pytest.mark.usefixtures("only_once")
def test_a_file_that_is_missing_is_told(trail, retire, run, tmp_path) -> None:
    retire()
    next((tmp_path / "old").glob("*.jsonl")).unlink()

    told = run("audit", "verify", "--archives", str(tmp_path / "old"))

    assert told.exit_code == 1
    assert "the file of these retired entries is missing or was changed" in told.output


@pytest.mark.usefixtures("only_once")
def test_entries_within_the_time_of_keeping_stay(trail, retire) -> None:
    refused = retire(before=(today() - timedelta(days=1095)).isoformat())

    assert refused.exit_code == 2
    assert "保存期内" in refused.output
    assert sequences(trail) == [1, 2, 3, 4]


@pytest.mark.usefixtures("only_once")
def test_a_parameter_below_the_floor_of_the_law_is_refused(trail, retire) -> None:
    trail.execute(sa.update(Parameter).where(Parameter.key == "trail.keep_days").values(value=183))
    trail.commit()

    refused = retire()

    assert refused.exit_code == 2
    assert "少于法律要求的184天" in refused.output


def test_the_database_keeps_the_floor_whatever_the_parameter_says(trail, retire, monkeypatch) -> None:
    monkeypatch.setattr("registry.audit.retiring.LEAST_DAYS", 0)
    trail.execute(sa.update(Parameter).where(Parameter.key == "trail.keep_days").values(value=0))
    trail.commit()

    refused = retire(before=today().isoformat())

    assert refused.exit_code != 0
    assert sequences(trail) == [1, 2, 3, 4]


@pytest.mark.usefixtures("only_once")
def test_nothing_is_retired_where_there_is_nothing_old(trail, retire) -> None:
    refused = retire(before="2019-01-01")

    assert (refused.exit_code, "2019-01-01之前没有操作留痕" in refused.output) == (2, True)


@pytest.mark.usefixtures("only_once")
def test_nothing_is_retired_from_a_trail_that_does_not_hold(trail, retire, tmp_path) -> None:
    trail.execute(sa.update(AuditHead).values(entry_hash="0" * 64))
    trail.commit()

    refused = retire()

    assert (refused.exit_code, "Nothing was retired" in refused.output) == (1, True)
    assert not list((tmp_path / "old").glob("*")) if (tmp_path / "old").exists() else True
    assert sequences(trail) == [1, 2, 3, 4]


@pytest.mark.usefixtures("only_once")
def test_only_the_auditor_retires(trail, retire) -> None:
    assert retire(account="demo-city").exit_code == 2
    assert sequences(trail) == [1, 2, 3, 4, 5]  # the refusal is an entry


def test_the_serving_role_is_told_who_may(trail, retire, database_kind, database_url) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has no roles")

    refused = retire(url=database_url)

    assert (refused.exit_code, "only the owner retires entries" in refused.output) == (2, True)
    assert sequences(trail) == [1, 2, 3, 4]


def test_a_retirement_that_was_cut_off_after_its_file_is_done_again(trail, retire, monkeypatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("registry.audit.retiring.retire", fail)
        assert retire().exit_code != 0
    assert sequences(trail) == [1, 2, 3, 4]

    assert retire().exit_code == 0
    assert sequences(trail) == [3, 4, 5]
    assert trail.scalars(sa.select(AuditCheckpoint)).one().sequence == 2


def test_the_trail_is_retired_twice_and_the_second_file_goes_on(trail, retire, run, tmp_path) -> None:
    retire(before="2020-05-02")
    second = retire(before=date(2020, 5, 4).isoformat())

    assert second.exit_code == 0, second.output
    assert "trail-000000002-000000003.jsonl  2 entries" in second.output
    assert run("audit", "verify", "--archives", str(tmp_path / "old")).exit_code == 0
