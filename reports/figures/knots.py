"""Places that are tied to each other by people who help several of them: the best way through each knot.

The shared people are taken kind by kind. After each kind only the best way to every state is kept, a state being how
far each place is helped that a later kind can still help; whatever no later kind can help is settled and leaves the
state. So nothing better is ever dropped, and the work grows with the width of a knot, not with the number of places.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Value = tuple[int, int, int, int]
"""Cost, hires, checks, places concerned that do not fall short: added one by one, compared in this order."""

NOTHING: Value = (0, 0, 0, 0)
MOST_STATES = 5_000
"""Ways that are kept at once; of a wider knot the worst are dropped, and its answer is not called proven."""


class Alone(Protocol):
    """A place by itself."""

    @property
    def most(self) -> int:
        """How many helps are of use."""

    def value(self, helps: int) -> Value | None:
        """What it costs after so many helps by shared people; None where it then cannot reach its target."""


@dataclass(frozen=True)
class Kind:
    """People who help the same places."""

    places: frozenset[int]
    pending: int
    convertible: int
    price: int
    elsewhere: int
    """Places of theirs that do not fall short."""

    @property
    def number(self) -> int:
        """All of them."""
        return self.pending + self.convertible

    def value(self, number: int) -> Value:
        """Whoever waits for a check comes first: it costs nothing."""
        checks = min(number, self.pending)
        return self.price * (number - checks), 0, checks, self.elsewhere * number


@dataclass(frozen=True)
class Way:
    """The best way through a knot: so many of each kind, and how far each place is helped by them."""

    value: Value
    numbers: tuple[int, ...]
    helps: Mapping[int, int]
    is_proven: bool


Found = tuple[Value, tuple[int, ...]]
State = tuple[int, ...]


def tied_places(
    short: Collection[int], useful: Sequence[frozenset[int]]
) -> Iterator[tuple[list[int], list[int]]]:
    """Each knot: its places, and which of the helpers tie them, those first whose places are done with first."""
    ties: defaultdict[int, list[int]] = defaultdict(list)
    for index, places in enumerate(useful):
        for place in places if len(places) > 1 else ():
            ties[place].append(index)
    seen: set[int] = set()
    for start in sorted(short):
        if start not in seen:
            tied = _hanging_together(start, ties, useful)
            seen.update(tied)
            yield tied, _in_order(tied, ties, useful)


def _in_order(
    tied: Sequence[int], ties: Mapping[int, list[int]], useful: Sequence[frozenset[int]]
) -> list[int]:
    rank = {place: at for at, place in enumerate(tied)}
    shared = {index for place in tied for index in ties[place]}
    return sorted(shared, key=lambda index: (max(rank[place] for place in useful[index]), index))


def _hanging_together(
    start: int, ties: Mapping[int, list[int]], useful: Sequence[frozenset[int]]
) -> list[int]:
    """From near to far, so that what hangs together stands together."""
    places = [start]
    for place in places:
        near = sorted({other for index in ties[place] for other in useful[index]})
        places.extend(other for other in near if other not in places)
    return places


def through(places: Sequence[int], kinds: Sequence[Kind], alone: Mapping[int, Alone]) -> Way:
    """The best way: kind by kind, each place settled with the last kind that can help it."""
    last = {place: step for step, kind in enumerate(kinds) for place in kind.places}
    states: dict[State, Found] = {(0,) * len(places): (_untied(places, last, alone), ())}
    is_proven = True
    rank = {place: at for at, place in enumerate(places)}
    for step, kind in enumerate(kinds):
        concerned = [(rank[place], alone[place], last[place] == step) for place in sorted(kind.places)]
        walk = _Step(kind, concerned)
        states = walk.on(states)
        if len(states) > MOST_STATES:
            states = dict(heapq.nsmallest(MOST_STATES, states.items(), key=lambda item: item[1]))
            is_proven = False
    best, numbers = min(states.values())
    return Way(best, numbers, _helped(places, kinds, numbers), is_proven)


@dataclass(frozen=True)
class _Step:
    """One kind in its turn."""

    kind: Kind
    concerned: Sequence[tuple[int, Alone, bool]]
    """Each place that it helps: where it stands in a state, and whether no later kind helps it."""

    def on(self, states: Mapping[State, Found]) -> dict[State, Found]:
        """The best way to each state that comes after."""
        following: dict[State, Found] = {}
        for state, (value, numbers) in states.items():
            for number in range(self.kind.number + 1):
                moved = self._moved(state, number)
                if moved is None:
                    continue
                reached, more = moved
                found = (plus(value, more), (*numbers, number))
                if reached not in following or found < following[reached]:
                    following[reached] = found
        return following

    def _moved(self, state: State, number: int) -> tuple[State, Value] | None:
        helps, value = list(state), self.kind.value(number)
        for at, alone, is_settled in self.concerned:
            helps[at] = min(helps[at] + number, alone.most)
            if is_settled:
                more = alone.value(helps[at])
                if more is None:
                    return None
                helps[at], value = 0, plus(value, more)
        return tuple(helps), value


def _helped(places: Sequence[int], kinds: Sequence[Kind], numbers: Sequence[int]) -> dict[int, int]:
    return {
        place: sum(number for kind, number in zip(kinds, numbers, strict=True) if place in kind.places)
        for place in places
    }


def plus(one: Value, other: Value) -> Value:
    """Part by part."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def _untied(places: Sequence[int], tied: Collection[int], alone: Mapping[int, Alone]) -> Value:
    total = NOTHING
    for place in places:
        value = None if place in tied else alone[place].value(0)
        total = total if value is None else plus(total, value)
    return total
