"""A workbook of 100,000 practitioners from bytes to committed rows, beside the same written by hand."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import plain_intake, portal_intake, rosters
from benchmarks.comparing import Comparison, interleaved, record, seconds_of
from portal.migrating import upgrade_database
from registry.engine import make_engine
from registry.organisations.models import Organisation, OrganisationKind, Site, SiteKind
from registry.workforce.models import Certificate, Post, Practitioner

ROWS, SAMPLE = 100_000, 10_000
MOST_MEGABYTES = 400

WRITTEN = (
    sa.select(
        Practitioner.person_no,
        Practitioner.name,
        Practitioner.birth_year,
        Post.site_id,
        Post.profession,
        Post.engagement,
        Post.serves_programme,
        Post.start_on,
        Post.end_on,
        Certificate.kind,
        Certificate.grade,
        Certificate.number,
        Certificate.issued_on,
    )
    .join_from(Practitioner, Post)
    .join(Certificate, Certificate.practitioner_id == Practitioner.id)
)

Database = Callable[[], str]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with sites and without people."""
    file = tmp_path_factory.mktemp("template") / "register.sqlite"
    upgrade_database(f"sqlite:///{file}")
    with opened(f"sqlite:///{file}") as session:
        for i in range(1, rosters.SITES + 1):
            session.add(organisation(i))
        session.commit()
    return file


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Database:
    """A fresh copy at each call; the copy before it goes."""

    def copied() -> str:
        for file in tmp_path.glob("register.sqlite*"):
            file.unlink()
        return f"sqlite:///{shutil.copy(template, tmp_path)}"

    return copied


@pytest.fixture(scope="module")
def roster() -> bytes:
    return rosters.workbook(ROWS)


def test_the_same_faults_are_found_as_by_hand(database: Database):
    data = rosters.workbook(2_000, with_faults=True)
    with opened(database()) as session:
        found = portal_intake.judged(session, data)
        _rows, faults = plain_intake.checked(plain_intake.calamine_rows(data), plain_intake.sites_of(session))

    ours = {(problem.row, ord(problem.column) - ord("A") + 1) for problem in found.errors}
    assert len(faults) == 200
    assert ours == set(faults)


def test_an_intake_keeps_up_with_one_written_by_hand(database: Database, roster: bytes):
    assert written(database(), roster, portal_intake.load) == written(database(), roster, load_by_hand)

    ours, by_hand = interleaved(
        [lambda: portal_intake.load(database(), roster), lambda: load_by_hand(database(), roster)], rounds=3
    )
    sample = rosters.workbook(SAMPLE)
    usual = seconds_of(lambda: load_as_usual(database(), sample)) * ROWS / SAMPLE

    work = "intake of 100,000 × 12"
    record(Comparison(work, "calamine, checks, Core", ours, by_hand, limit=1.6, is_speedup=False))
    note = f"extrapolated from {SAMPLE:,} rows"
    record(Comparison(work, "openpyxl, ORM add_all", ours, usual, limit=6, is_speedup=True, note=note))


def test_an_intake_needs_little_memory(database: Database, roster: bytes, tmp_path: Path):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(roster)
    command = [sys.executable, "-m", "benchmarks.portal_intake", database(), str(file)]

    peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    record(
        Comparison(
            "memory of that intake", "its limit", float(peak), MOST_MEGABYTES, 1, is_speedup=False, unit="MB"
        )
    )


def organisation(i: int) -> Organisation:
    site = Site(
        code=f"s{i}", name=f"示例站点{i}", kind=SiteKind.REHABILITATION, address="示例路1号",
        division_code="310101002", located_code="310101002", source="示例", updated_at=portal_intake.AT,
    )  # fmt: skip
    return Organisation(
        name=f"示例机构{i}", kind=OrganisationKind.SOCIAL_SERVICE, division_code="310101002", source="示例",
        updated_at=portal_intake.AT, sites=[site],
    )  # fmt: skip


def load_by_hand(url: str, data: bytes) -> None:
    with opened(url) as session:
        rows, faults = plain_intake.checked(plain_intake.calamine_rows(data), plain_intake.sites_of(session))
        assert not faults
        plain_intake.insert_with_core(session, rows, portal_intake.AT)


def load_as_usual(url: str, data: bytes) -> None:
    with opened(url) as session:
        rows, faults = plain_intake.checked(plain_intake.openpyxl_rows(data), plain_intake.sites_of(session))
        assert not faults
        plain_intake.insert_with_orm(session, rows, portal_intake.AT)


def written(url: str, data: bytes, load: Callable[[str, bytes], None]) -> list[sa.Row[tuple[object, ...]]]:
    """What a load leaves in the register."""
    load(url, data)
    with opened(url) as session:
        return list(session.execute(WRITTEN.order_by(Practitioner.person_no)))


@contextmanager
def opened(url: str) -> Iterator[Session]:
    engine = make_engine(url)
    with Session(engine) as session:
        yield session
    engine.dispose()
