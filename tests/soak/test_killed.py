"""T6a at full count: two hundred kills of a server under load."""

from collections.abc import Callable

from tests.access.crashing import World
from tests.access.test_t06_killed import killed, world

__all__ = ["world"]

CYCLES = 200


def test_a_server_killed_two_hundred_times_loses_nothing_that_it_answered(
    world: World, tell: Callable[[str], None]
) -> None:
    killed(world, CYCLES, tell, longest=1.2)
