"""A share as two integers, judged by integers: verdict, gap in persons, and how far from the target."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from registry.divisions.codes import NATION, ancestors
from registry.policy.queries import TargetInForce


class Verdict(StrEnum):
    """What a share says to its target."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    """Nobody is counted: never 100%, never 0%."""
    NO_TARGET = "no_target"


class Measure(StrEnum):
    """In what a figure is told."""

    SHARE = "share"
    """Percent of the denominator."""
    PERSONS = "persons"
    """How many: numerator and denominator are the same people."""
    DENSITY = "density"
    """Persons for every 10,000 residents; the denominator is residents."""


PER = 10_000


@dataclass(frozen=True)
class Share:
    """So many of so many, with the target that holds there on that day."""

    numerator: int
    denominator: int
    target: TargetInForce | None
    measure: Measure = Measure.SHARE

    @property
    def value(self) -> Fraction | None:
        """What is shown, exactly: the ratio, the persons, or the persons for every 10,000 residents."""
        if self.measure is Measure.PERSONS:
            return Fraction(self.numerator)
        if self.measure is Measure.DENSITY and self.ratio is not None:
            return self.ratio * PER
        return self.ratio

    @property
    def ratio(self) -> Fraction | None:
        """The exact value; None where nobody is counted."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def verdict(self) -> Verdict:
        """Met where q·N ≥ p·D: “以上” includes the number itself (民法典 Art. 1259)."""
        if not self.denominator:
            return Verdict.NOT_APPLICABLE
        if self.target is None:
            return Verdict.NO_TARGET
        p, q = self.target.numerator, self.target.denominator
        return Verdict.MET if q * self.numerator >= p * self.denominator else Verdict.NOT_MET

    @property
    def distance(self) -> Fraction | None:
        """Share less target; None where there is nothing to compare."""
        if self.ratio is None or self.target is None:
            return None
        return self.ratio - Fraction(self.target.numerator, self.target.denominator)

    @property
    def conversions_needed(self) -> int | None:
        """How many of the staff must gain what counts: max(0, ⌈(pD − qN) / q⌉)."""
        if self.target is None:
            return None
        return ceil_of(self._shortfall(self.target), self.target.denominator)

    @property
    def hires_needed(self) -> int | None:
        """How many who have it must be hired; each makes the staff larger too: max(0, ⌈(pD − qN) / (q − p)⌉).

        None where there is no target, or where all must have it and somebody has not: then no hiring helps.
        """
        if self.target is None:
            return None
        shortfall = self._shortfall(self.target)
        if shortfall <= 0:
            return 0
        room = self.target.denominator - self.target.numerator
        return ceil_of(shortfall, room) if room else None

    def _shortfall(self, target: TargetInForce) -> int:
        return target.numerator * self.denominator - target.denominator * self.numerator


def ceil_of(dividend: int, divisor: int) -> int:
    """⌈dividend / divisor⌉ in integers, never below zero."""
    return max(0, -(-dividend // divisor))


def nearest_target(targets: Mapping[str, TargetInForce], division_code: str) -> TargetInForce | None:
    """The target of a place: its own or that of the nearest division above."""
    path = (division_code, *reversed(ancestors(division_code)), NATION)
    return next((targets[code] for code in path if code in targets), None)
