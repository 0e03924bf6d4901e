"""Example points of streets: seeded, inside the district, at precision `street`; no real street point could be had."""

from random import Random

from shapely.geometry import MultiPolygon, Point

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

    def of_street(self, code: str) -> Position:
        """The example point of a street; it lies in the district that its code names."""
        rng = Random(f"{self._seed}-{code}")  # noqa: S311 - an example point must be the same each time
        area = self._areas[code[:6]]
        inner = area.buffer(-MARGIN_DEGREES)
        return _within(rng, area if inner.is_empty else MultiPolygon(getattr(inner, "geoms", [inner])))

    def of_house(self, rng: Random, code: str) -> Position:
        """A house near the street's point and in the same district."""
        latitude, longitude = self.of_street(code)
        while True:
            point = Point(_near(rng, longitude), _near(rng, latitude))
            if self._areas[code[:6]].contains(point):
                return round(point.y, 6), round(point.x, 6)


def _near(rng: Random, degrees: float) -> float:
    return degrees + rng.uniform(-HOUSE_DEGREES, HOUSE_DEGREES)


def _within(rng: Random, area: MultiPolygon) -> Position:
    """A point of the largest part: islands and enclaves are left out."""
    part = max(area.geoms, key=lambda polygon: polygon.area)
    left, bottom, right, top = part.bounds
    while True:
        point = Point(rng.uniform(left, right), rng.uniform(bottom, top))
        if part.contains(point):
            return round(point.y, 6), round(point.x, 6)
