"""The cheapest path by trying everything: it imports nothing of the product.

A world is a set of places, each with how many count and how many work there, and people who do not count yet, one by
one, with the places where they work. Every choice of people is tried; hires are added one at a time until each place
reaches its target.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Someone:
    """Staff who does not count."""

    places: frozenset[int]
    is_pending: bool


@dataclass(frozen=True)
class World:
    """Places by number: who counts there, and who does not."""

    holders: Mapping[int, int]
    people: tuple[Someone, ...]
    p: int
    q: int
    hire: int
    conversion: int

    def staff(self, place: int) -> int:
        """Everybody who works there."""
        return self.holders[place] + sum(place in one.places for one in self.people)

    def is_short(self, place: int) -> bool:
        """Below p/q."""
        return self.q * self.holders[place] < self.p * self.staff(place)


def best_value(world: World) -> tuple[int, int, int, int]:
    """Cost, hires, checks, and places of those chosen that are not short, over every choice there is."""
    values = [
        value
        for chosen in itertools.product((False, True), repeat=len(world.people))
        if (value := value_of(world, list(itertools.compress(world.people, chosen)))) is not None
    ]
    return min(values)


def value_of(world: World, chosen: Sequence[Someone]) -> tuple[int, int, int, int] | None:
    """None where even a hundred hires do not help."""
    hires = 0
    for place in world.holders:
        counting = world.holders[place] + sum(place in one.places for one in chosen)
        added = 0
        while world.q * (counting + added) < world.p * (world.staff(place) + added):
            added += 1
            if added > 100:
                return None
        hires += added
    checks = sum(one.is_pending for one in chosen)
    idle = sum(not world.is_short(place) for one in chosen for place in one.places)
    cost = world.conversion * (len(chosen) - checks) + world.hire * hires
    return cost, hires, checks, idle
