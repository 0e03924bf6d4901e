"""How a field of theirs is read and set beside ours: a reading gives a value and says how alike two values are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any, Protocol

from registry.intake.identifiers import without_identity_number
from registry.intake.identity_numbers import identity_number, phone
from registry.parsing import Cell, folded, half_width, plain
from registry.reconciliations import normalising
from registry.reconciliations.normalising import REMEMBERED, RoughDay, bare, without_prefix, without_suffix
from registry.sealing.providers import SealProvider

ONE_DAY = timedelta(days=1)
SHOWN = 200
"""Characters of a value that a finding keeps."""


class Likeness(Enum):
    """How alike two values are."""

    SAME = 2
    LIKELY = 1
    DIFFERENT = 0


@dataclass(frozen=True)
class Surroundings:
    """What a reading needs beside the cell."""

    prefixes: tuple[str, ...] = ()
    """Bare names of the divisions around and below, the longest first: an address may begin with them."""
    synonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field, folded words of theirs and what they mean here."""
    seals: SealProvider | None = None


class Reading(Protocol):
    """Of one kind of field."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        """The value to compare; CellProblem where the cell says nothing that can be compared."""

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        """How alike they are; `ours` is a value of the register."""

    def shown(self, ours: Any) -> str:
        """Our value in words, as a Chinese list has it."""


@dataclass(frozen=True)
class PersonName:
    """Blanks within it and dots say nothing."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        return normalising.person_name(cell)

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        return _exact(theirs == normalising.person_name(ours))

    def shown(self, ours: Any) -> str:
        return str(ours)


@dataclass(frozen=True)
class PlaceName:
    """The name of an institution or a place: divisions before it say nothing, the kind of body after it may."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        return normalising.without_prefix(normalising.bare(cell), around.prefixes)

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        names = ours if isinstance(ours, tuple) else (ours,)
        return _of_names(theirs, names, around.prefixes)

    def shown(self, ours: Any) -> str:
        return str(ours[0] if isinstance(ours, tuple) else ours)


@lru_cache(maxsize=REMEMBERED)
def _of_names(theirs: str, names: tuple[str, ...], prefixes: tuple[str, ...]) -> Likeness:
    """The best of several names that one institution has."""
    ours = [without_prefix(bare(name), prefixes) for name in names]
    if theirs in ours:
        return Likeness.SAME
    is_likely = without_suffix(theirs) in map(without_suffix, ours)
    return Likeness.LIKELY if is_likely else Likeness.DIFFERENT


@dataclass(frozen=True)
class Words:
    """A text; words that mean the same to both are told by the list of synonyms."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        told = around.synonyms.get(key, {}).get(folded(half_width(cell)), cell)
        return frozenset({normalising.bare(cell), normalising.bare(told)})

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        return _exact(normalising.bare(ours) in theirs)

    def shown(self, ours: Any) -> str:
        return str(ours)


@dataclass(frozen=True)
class Code:
    """A number that is kept as text."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        return normalising.code(cell)

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        return _exact(theirs == normalising.code(ours))

    def shown(self, ours: Any) -> str:
        return str(ours)


@dataclass(frozen=True)
class Year:
    """A year, or the year of a day."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        return normalising.birth_year(cell)

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        return _exact(theirs == ours)

    def shown(self, ours: Any) -> str:
        return str(ours)


@dataclass(frozen=True)
class Day:
    """A day, as far as they tell it."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        return normalising.rough_day(cell)

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        return _exact(theirs.is_like(RoughDay(ours.year, ours.month, ours.day)))

    def shown(self, ours: Any) -> str:
        return str(ours.isoformat())


@dataclass(frozen=True)
class LastDay(Day):
    """The end of a period: ours is the first day without it, theirs the last day with it or, in some lists, ours."""

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        days = (ours - ONE_DAY, ours)
        return _exact(any(theirs.is_like(RoughDay(one.year, one.month, one.day)) for one in days))

    def shown(self, ours: Any) -> str:
        return str((ours - ONE_DAY).isoformat())


@dataclass(frozen=True)
class Choice:
    """One of our words; theirs are told by ours and by the list of synonyms."""

    kind: type[StrEnum]
    words: Mapping[StrEnum, tuple[str, ...]]
    """What each of them is called; the first one is shown."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        return self.member(cell, around.synonyms.get(key, {}))

    def member(self, cell: Cell, synonyms: Mapping[str, str]) -> StrEnum | str:
        """One of ours, or the bare word where nobody has told what it means: then it is another one than ours."""
        typed = folded(half_width(cell))
        if typed in synonyms:
            return self.kind(synonyms[typed])
        known = (one for one, names in self.words.items() if typed in {folded(name) for name in names})
        return next(known, normalising.bare(cell))

    def knows(self, cell: Cell, told: Mapping[str, str]) -> bool:
        """Whether somebody has told what the word means, be it that it means none of ours."""
        return folded(half_width(cell)) in told or isinstance(self.member(cell, {}), self.kind)

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        return _exact(isinstance(theirs, self.kind) and theirs is ours)

    def shown(self, ours: Any) -> str:
        return self.words[ours][0]


@dataclass(frozen=True)
class Sealed:
    """A number that is compared by its blind index and shown nowhere."""

    name: str
    """Of the sealed field, such as `practitioner.phone`."""

    def theirs(self, cell: Cell, around: Surroundings, key: str) -> Any:
        parse = phone if self.name.endswith("phone") else identity_number
        number = parse(cell)
        if around.seals is None:
            raise ValueError("sealed columns need the keys")
        return frozenset(around.seals.indexes(number, self.name))

    def likeness(self, theirs: Any, ours: Any, around: Surroundings) -> Likeness:
        return _exact(ours in theirs)

    def shown(self, ours: Any) -> str:
        return ""


def text_of(cell: Cell) -> str:
    """What they wrote, as a finding keeps it: an identity number in it is starred out."""
    return str(plain(without_identity_number(cell))).strip()[:SHOWN]


def _exact(is_same: bool) -> Likeness:
    return Likeness.SAME if is_same else Likeness.DIFFERENT
