"""TopoJSON: areas as arcs that neighbours share, in whole numbers, each the difference to the one before.

A shared border is written once, so that a file is a third of the same areas in GeoJSON.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon

GRID = 16_384
"""Steps across the longer side: a quarter of a pixel on a map of 4,000 pixels."""

FEWEST_OF_A_RING = 4
"""Positions of a closed ring, the first again as the last."""

Position = tuple[float, float]
"""Longitude, latitude."""
Step = tuple[int, int]
Ring = list[Step]
Bounds = tuple[float, float, float, float]


def decoded_arcs(topology: Mapping[str, Any]) -> list[list[Position]]:
    """The arcs in degrees."""
    transform = topology.get("transform")
    if transform is None:
        return [[(float(x), float(y)) for x, y, *_ in arc] for arc in topology["arcs"]]
    return [list(_positions(arc, transform)) for arc in topology["arcs"]]


def decoded_area(shape: Mapping[str, Any], arcs: Sequence[list[Position]]) -> MultiPolygon:
    """The area of one geometry of a topology."""
    parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    rings = [[_ring(numbers, arcs) for numbers in part] for part in parts]
    return MultiPolygon([Polygon(outline, holes) for outline, *holes in rings])


def _positions(arc: Iterable[Sequence[int]], transform: Mapping[str, Any]) -> Iterator[Position]:
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    for step_x, step_y, *_ in arc:
        x, y = x + step_x, y + step_y
        yield x * scale_x + left, y * scale_y + bottom


def _ring(numbers: Iterable[int], arcs: Sequence[list[Position]]) -> list[Position]:
    """Arcs end where the next begins; a negative number is an arc walked backwards."""
    ring: list[Position] = []
    for number in numbers:
        walked = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += walked[1:] if ring else walked
    return ring


def encoded(areas: Mapping[str, MultiPolygon], lines: Sequence[MultiLineString] = ()) -> dict[str, Any]:
    """The areas by their codes as the object `areas`, lines as the object `lines`."""
    bounds = _bounds([*areas.values(), *lines])
    grid = _Grid(bounds)
    rings = {code: [grid.rings_of(polygon) for polygon in area.geoms] for code, area in areas.items()}
    arcs = _Arcs(junctions_of(ring for parts in rings.values() for part in parts for ring in part))
    geometries = [
        {
            "type": "MultiPolygon",
            "id": code,
            "arcs": [[arcs.of_ring(ring) for ring in part] for part in parts if part],
        }
        for code, parts in rings.items()
    ]
    drawn = [
        {"type": "MultiLineString", "arcs": [[arcs.of_line(grid.steps_of(part))] for part in line.geoms]}
        for line in lines
    ]
    objects = {"areas": {"type": "GeometryCollection", "geometries": geometries}}
    if drawn:
        objects["lines"] = {"type": "GeometryCollection", "geometries": drawn}
    return {
        "type": "Topology",
        "bbox": [round(value, 6) for value in bounds],
        "transform": grid.transform,
        "objects": objects,
        "arcs": [list(_differences(arc)) for arc in arcs.written],
    }


def junctions_of(rings: Iterable[Ring]) -> set[Step]:
    """Where borders meet or part: positions that two rings pass with different neighbours."""
    passed: dict[Step, tuple[Step, Step]] = {}
    junctions: set[Step] = set()
    for ring in rings:
        for before, here, after in zip([ring[-2], *ring], ring[:-1], ring[1:], strict=False):
            neighbours = (before, after) if before <= after else (after, before)
            if passed.setdefault(here, neighbours) != neighbours:
                junctions.add(here)
    return junctions


class _Grid:
    """From degrees to whole steps."""

    def __init__(self, bounds: Bounds) -> None:
        self.left, self.bottom, right, top = bounds
        self.step = max(right - self.left, top - self.bottom, 1e-9) / GRID

    @property
    def transform(self) -> dict[str, list[float]]:
        return {"scale": [self.step, self.step], "translate": [self.left, self.bottom]}

    def steps_of(self, line: LineString | shapely.LinearRing) -> Ring:
        """Positions without those that fall on the one before."""
        found = (shapely.get_coordinates(line) - (self.left, self.bottom)) / self.step
        steps = [(x, y) for x, y in found.round().astype(int).tolist()]
        return [here for before, here in zip([None, *steps], steps, strict=False) if here != before]

    def rings_of(self, polygon: Polygon) -> list[Ring]:
        """The outline and the holes that are still seen at this scale; none for a polygon that is not."""
        outline, *holes = (self.steps_of(ring) for ring in (polygon.exterior, *polygon.interiors))
        if len(outline) < FEWEST_OF_A_RING:
            return []
        return [outline, *(hole for hole in holes if len(hole) >= FEWEST_OF_A_RING)]


@dataclass
class _Arcs:
    """The arcs written so far; one that is there in either direction is not written twice."""

    junctions: set[Step]
    written: list[tuple[Step, ...]] = field(default_factory=list)
    _numbers: dict[tuple[Step, ...], int] = field(default_factory=dict)

    def of_line(self, line: Ring) -> int:
        """The number of a whole line as an arc, negative where it is walked backwards."""
        arc = tuple(line)
        if arc in self._numbers:
            return self._numbers[arc]
        if arc[::-1] in self._numbers:
            return ~self._numbers[arc[::-1]]
        self._numbers[arc] = len(self.written)
        self.written.append(arc)
        return self._numbers[arc]

    def of_ring(self, ring: Ring) -> list[int]:
        """The numbers of a ring's arcs, cut where borders meet."""
        cuts = [i for i, step in enumerate(ring[:-1]) if step in self.junctions]
        start = cuts[0] if cuts else ring.index(min(ring[:-1]))
        turned = [*ring[start:-1], *ring[: start + 1]]
        ends = [cut - start for cut in cuts[1:]] + [len(turned) - 1]
        begins = [0, *ends[:-1]]
        return [self.of_line(turned[begin : end + 1]) for begin, end in zip(begins, ends, strict=True)]


def _differences(arc: Sequence[Step]) -> Iterator[list[int]]:
    before_x = before_y = 0
    for x, y in arc:
        yield [x - before_x, y - before_y]
        before_x, before_y = x, y


def _bounds(geometries: Sequence[shapely.Geometry]) -> Bounds:
    left, bottom, right, top = shapely.total_bounds(geometries).tolist()
    return left, bottom, right, top
