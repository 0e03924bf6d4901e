"""On which days of the week somebody can come, as runs that a sentence names by their ends."""

from itertools import groupby

from registry.services.facets import Weekday

SHORTEST_RUN = 3
"""Two days in a row are named one by one."""


def runs_of(days: str) -> list[tuple[Weekday, ...]]:
    """12345 is one run of five, 135 three runs of one day; `days` are digits from 1, Monday, in order."""
    runs = [
        tuple(Weekday(day) for _place, day in run) for _key, run in groupby(enumerate(days), _place_in_run)
    ]
    return [part for run in runs for part in _split(run)]


def _place_in_run(numbered: tuple[int, str]) -> int:
    number, day = numbered
    return int(day) - number


def _split(run: tuple[Weekday, ...]) -> list[tuple[Weekday, ...]]:
    return [run] if len(run) >= SHORTEST_RUN else [(day,) for day in run]
