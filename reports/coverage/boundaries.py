"""The shipped boundaries of Shanghai's districts as polygons, WGS-84 degrees; their source is in `data/SOURCES.md`."""

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from typing import Any

from shapely.geometry import MultiPolygon, Polygon

DISTRICTS = resources.files("reports.coverage") / "data" / "shanghai_districts_wgs84.topojson"

Position = tuple[float, float]
"""Longitude, latitude."""


def district_boundaries() -> dict[str, MultiPolygon]:
    """Each district's area by its six-digit code."""
    topology = json.loads(DISTRICTS.read_text(encoding="utf-8"))
    arcs = [list(_positions(arc, topology["transform"])) for arc in topology["arcs"]]
    geometries = topology["objects"]["data"]["geometries"]
    return {str(shape["properties"]["adcode"]): _area(shape, arcs) for shape in geometries}


def _positions(arc: Iterable[Sequence[int]], transform: dict[str, Any]) -> Iterator[Position]:
    """TopoJSON keeps whole numbers, each as the difference to the one before."""
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * scale_x + left, y * scale_y + bottom


def _area(shape: dict[str, Any], arcs: Sequence[list[Position]]) -> MultiPolygon:
    parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    rings = [[_ring(numbers, arcs) for numbers in part] for part in parts]
    return MultiPolygon([Polygon(outline, holes) for outline, *holes in rings])


def _ring(numbers: Iterable[int], arcs: Sequence[list[Position]]) -> list[Position]:
    """Arcs end where the next begins; a negative number is an arc walked backwards."""
    ring: list[Position] = []
    for number in numbers:
        walked = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += walked[1:] if ring else walked
    return ring
