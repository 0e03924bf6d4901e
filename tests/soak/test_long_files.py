"""Long files at full count: fifty kills of the workers that check and load them."""

from collections.abc import Callable

from tests.portal.long_files import Crew, World
from tests.portal.test_long_files_killed import crew, killed, world

__all__ = ["crew", "world"]

CYCLES = 50


def test_of_fifty_files_whose_workers_are_killed_each_is_loaded_or_undone_once(
    world: World, crew: Crew, database_kind: str, tell: Callable[[str], None]
) -> None:
    killed(world, crew, CYCLES, database_kind, tell)
