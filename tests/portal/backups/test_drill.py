"""The drill: a whole restore that never comes into force, and its report."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
import sqlalchemy as sa
from click.testing import Result

from portal.backups.drill import rehearse
from portal.backups.taking import take_backup
from registry.audit.models import AuditEntry, AuditHead
from registry.clock import utc_now
from reports.documents.drill_paper import Check, CheckKind, Drill, Step, StepKind, drill_paper
from reports.documents.speech import Speech
from tests.databases import Databases
from tests.factories import NOW
from tests.portal.backups.worlds import ENTRIES, Place, full_place, names_in

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def place(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return full_place(databases, tmp_path_factory.mktemp("drill"))


def test_a_drill_restores_and_verifies_and_leaves_the_register_alone(
    run: Run, place: Place, tmp_path: Path
) -> None:
    take_backup(place.settings, tmp_path, at=utc_now() - timedelta(minutes=30))
    before = {name.relative_to(place.home) for name in place.home.rglob("*")}

    done = run(place, "restore", str(tmp_path), "--drill")

    assert done.exit_code == 0, done.output
    assert [line.split()[1] for line in done.output.splitlines()[:9]] == [kind.value for kind in CheckKind]
    assert all(line.startswith("ok ") for line in done.output.splitlines()[:9])
    assert {name.relative_to(place.home) for name in place.home.rglob("*")} - before <= side_files(place)
    assert names_in(place) == ["auditor", "li"]
    assert schemas(place) <= {"public", "information_schema", "main", "jobs"}
    report_of(tmp_path)
    with place.session() as session:
        (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "backup.drill"))
        assert (entry.facts, entry.sequence) == ({"holds": True, "in_time": True}, ENTRIES + 1)


def report_of(folder: Path) -> None:
    (facts,) = folder.glob("drill-*.json")
    said = json.loads(facts.read_text())
    assert (said["holds"], said["is_in_time"], said["lost_goal"], said["restored_goal"]) == (
        True,
        True,
        60,
        60,
    )
    assert 29 < said["age_before"] < 32
    assert [step["kind"] for step in said["steps"]] == ["backup", "unseal", "restore", "verify"]
    text = pypdf.PdfReader(facts.with_suffix(".pdf")).pages[0].extract_text()
    assert "备份恢复演练报告" in text
    assert "备份可以完整恢复，各项核验通过" in text.replace("\n", "")


def side_files(place: Place) -> set[Path]:
    """Of SQLite, which keeps them beside the database in use."""
    name = Path(str(sa.make_url(place.settings.database_url).database)).name
    return {Path(f"{name}{end}") for end in ("-wal", "-shm")}


def schemas(place: Place) -> set[str]:
    engine = sa.create_engine(place.owner.database_url)
    with engine.connect() as connection:
        found = set(sa.inspect(connection).get_schema_names())
    engine.dispose()
    return found


@pytest.mark.usefixtures("only_once")
def test_a_drill_of_a_broken_trail_fails_and_says_where(
    run: Run, databases: Databases, tmp_path: Path
) -> None:
    broken = full_place(databases, tmp_path / "broken")
    with broken.session() as session:
        session.execute(sa.update(AuditHead).values(sequence=3))
        session.commit()

    drill = rehearse(broken.owner, tmp_path / "backups", at=NOW)

    assert not drill.holds
    assert [check.kind for check in drill.checks if check.fault] == [CheckKind.TRAIL, CheckKind.DOOR]
    assert drill.age_before is None


@pytest.mark.parametrize(
    ("age", "minutes", "fault", "sentence"),
    [
        (59.0, 59, "", "均在目标以内"),
        (61.0, 59, "", "时间目标没有全部达到"),
        (59.0, 61, "", "时间目标没有全部达到"),
        (None, 1, "", "时间目标没有全部达到"),
        (1.0, 1, "no account is open", "核验没有全部通过"),
    ],
)
def test_the_report_says_plainly_how_it_went(
    age: float | None, minutes: int, fault: str, sentence: str
) -> None:
    drill = Drill(
        at="2026-11-26T01:00:00+00:00",
        backup="backup-20261126-090000-abcd",
        engine="sqlite",
        migration="0013",
        head="ab" * 32,
        rows=1_000_000,
        files=3,
        size=2_000_000,
        steps=(Step(StepKind.BACKUP, 9_000.0), Step(StepKind.RESTORE, minutes * 60.0)),
        checks=(Check(CheckKind.DOOR, fault, "17"),),
        age_before=age,
        lost_goal=60,
        restored_goal=60,
    )

    assert sentence in drill_paper(drill, Speech(str, "zh")).sentences
