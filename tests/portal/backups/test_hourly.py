"""Every hour a backup; of the old ones, one a day; and what is said where none can be taken."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import jobs
from portal.backups import hourly
from portal.backups.keeping import Kept, backups_in, newest_backup, to_remove
from portal.backups.manifest import MANIFEST, BackupRefused
from portal.commands.check import check_backups
from portal.settings import Profile, Settings
from registry.audit.models import AuditEntry
from registry.clock import SHANGHAI, utc_now
from tests.databases import Databases
from tests.portal.backups.worlds import Place, full_place

NOON = datetime(2026, 11, 26, 12, 17, tzinfo=SHANGHAI)


def test_the_job_is_hourly_and_makes_up_for_no_hour_that_was_missed() -> None:
    assert (jobs.BACKUP.cron, jobs.BACKUP.makes_up) == ("17 * * * *", False)
    assert jobs._schedule(jobs.BACKUP, type("Run", (), {"scheduled": None}))["automatic_backfill"] is False


def test_the_job_takes_a_backup_and_says_so_in_the_trail(databases: Databases, tmp_path: Path) -> None:
    place = full_place(databases, tmp_path)
    with place.session() as session:
        counts = [
            hourly.do_part(place.settings, session, part, NOON.date(), utc_now())
            for part in hourly.parts_of_hour()
        ]
        session.commit()
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "backup.take")).one()

    assert counts == [1, 0]
    (kept,) = backups_in(place.settings.backups)
    assert (entry.subject_code, entry.facts["files"], entry.actor_name) == (
        kept.folder.name,
        2,
        "portal jobs",
    )
    assert [finding.remedy for finding in check_backups(for_work(place))] == [""]


@pytest.mark.usefixtures("only_once")
def test_a_register_without_a_key_says_so_in_the_log(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, told = full_place(databases, tmp_path), []
    monkeypatch.setattr(hourly.log, "error", lambda line, *facts: told.append(line % facts))
    monkeypatch.setattr("portal.backups.taking.make_first_key", lambda *_: None)
    for key in place.settings.keys.glob("backup-*"):
        key.unlink()

    with place.session() as session:
        assert hourly.do_part(place.settings, session, hourly.TAKE, NOON.date(), utc_now()) == 0

    assert "portal keys backup" in told[0]
    (finding,) = check_backups(for_work(place))
    assert "portal keys backup" in finding.remedy


def for_work(place: Place) -> Settings:
    """The same register, in the profile in which its backups matter."""
    return replace(place.settings, profile=Profile.DENGBAO3)


def kept(*hours_ago: float) -> list[Kept]:
    """Backups by their age, the newest first."""
    times = [NOON - timedelta(hours=hours) for hours in hours_ago]
    return [Kept(Path(f"backup-{time:%Y%m%d-%H%M%S}"), time) for time in times]


def removed(*hours_ago: float) -> list[float]:
    gone = to_remove(kept(*hours_ago), at=NOON, hours=48, days=30)
    return [(NOON - one.taken_at).total_seconds() / 3600 for one in gone]


@pytest.mark.parametrize(
    ("ages", "gone"),
    [
        ([], []),
        ([0, 1, 2, 47, 48], []),
        ([1, 49, 50, 51], [49, 50]),
        ([1, 60, 61, 84, 85], [61]),
        ([1, 24 * 30 + 5, 24 * 31, 24 * 32], [24 * 31, 24 * 32]),
        ([24 * 90, 24 * 91], [24 * 91]),
    ],
)
def test_every_backup_of_two_days_is_kept_then_the_first_of_each_day_for_thirty(
    ages: list[float], gone: list[float]
) -> None:
    assert removed(*ages) == gone


def test_the_newest_backup_is_found_and_other_folders_are_left_alone(tmp_path: Path) -> None:
    for name in ("backup-20261125-101700-aaaa", "backup-20261126-091700-bbbb", "backup-nonsense", "photos"):
        (tmp_path / name).mkdir()
        (tmp_path / name / MANIFEST).touch()
    (tmp_path / "backup-20261127-000000-cccc").mkdir()  # without a manifest it is none

    assert newest_backup(tmp_path).name == "backup-20261126-091700-bbbb"
    assert [one.taken_at.hour for one in backups_in(tmp_path)] == [9, 10]


def test_an_empty_folder_holds_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="There is no backup in"):
        newest_backup(tmp_path)


@pytest.mark.usefixtures("only_once")
def test_a_check_tells_when_the_last_backup_is_too_old(place_with_old_backup: Place) -> None:
    (finding,) = check_backups(for_work(place_with_old_backup))

    assert "61 minutes old" in finding.remedy


@pytest.fixture
def place_with_old_backup(databases: Databases, tmp_path: Path) -> Place:
    place = full_place(databases, tmp_path)
    at = (utc_now() - timedelta(minutes=61, seconds=30)).astimezone(SHANGHAI)
    folder = place.settings.backups / f"backup-{at:%Y%m%d-%H%M%S}-aaaa"
    folder.mkdir(parents=True)
    (folder / MANIFEST).touch()
    return place
