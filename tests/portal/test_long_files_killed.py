"""Long files whose workers are killed: each is loaded, or undone, once. The long count is in tests/soak."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal import jobs
from tests.databases import Databases, PostgresqlDatabases
from tests.portal.long_files import WORKERS, Crew, Findings, World, found, killed_again_and_again

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
