"""A layer on paper: areas projected, fitted into a box and simplified to what the eye can see there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import cos, radians, sin, sqrt
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from reports.coverage.atlas import Layer
from reports.coverage.features import areal_part

TOLERANCE = 0.5
"""Units of the picture: less is not seen."""
MARGIN = 4
FEWEST = 3
STANDARD_PARALLELS, CENTRAL_MERIDIAN, CENTRAL_PARALLEL = (25.0, 47.0), 105.0, 36.0
"""Of the equal-area cone on which China is usually drawn."""

Coordinates = Any
"""Longitudes and latitudes, one pair a row."""


@dataclass(frozen=True)
class Outline:
    """One area as the picture has it."""

    code: str
    path: str
    x: float
    y: float
    """The middle of the largest circle inside: where a label stands."""
    area: MultiPolygon = field(compare=False, repr=False)

    def holds(self, width: float, height: float) -> bool:
        """Whether a label of this size lies inside the area."""
        label = box(self.x - width / 2, self.y - height / 2, self.x + width / 2, self.y + height / 2)
        return bool(self.area.contains(label))


@dataclass(frozen=True)
class Drawing:
    """The outlines in a box of `width` by `height`."""

    width: float
    height: float
    outlines: tuple[Outline, ...]
    lines: tuple[str, ...]
    fit: Callable[[Any], Any] = field(compare=False, repr=False)
    """From degrees, one pair a row, to units of the picture."""

    def position(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point lies in the picture; outside of the box where it lies outside of the layer."""
        x, y = self.fit(np.array([[longitude, latitude]]))[0].round(1).tolist()
        return x, y


@lru_cache(maxsize=32)
def drawing_of(layer: Layer, width: float, tallest: float) -> Drawing:
    """The layer as large as the box allows, in its middle."""
    fit, height = _fitting(layer, width, tallest)
    areas = [shapely.transform(area, fit) for area in layer.areas.values()]
    fitted = shapely.coverage_simplify(areas, TOLERANCE)
    outlines = tuple(_outline(code, area) for code, area in zip(layer.areas, fitted, strict=True))
    drawn = tuple(_line_path(part) for line in layer.lines for part in shapely.transform(line, fit).geoms)
    return Drawing(width, height, outlines, drawn, fit)


def _fitting(
    layer: Layer, width: float, tallest: float
) -> tuple[Callable[[Coordinates], Coordinates], float]:
    """From degrees into the box, and how high the drawing becomes."""
    project = _albers if layer.lines else _plain(layer)
    shapes = [shapely.transform(shape, project) for shape in (*layer.areas.values(), *layer.lines)]
    left, bottom, right, top = shapely.total_bounds(shapes).tolist()
    scale = min((width - 2 * MARGIN) / (right - left), (tallest - 2 * MARGIN) / (top - bottom))
    shift = (width - (right - left) * scale) / 2

    def fit(degrees: Coordinates) -> Coordinates:
        points = project(degrees)
        return np.column_stack(((points[:, 0] - left) * scale + shift, (top - points[:, 1]) * scale + MARGIN))

    return fit, (top - bottom) * scale + 2 * MARGIN


def _plain(layer: Layer) -> Callable[[Coordinates], Coordinates]:
    """Degrees of longitude as wide as they are in the middle of the layer: true enough for a province."""
    _left, bottom, _right, top = shapely.total_bounds(list(layer.areas.values())).tolist()
    width = cos(radians((bottom + top) / 2))
    return lambda points: np.column_stack((points[:, 0] * width, points[:, 1]))


def _albers(points: Coordinates) -> Coordinates:
    """Equal areas on a cone (Snyder, Map Projections, 14-1 to 14-6)."""
    first, second = map(radians, STANDARD_PARALLELS)
    n = (sin(first) + sin(second)) / 2
    c = cos(first) ** 2 + 2 * n * sin(first)
    rho = np.sqrt(c - 2 * n * np.sin(np.radians(points[:, 1]))) / n
    rho_of_middle = sqrt(c - 2 * n * sin(radians(CENTRAL_PARALLEL))) / n
    theta = n * np.radians(points[:, 0] - CENTRAL_MERIDIAN)
    return np.column_stack((rho * np.sin(theta), rho_of_middle - rho * np.cos(theta)))


def _outline(code: str, area: MultiPolygon | Polygon) -> Outline:
    whole = areal_part(area)
    largest = max(whole.geoms, key=lambda part: part.area)
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=TOLERANCE))[0]
    path = "".join(_ring_path(ring) for part in whole.geoms for ring in (part.exterior, *part.interiors))
    return Outline(code, path, float(middle[0]), float(middle[1]), whole)


def _ring_path(ring: Any) -> str:
    """A ring that is too small to be seen stays as a dot: an island is not left out."""
    points = list(_tenths(ring))[:-1]
    if len(points) < FEWEST:
        (x, y), *_rest = points or list(_tenths(ring))
        return f"M{x:g} {y:g}h.6v.6h-.6z"
    return _path(points) + "z"


def _line_path(line: Any) -> str:
    return _path(list(_tenths(line)))


def _path(points: list[tuple[float, float]]) -> str:
    """Steps from point to point are shorter than the points."""
    (x, y), *_rest = points
    steps = "l".join(
        f"{round(after[0] - before[0], 1):g} {round(after[1] - before[1], 1):g}"
        for before, after in pairwise(points)
    )
    return f"M{x:g} {y:g}l{steps}"


def _tenths(line: Any) -> Iterator[tuple[float, float]]:
    """Positions in tenths of a unit, without repetition."""
    before = None
    for x, y in shapely.get_coordinates(line).round(1).tolist():
        if (x, y) != before:
            before = (x, y)
            yield x, y
