"""From the province down to the street by plain lists; the places of a street, or of its district instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from registry.directory.places import PublicPlace, count_in, counts_of, places_in, places_outside
from registry.divisions.codes import NATION, Level
from registry.divisions.models import Division
from registry.divisions.queries import breadcrumbs, children, division_at, look_up
from registry.errors import UnknownDivision

MOST_ELSEWHERE = 12
"""Places of the district that a street without any shows."""


@dataclass(frozen=True)
class Below:
    """One division to choose, and how many places it has."""

    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Area:
    """A division with what one chooses next, or with its places."""

    division: Division | None
    """None for the whole country."""
    trail: Sequence[Division]
    """From the province down, without the division itself."""
    below: Sequence[Below]
    places: Sequence[PublicPlace]
    """Of a street: all of them; of a division above: those that lie in no street of it."""
    around: Division | None
    """The division whose places are shown because the street has none."""
    elsewhere: Sequence[PublicPlace]
    more_elsewhere: int

    @property
    def is_street(self) -> bool:
        """The last choice."""
        return self.division is not None and self.division.level is Level.TOWNSHIP

    @property
    def district_code(self) -> str:
        """The district around; empty above a district."""
        code = self.division.code if self.division else ""
        return code[:6] if len(code) >= 6 else ""


def area_of(session: Session, code: str, on: date) -> Area:
    """What the page of a division shows; UnknownDivision where there is none that people know."""
    if code == NATION:
        return Area(None, (), _below(session, NATION, on), (), None, (), 0)
    division = division_at(session, code, on)
    if division is None or not division.is_shown:
        raise UnknownDivision
    trail = [one for one in breadcrumbs(session, code, on) if one.code != code]
    if division.level is Level.TOWNSHIP:
        return _street(session, division, trail, on)
    below = _below(session, code, on)
    places = places_outside(session, code, [one.code for one in below], on)
    return Area(division, trail, below, places, None, (), 0)


def moved_to(session: Session, code: str, on: date) -> str:
    """The division that a typed or an old code means today; UnknownDivision where it means none."""
    found = look_up(session, code, on).division.code
    return found[:9] if len(found) > 9 else found


def _street(session: Session, street: Division, trail: Sequence[Division], on: date) -> Area:
    places = places_in(session, street.code, on)
    if places:
        return Area(street, trail, (), places, None, (), 0)
    for around in reversed(trail):
        near = places_in(session, around.code, on, most=MOST_ELSEWHERE)
        if near:
            more = count_in(session, around.code, on) - len(near)
            return Area(street, trail, (), (), around, near, more)
    return Area(street, trail, (), (), None, (), 0)


def _below(session: Session, code: str, on: date) -> list[Below]:
    found = children(session, code, on)
    counts = counts_of(session, code, [one.code for one in found], on)
    shown = [Below(one.code, one.name, counts[one.code]) for one in found]
    return [one for one in shown if one.count] if code == NATION else shown
