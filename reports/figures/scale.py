"""What the counts of a figure are held against: the targets of the day, and residents where it is told per head."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from registry.divisions.population import residents_on
from registry.policy.queries import TargetInForce, targets_in_force
from reports.figures.definitions import FigureDefinition
from reports.figures.shares import Measure, Share, nearest_target
from reports.figures.tally import Count

Targets = Mapping[str, TargetInForce]


@dataclass(frozen=True)
class Scale:
    """The targets by the place where they are set, the residents by division."""

    measure: Measure
    targets: Targets
    residents: Mapping[str, int] = field(default_factory=dict)

    def share(self, count: Count, division_code: str) -> Share:
        """The counts of a division."""
        whole = self.residents.get(division_code, 0) if self.measure is Measure.DENSITY else count.denominator
        return Share(count.numerator, whole, nearest_target(self.targets, division_code), self.measure)

    def share_of_institution(self, count: Count, seat: str) -> Share:
        """The counts of an institution at its seat: nobody lives in one."""
        whole = 0 if self.measure is Measure.DENSITY else count.denominator
        return Share(count.numerator, whole, nearest_target(self.targets, seat), self.measure)

    def rest(self, count: Count, division_code: str) -> Share:
        """Those in none of the parts of a division; its residents are those of the parts."""
        return self.share_of_institution(count, division_code)

    def verdict_share(self, count: Count, seat: str) -> Share:
        """The same people as a share, to tell institutions with staff from those without."""
        return Share(count.numerator, count.denominator, nearest_target(self.targets, seat))


def scale_of(session: Session, figure: FigureDefinition, on: date, codes: Collection[str]) -> Scale:
    """For some divisions on a day."""
    targets = targets_in_force(session, figure.code, on)
    if figure.measure is not Measure.DENSITY:
        return Scale(figure.measure, targets)
    found = residents_on(session, codes, on)
    return Scale(figure.measure, targets, {code: one.count for code, one in found.items()})
