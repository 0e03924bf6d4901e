"""Who succeeds whom: each old division with those it goes to, and what follows for the divisions below it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from registry.divisions.changes import Problem
from registry.divisions.codes import CANONICAL_LENGTHS, Level, level_of
from registry.divisions.models import ChangeKind, Division, DivisionKind
from registry.divisions.tree import Tree
from registry.messages import N_, message

KIND_OF_ENDING = {"街道": DivisionKind.SUBDISTRICT, "镇": DivisionKind.TOWN, "乡": DivisionKind.TOWNSHIP}


@dataclass(frozen=True)
class Step:
    """One old division and one that it goes to; `row` is the line of the file from which it follows."""

    row: int
    kind: ChangeKind
    old: Division
    to_code: str
    to_name: str
    source: str
    sites: tuple[str, ...] = ()
    is_derived: bool = False

    @property
    def from_code(self) -> str:
        """The old code."""
        return self.old.code

    @property
    def to_kind(self) -> DivisionKind:
        """What the new division is: below the county its name tells, else what the old one was."""
        if level_of(self.to_code) is not Level.TOWNSHIP:
            return self.old.kind
        named = (kind for ending, kind in KIND_OF_ENDING.items() if self.to_name.endswith(ending))
        return next(named, self.old.kind)


@dataclass(frozen=True)
class Succession:
    """All steps; codes in `staying` lie below a division that goes on, and stay as they are."""

    tree: Tree
    steps: tuple[Step, ...]
    staying: frozenset[str]

    def steps_from(self, code: str) -> tuple[int, ...]:
        """The places of one old code's steps: several for a split."""
        return tuple(place for place, step in enumerate(self.steps) if step.from_code == code)

    @property
    def ended(self) -> list[Division]:
        """Divisions whose present period ends: gone, or going on under a new name."""
        kept = {step.to_code for step in self.steps if self.keeps(step)}
        olds = {step.from_code: step.old for step in self.steps}
        return [old for code, old in olds.items() if code not in kept]

    @property
    def begun(self) -> list[Step]:
        """One step for each division that begins, by code."""
        new = {step.to_code: step for step in reversed(self.steps) if not self.keeps(step)}
        return [new[code] for code in sorted(new)]

    def keeps(self, step: Step) -> bool:
        """The division that the step leads to exists already, under the same name."""
        there = self.tree.current(step.to_code)
        return there is not None and step.to_name == there.name


def by_old_code(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """The steps of each old code, in the order of the file."""
    ordered = sorted(steps, key=lambda step: step.from_code)
    return {code: list(group) for code, group in groupby(ordered, key=lambda step: step.from_code)}


def by_new_code(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """The steps that lead to each new code, in the order of the file."""
    ordered = sorted(steps, key=lambda step: step.to_code)
    return {code: list(group) for code, group in groupby(ordered, key=lambda step: step.to_code)}


def with_those_below(tree: Tree, steps: list[Step]) -> tuple[Succession, list[Problem]]:
    """Divisions below that have no line of their own follow the one above them, or stay where it goes on."""
    olds = by_old_code(steps)
    below = {one.code: one for code in olds for one in tree.below(code) if one.code not in olds}
    derived: list[Step] = []
    staying: set[str] = set()
    problems: list[Problem] = []
    for division in below.values():
        above = _nearest(division.code, olds)
        if any(step.to_code == step.from_code for step in above):
            staying.add(division.code)
        elif len(above) > 1:
            problems.append(_undecided(division, above[0]))
        else:
            derived.append(_derived(division, above[0]))
    problems += _collisions(tree, steps, derived)
    return Succession(tree, (*steps, *derived), frozenset(staying)), problems


def _nearest(code: str, olds: Mapping[str, list[Step]]) -> list[Step]:
    prefixes = (code[:length] for length in reversed(CANONICAL_LENGTHS) if length < len(code))
    return olds[next(prefix for prefix in prefixes if prefix in olds)]


def _undecided(division: Division, above: Step) -> Problem:
    note = N_("“%(name)s”（%(code)s）在被拆分的区划之下，请为它单写一行，说明归入哪一部分。")
    return Problem(above.row, message(note, name=division.name, code=division.code))


def _derived(division: Division, above: Step) -> Step:
    return replace(
        above,
        kind=ChangeKind.MOVE,
        old=division,
        to_code=above.to_code + division.code[len(above.from_code) :],
        to_name=division.name,
        sites=(),
        is_derived=True,
    )


def _collisions(tree: Tree, steps: list[Step], derived: list[Step]) -> Iterator[Problem]:
    taken = Counter(step.to_code for step in (*steps, *derived))
    note = N_("“%(name)s”（%(old)s）随上级变更后的代码%(new)s已被占用，请为它单写一行，填写新代码。")
    for step in derived:
        if taken[step.to_code] > 1 or not tree.is_free(step.to_code):
            places = message(note, name=step.old.name, old=step.from_code, new=step.to_code)
            yield Problem(step.row, places)
