"""Weighted choices from a table; the generator is always the caller's, so that the world is the same each time."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Choice = TypeVar("Choice")


def drawn(rng: Random, choices: Sequence[tuple[Choice, int]]) -> Choice:
    """One of the choices, by their weights."""
    values, weights = [value for value, _ in choices], [weight for _, weight in choices]
    return rng.choices(values, weights)[0]
