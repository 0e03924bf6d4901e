"""What a killed process left is cleared away after an hour; what belongs to somebody stays."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.settings import Profile, Settings
from portal.sweeping import clear_leftovers, sweep
from registry.clock import utc_now
from registry.intake.models import IntakeRun, IntakeState
from tests.factories import NOW

OLD, YOUNG = timedelta(minutes=61), timedelta(minutes=59)
SECRET = "a secret that is only good for tests"


@pytest.fixture
def settings(tmp_path: Path, database_url_of_worker: str) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=database_url_of_worker,
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
    )


@pytest.fixture
def leave(tmp_path: Path) -> Callable[..., Path]:
    """A file of some age."""

    def left(name: str, age: timedelta = OLD) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        moment = (utc_now() - age).timestamp()
        os.utime(path, (moment, moment))
        return path

    return left


@pytest.mark.parametrize(
    "name",
    [
        "uploads/abcdefghjk.bin",
        "uploads/abcdefghjk.new",
        "documents/abcdefghjk.pdf",
        "documents/.abcdefghjk.pdf.x7",
        "heads/.head.json.x7",
        ".backup-123.sqlite",
        ".backup-123.sqlite-wal",
        ".portal.sqlite.restoring",
        "backups/.backup-20261126-101700-abcd",
    ],
)
def test_what_belongs_to_nobody_goes_after_an_hour(session: Session, settings, leave, name: str) -> None:
    old = leave(name)
    assert sweep(session, settings, at=utc_now()) == 1
    young = leave(name, YOUNG)

    assert sweep(session, settings, at=utc_now()) == 0
    assert (old, young.exists()) == (young, True)


def test_what_belongs_to_somebody_stays(session: Session, settings, leave) -> None:
    counts = dict.fromkeys(
        ("rows", "create", "update", "same", "duplicate", "warnings", "errors", "problems_left_out"), 0
    )
    run = IntakeRun(
        kind="practitioners",
        file_name="a.csv",
        sha256="0" * 64,
        options={},
        problems=[],
        state=IntakeState.PREVIEWED,
        actor_code="a1",
        actor_name="李示例",
        division_code="310101",
        at=NOW,
        **counts,
    )
    session.add(run)
    session.flush()
    names = (f"uploads/{run.code}.bin", "portal.sqlite", "keys/seal-0001.aes", "backups/notes.txt")
    kept = [leave(name) for name in names]

    assert sweep(session, settings, at=utc_now()) == 0
    assert all(path.exists() for path in kept)


def test_a_folder_is_cleared_with_all_that_is_in_it(
    session: Session, settings, leave, tmp_path: Path
) -> None:
    inside = leave(".restoring/uploads/abcdefghjk.bin")
    moment = (utc_now() - OLD).timestamp()
    os.utime(tmp_path / ".restoring", (moment, moment))

    assert sweep(session, settings, at=utc_now()) == 1
    assert not inside.exists()


def test_a_register_that_does_not_answer_keeps_everything_and_starts(settings, leave, tmp_path: Path) -> None:
    left = leave("uploads/abcdefghjk.bin")
    broken = Settings(**{**vars(settings), "database_url": f"sqlite:///{tmp_path}/missing/portal.sqlite"})

    clear_leftovers(broken)

    assert left.exists()


def test_a_start_clears_them_away(settings, leave) -> None:
    left = leave("uploads/abcdefghjk.bin")

    clear_leftovers(settings)

    assert not left.exists()
