"""T10 with a million rows: backup, wipe, restore, verify, within an hour; the times are printed."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.backups.drill import rehearse
from portal.backups.restoring import open_backup, restore
from portal.backups.taking import take_backup
from registry.clock import utc_now
from tests.databases import Databases
from tests.portal.backups.worlds import Place, act, empty_place, full_place

PEOPLE, ENTRIES = 1_000_000, 20_000
GOAL_MINUTES = 60

FILL = """
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :people)
    INSERT INTO practitioner (code, person_no, name, birth_year, source, is_example, updated_at, version)
    SELECT 'p' || n, 'M' || n, '张示例' || n, 1960 + n % 45, '测试', :yes, :at, 1 FROM counted
"""


@pytest.fixture(scope="module")
def large(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = full_place(databases, tmp_path_factory.mktemp("large"))
    with place.session() as session:
        session.execute(sa.text(FILL), {"people": PEOPLE, "yes": True, "at": utc_now().isoformat(sep=" ")})
        for number in range(ENTRIES):
            act(session, number)
        session.commit()
    return place


def test_a_million_rows_are_back_within_the_hour(
    databases: Databases, large: Place, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    begun = time.monotonic()
    taken = take_backup(large.settings, tmp_path, at=utc_now())
    backed_up = time.monotonic()
    target = empty_place(databases, tmp_path / "target", large.settings.keys)

    restored = restore(target.owner, open_backup(taken.folder, target.owner), at=utc_now())

    seconds = time.monotonic() - backed_up
    size = sum(part.size for part in taken.manifest.parts.values()) / 1e6
    tell(
        f"T10: {taken.manifest.rows:,} rows, {size:.0f} MB sealed: backed up in {backed_up - begun:.1f} s, "
        f"restored and verified in {seconds:.1f} s"
    )
    assert not [check.fault for check in restored.checks if check.fault]
    assert target.count("practitioner") == PEOPLE + 1
    assert seconds < GOAL_MINUTES * 60
    shutil.rmtree(taken.folder)


def test_a_million_rows_are_rehearsed(large: Place, tmp_path: Path, tell: Callable[[str], None]) -> None:
    drill = rehearse(large.owner, tmp_path, at=utc_now())

    tell("T10: drill: " + ", ".join(f"{step.kind.value} {step.seconds:.1f} s" for step in drill.steps))
    assert drill.holds
    assert drill.restored_in < GOAL_MINUTES
