"""T6a: kill -9 of the server under load, on SQLite; the long count is in tests/soak."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.access.crashing import World, found

CYCLES = 3


@pytest.fixture
def world(database_url: str, database_kind: str, tmp_path: Path) -> Iterator[World]:
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL is killed by itself: T6b")
    world = World(tmp_path, database_url)
    yield world
    world.close()


def test_a_killed_server_loses_nothing_that_it_answered(world: World, tell: Callable[[str], None]) -> None:
    killed(world, CYCLES, tell)


def killed(world: World, cycles: int, tell: Callable[[str], None], *, longest: float = 0.7) -> None:
    """So many times; then everybody asks once more for what was not answered, and all is counted."""
    dice = random.Random(20261126)
    for number in range(cycles):
        world.start()
        if number == 0:
            world.sign_in()
        world.cycle(dice, longest=longest)
    before = found(world)
    world.start()
    world.ask_again()
    after = found(world)
    tell(
        f"T6a: {cycles} kills, {before.answered} answered ({after.answered} after asking again), "
        f"{len(before.lost + after.lost)} lost, {len(after.doubled)} doubled, {len(after.halves)} halves, "
        f"{before.swept} files swept, {len(after.orphans)} orphans"
    )
    for findings in (before, after):
        assert (findings.lost, findings.doubled, findings.halves, findings.wrong) == ([], [], [], [])
        assert (findings.integrity, findings.trail, findings.orphans) == ("ok", None, [])
    assert before.answered > cycles
