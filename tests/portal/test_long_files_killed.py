"""Long files whose workers are killed: each is loaded, or undone, once. The long count is in tests/soak."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import jobs
from registry.access.models import Position
from registry.clock import today
from registry.intake.models import IntakeState
from tests.databases import Databases, PostgresqlDatabases
from tests.portal.long_files import WORKERS, Crew, Findings, World, found, killed_again_and_again, settled

CYCLES = 5


@pytest.fixture
def world(databases: Databases, database_url: str, tmp_path: Path) -> Iterator[World]:
    if isinstance(databases, PostgresqlDatabases):
        jobs.prepare_job_store(databases.owner_url(database_url))
    world = World(tmp_path, database_url)
    yield world
    world.close()


@pytest.fixture
def crew(world: World) -> Iterator[Crew]:
    crew = Crew(world)
    crew.start(*WORKERS)
    yield crew
    crew.close()


def test_of_files_whose_workers_are_killed_each_is_loaded_or_undone_once(
    world: World, crew: Crew, database_kind: str, tell: Callable[[str], None]
) -> None:
    killed(world, crew, CYCLES, database_kind, tell)


def killed(world: World, crew: Crew, cycles: int, engine: str, tell: Callable[[str], None]) -> None:
    """So many files, one after the other."""
    kills = killed_again_and_again(world, crew, cycles, random.Random(20261127))
    findings, counts = found(world), world.counts()
    stood = ", ".join(f"{count} {state}" for state, count in sorted(kills.at.items()))
    tell(
        f"long files on {engine}, two workers: {cycles} kills ({stood}), {len(counts)} of {cycles} files loaded, "
        f"{len(findings.wrong)} with more or fewer than {world.people} people, {len(kills.undone)} undone whole"
    )
    assert {*counts} == {f"F{number:03d}" for number in range(cycles)} - kills.undone
    assert findings == Findings(wrong={}, entries={1}, notices={2}, trail=None, left=[])


def test_what_was_undone_in_vain_is_undone_when_it_is_asked_for_again(world: World, crew: Crew) -> None:
    code = world.send("F")
    settled(world, code, IntakeState.PREVIEWED)
    world.order(code)
    settled(world, code, IntakeState.COMMITTED)
    holding(world, ended_on=today())
    world.take_back(code)
    settled(world, code, IntakeState.COMMITTED)

    holding(world, ended_on=None)
    world.take_back(code)

    settled(world, code, IntakeState.UNDONE)


def holding(world: World, *, ended_on: date | None) -> None:
    """Whether the officer is still in the position in which the file was sent."""
    with world.engine.begin() as connection:
        connection.execute(sa.update(Position).values(ended_on=ended_on))
