"""Workers of the job tests: programs that are started on a database of their own, and killed."""

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import jobs, nightly
from portal.settings import Profile, Settings
from registry.divisions.codes import NATION
from registry.divisions.models import Population
from registry.engine import make_engine
from registry.policy.models import FigureSnapshot, SnapshotKind
from tests.databases import Databases, PostgresqlDatabases
from tests.factories import make_division, make_major, make_parameter, make_provider, make_staff, make_target
from tests.portal.jobs_program import DAY, PATIENCE_SECONDS, SECRET, Notes

FIRST, SECOND, *_OTHERS = nightly.parts_of_night()
DIVISIONS = (NATION, "31", "3101", "310101", "310101002")
RESIDENTS = 5_000
"""Of each of them: nothing here adds them up."""


TEMPTATIONS = {
    "DBOS__CLOUD": "true",
    "DBOS__CONDUCTOR_APP_NAME": "jingkangtong",
    "DBOS__CONDUCTOR_KEY": "a key",
    "DBOS__CONDUCTOR_URL": "wss://console.example",
}
"""Variables at which the job library would call its maker's console."""


class Worker:
    """A database with one provider, and programs that do its jobs."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url, self.notes = home, url, Notes(home)

    @property
    def settings(self) -> Settings:
        return Settings(
            home=self.home, database_url=self.url, profile=Profile.DEMO, secret_key=SECRET, audit_key=SECRET
        )

    def command(self, *words: str) -> subprocess.Popen[str]:
        """`portal` with these words."""
        command = [sys.executable, "-u", "-c", "from portal.cli import main; main()", *words]
        given = {"PORTAL_PROFILE": "demo", "PORTAL_HOME": str(self.home), "PORTAL_DATABASE_URL": self.url}
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | given,
        )

    def start(self, mode: str, name: str = jobs.WORKER) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.portal.jobs_program", mode, str(self.home), self.url, name]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | TEMPTATIONS,
        )

    def run(self, mode: str) -> dict[str, int]:
        return finished(self.start(mode))

    def cut_off(self, mode: str = "cut") -> None:
        """Kill -9 while the second part has written and not yet committed, or a document is laid out and not kept."""
        process = self.start(mode)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.notes.cut.exists() and process.poll() is None:
            assert time.monotonic() < deadline, "the second part did not begin"
            time.sleep(0.02)
        process.kill()
        _, errors = process.communicate()
        assert self.notes.cut.exists(), errors
        self.notes.cut.unlink()

    @property
    def begun(self) -> list[str]:
        return self.notes.begun.read_text().split()

    @property
    def called(self) -> str:
        return self.notes.called.read_text() if self.notes.called.exists() else ""

    def kept(self, on: date = DAY) -> list[tuple[str, str, str, int, int]]:
        """Nightly readings: figure, rule, division, numerator, denominator."""
        columns = (
            FigureSnapshot.figure_code,
            FigureSnapshot.counting_rule,
            FigureSnapshot.division_code,
            FigureSnapshot.numerator,
            FigureSnapshot.denominator,
        )
        engine = make_engine(self.url)
        with engine.connect() as connection:
            nightly_rows = sa.select(*columns).where(
                FigureSnapshot.on == on, FigureSnapshot.kind == SnapshotKind.NIGHTLY
            )
            found = sorted(tuple(row) for row in connection.execute(nightly_rows))
        engine.dispose()
        return found


def finished(process: subprocess.Popen[str]) -> dict[str, int]:
    try:
        output, errors = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()  # nobody is left behind, whatever went wrong
    assert process.returncode == 0, errors
    counts: dict[str, int] = json.loads(output)
    return counts


FROZEN = 2 * (4 + 1)
"""Two rules; the target is Shanghai's, so the country has no verdict, and there is one institution."""


def fill(session: Session) -> None:
    """One provider in Nanjing East Road: three of ten have a counting diploma, nobody a certificate."""
    for code in DIVISIONS[1:]:
        make_division(session, code)
    for code in DIVISIONS:
        session.add(Population(division_code=code, year=2020, residents=RESIDENTS, source="测试"))
    make_major(session)
    make_target(session)
    make_parameter(session, "training.rehabilitation_hours", 20)
    make_parameter(session, "training.newcomers", "whole")
    make_staff(session, make_provider(session), qualified=3, other=7)


@pytest.fixture
def worker(databases: Databases, database_url: str, tmp_path: Path) -> Worker:
    """Nobody at work yet."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        fill(session)
        session.commit()
    engine.dispose()
    if isinstance(databases, PostgresqlDatabases):
        jobs.prepare_job_store(databases.owner_url(database_url))
    return Worker(tmp_path, database_url)


NUMBERS = {
    "certified-share": (0, 10),
    "qualified-share": (3, 10),
    "registered-share": (0, 0),
    "staff": (10, 10),
    "staff-per-10000": (10, RESIDENTS),
    "trained-share": (0, 10),
}


def expected(on_figures: tuple[str, ...] = tuple(NUMBERS)) -> list[tuple[object, ...]]:
    return sorted(
        (code, rule, division, *NUMBERS[code])
        for code in on_figures
        for rule in ("assigned", "all-staff")
        for division in DIVISIONS
    )


def counts_of_night() -> dict[str, int]:
    """What each part keeps on DAY: no year has ended since the first night."""
    parts = nightly.parts_of_night()
    year_ends = {part: 0 for part in parts if part.startswith(nightly.YEAR_END)}
    return dict.fromkeys(parts, len(DIVISIONS)) | {nightly.ASSESSMENTS: FROZEN} | year_ends


def kill_and_finish(worker: Worker) -> None:
    worker.cut_off()
    assert worker.kept() == [row for row in expected(("qualified-share",)) if row[1] == FIRST.split("/")[1]]
    counts = worker.run("once")
    assert counts == counts_of_night()
    assert worker.begun == [FIRST, SECOND, *nightly.parts_of_night()[1:]]
    assert worker.kept() == expected()
    assert worker.called == ""
