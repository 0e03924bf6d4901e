"""Example points of streets: seeded, inside the district, at precision `street`; no real street point could be had."""

from random import Random

from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from reports.coverage.boundaries import district_boundaries

MARGIN_DEGREES = 0.003
"""Kept from the district's edge where its shape allows, about 300 metres."""

HOUSE_DEGREES = 0.002
"""How far a house may stand from its street's point, about 200 metres."""

Position = tuple[float, float]
"""Latitude, longitude in WGS-84 degrees, as a site keeps them."""


class StreetPoints:
    """One point for each street, the same whenever it is asked for."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._areas = district_boundaries()
        self._inner = {code: _inner_part(area) for code, area in self._areas.items()}

    def of_street(self, code: str) -> Position:
        """The example point of a street; it lies in the district that its code names."""
        rng = Random(f"{self._seed}-{code}")  # noqa: S311 - an example point must be the same each time
        return _within(rng, self._inner[code[:6]])

    def of_house(self, rng: Random, code: str) -> Position:
        """A house near the street's point and in the same district."""
        latitude, longitude = self.of_street(code)
        while True:
            point = Point(_near(rng, longitude), _near(rng, latitude))
            if self._areas[code[:6]].contains(point):
                return round(point.y, 6), round(point.x, 6)


def _near(rng: Random, degrees: float) -> float:
    return degrees + rng.uniform(-HOUSE_DEGREES, HOUSE_DEGREES)


def _inner_part(area: MultiPolygon) -> BaseGeometry:
    """The largest part, without its margin: islands and enclaves are left out."""
    part = max(area.geoms, key=lambda polygon: polygon.area)
    inner = part.buffer(-MARGIN_DEGREES)
    return part if inner.is_empty else inner


def _within(rng: Random, area: BaseGeometry) -> Position:
    left, bottom, right, top = area.bounds
    while True:
        point = Point(rng.uniform(left, right), rng.uniform(bottom, top))
        if area.contains(point):
            return round(point.y, 6), round(point.x, 6)
