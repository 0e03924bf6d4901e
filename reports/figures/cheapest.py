"""The fewest hires and conversions that bring every place to its target: plain integers, solved exactly.

A place falls short by s = p·D - q·N. One more of its staff who counts takes off q, a hired one q - p. Whoever works at
several places that fall short helps each of them at once; only such people tie places together. A knot of tied places
is solved by going through its shared people kind by kind (knots.py); what a place then does alone is worked out here.

Of ways that cost the same, one with fewer hires is taken, then with fewer checks, then with people who work at fewer
places that do not fall short; what is still alike is decided by the order of `helpers`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from reports.figures.knots import NOTHING, Kind, Value, plus, through, tied_places


@dataclass(frozen=True)
class Weights:
    """What a hire and a conversion cost against each other; a check costs nothing."""

    hire: int = 1
    conversion: int = 1


@dataclass(frozen=True)
class Need:
    """N of D where p/q is asked."""

    numerator: int
    denominator: int
    p: int
    q: int

    @property
    def shortfall(self) -> int:
        """p·D - q·N; above zero where the target is missed."""
        return self.p * self.denominator - self.q * self.numerator

    @property
    def helps(self) -> int:
        """How many more of the staff must count where nobody is hired."""
        return max(0, -(-self.shortfall // self.q))

    def hires(self, helps: int) -> int | None:
        """How many must be hired after so many helps; None where all must count, for then no hiring helps."""
        left = self.shortfall - self.q * helps
        if left <= 0:
            return 0
        return -(-left // (self.q - self.p)) if self.q > self.p else None


@dataclass(frozen=True)
class Helpers:
    """Staff who do not count and who work at exactly these places."""

    places: frozenset[int]
    pending: int
    """Their diploma waits to be verified, and counts once it is."""
    convertible: int
    """They hold none that could count."""


@dataclass(frozen=True)
class Use:
    """How many of some helpers are needed."""

    checks: int
    conversions: int


@dataclass(frozen=True)
class Answer:
    """What is to be done: by each of the helpers in their order, and by hiring at each place."""

    uses: tuple[Use, ...]
    hires: Mapping[int, int]
    cost: int
    is_proven: bool
    """No other way is better; otherwise it is a way that works, found without going through all of them."""


@dataclass(frozen=True)
class _Alone:
    """The best that a place can do by itself: how many of its own units, and hires."""

    value: Value
    checks: int
    conversions: int
    hires: int


def cheapest(needs: Mapping[int, Need], helpers: Sequence[Helpers], weights: Weights) -> Answer:
    """The one best way; afterwards every place of `needs` reaches its target."""
    short = {place: need for place, need in needs.items() if need.shortfall > 0}
    useful = [one.places & short.keys() for one in helpers]
    own = _by_only_place(useful)
    taken = _Taken(helpers)
    for places, shared in tied_places(short, useful):
        alone = {place: _Own(short[place], own[place], helpers, weights) for place in places}
        kinds = [_kind(helpers[index], useful[index], weights) for index in shared]
        best = through(places, kinds, alone)
        taken.add(best.value, is_proven=best.is_proven)
        for index, number in zip(shared, best.numbers, strict=True):
            taken.use(index, checks=min(number, helpers[index].pending), all_of_them=number)
        for place, by_itself in alone.items():
            taken.settle(place, by_itself, best.helps[place])
    return taken.answer()


def _by_only_place(useful: Sequence[frozenset[int]]) -> Mapping[int, Sequence[int]]:
    """Of each place, the helpers who help no other."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for index, places in enumerate(useful):
        if len(places) == 1:
            found[min(places)].append(index)
    return found


class _Taken:
    """What was decided so far."""

    def __init__(self, helpers: Sequence[Helpers]) -> None:
        self.uses = [[0, 0] for _ in helpers]
        self.hires: dict[int, int] = {}
        self.value, self.is_proven = NOTHING, True

    def add(self, value: Value, *, is_proven: bool) -> None:
        self.value = plus(self.value, value)
        self.is_proven = self.is_proven and is_proven

    def use(self, index: int, *, checks: int, all_of_them: int) -> None:
        self.uses[index][0] += checks
        self.uses[index][1] += all_of_them - checks

    def settle(self, place: int, own: "_Own", helps: int) -> None:
        alone = own.best(min(helps, own.most))
        if alone is None:
            raise ValueError("where all must count, whoever does not must be among the helpers")
        for index in own.checks[: alone.checks]:
            self.use(index, checks=1, all_of_them=1)
        for index in own.conversions[: alone.conversions]:
            self.use(index, checks=0, all_of_them=1)
        if alone.hires:
            self.hires[place] = alone.hires

    def answer(self) -> Answer:
        uses = tuple(Use(checks, conversions) for checks, conversions in self.uses)
        return Answer(uses, self.hires, self.value[0], self.is_proven)


class _Own:
    """A place that falls short, with the people who help no other such place."""

    def __init__(
        self,
        need: Need,
        own: Iterable[int],
        helpers: Sequence[Helpers],
        weights: Weights,
    ) -> None:
        self.need, self.weights = need, weights
        own = sorted(own, key=lambda index: (len(helpers[index].places), index))
        self.elsewhere = {index: len(helpers[index].places) - 1 for index in own}
        self.checks = list(chain.from_iterable([index] * helpers[index].pending for index in own))
        self.conversions = list(chain.from_iterable([index] * helpers[index].convertible for index in own))
        self.known: dict[int, _Alone | None] = {}

    @property
    def most(self) -> int:
        """How many helps are of use."""
        return self.need.helps

    def value(self, helps: int) -> Value | None:
        """What it costs after so many helps by shared people."""
        best = self.best(helps)
        return None if best is None else best.value

    def best(self, helps: int) -> _Alone | None:
        """Worked out once for each number of helps; None where the target cannot be reached then."""
        if helps not in self.known:
            self.known[helps] = self._best(helps)
        return self.known[helps]

    def _best(self, helps: int) -> _Alone | None:
        """With every check first, then with fewer of them for as long as it costs no more."""
        best = self._with(helps, min(self.need.helps - helps, len(self.checks)))
        for checks in range(best.checks - 1, -1, -1) if best else ():
            fewer = self._with(helps, checks)
            if best is None or fewer is None or fewer.value[:2] > best.value[:2]:
                break
            best = fewer
        return best

    def _with(self, helps: int, checks: int) -> _Alone | None:
        left = self.need.helps - helps - checks
        numbers = range(min(left, len(self.conversions)) + 1)
        ways = (way for one in numbers if (way := self._way(helps, checks, one)) is not None)
        return min(ways, key=lambda way: way.value, default=None)

    def _way(self, helps: int, checks: int, conversions: int) -> _Alone | None:
        hires = self.need.hires(helps + checks + conversions)
        if hires is None:
            return None
        used = chain(self.checks[:checks], self.conversions[:conversions])
        cost = self.weights.conversion * conversions + self.weights.hire * hires
        value = (cost, hires, checks, sum(self.elsewhere[index] for index in used))
        return _Alone(value, checks, conversions, hires)


def _kind(one: Helpers, useful: frozenset[int], weights: Weights) -> Kind:
    elsewhere = len(one.places) - len(useful)
    return Kind(useful, one.pending, one.convertible, weights.conversion, elsewhere)
