"""The other figures of a place, on the same day and by the same counting rule: what stands beside one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from registry.errors import UnknownParameter
from registry.workforce.counting import Place
from registry.workforce.models import Profession
from reports.figures.definitions import FIGURES, CountingRule, FigureDefinition
from reports.figures.readings import pooled, professions_of
from reports.figures.shares import Measure, Share


@dataclass(frozen=True)
class Beside:
    """One other figure."""

    figure: FigureDefinition
    share: Share
    professions: Sequence[tuple[Profession, int]]
    """How many hold each profession, of the figure that counts persons; who holds two is in both."""


def figures_beside(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rule: CountingRule
) -> tuple[Beside, ...]:
    """All but this one, in the order of their tabs; of an institution without residents, for nobody lives in one."""
    others = [
        other
        for other in FIGURES.values()
        if other is not figure and not (place.organisation_id and other.measure is Measure.DENSITY)
    ]
    found = (_beside(session, other, place, on, other.rule(rule.code)) for other in others)
    return tuple(one for one in found if one is not None)


def _beside(
    session: Session, figure: FigureDefinition, place: Place, on: date, rule: CountingRule
) -> Beside | None:
    """None where a policy parameter that it counts by is not set: what it stands beside is read all the same."""
    try:
        own = pooled(session, figure, place=place, on=on, rule=rule)
    except UnknownParameter:
        return None
    return Beside(figure, own, professions_of(session, figure, place, on, rule))
