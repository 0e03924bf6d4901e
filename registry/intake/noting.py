"""Says how far the judging of a long file has come, or the undoing of its load, to whoever wants to know."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

Item = TypeVar("Item")
Noting = Callable[[int], None]
"""Is told how many rows are done; of a row that is read and not yet judged, half."""

NotingOfAll = Callable[[int, int], None]
"""Is told how many records are done, and of how many."""

EVERY = 500
"""Rows between two words about them: asking the clock for each row would cost more than the row."""


def silent(_rows: int) -> None:
    """Nobody waits for it."""


def nobody_waits(_records: int, _of: int) -> None:
    """The same of records."""


class Noted(Sequence[Item]):
    """Rows that are judged one after the other: the first time through, it is said how many are done."""

    def __init__(self, rows: Sequence[Item], noting: Noting) -> None:
        self._rows, self._noting = rows, noting

    def __iter__(self) -> Iterator[Item]:
        half = len(self._rows) // 2
        for place, row in enumerate(self._rows):
            if place % EVERY == 0:
                self._noting(half + place // 2)
            yield row

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Item]: ...

    def __getitem__(self, place: Any) -> Any:
        return self._rows[place]
