"""Boundary files as a customer would hand them in."""

import json
from typing import Any

BOW_TIE = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]
"""A polygon that crosses itself in the middle."""


def square(left: float, bottom: float = 0.0, side: float = 1.0) -> list[list[list[float]]]:
    """The rings of a square."""
    right, top = left + side, bottom + side
    return [[[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]]


def feature(code: Any, rings: Any, *, key: str = "adcode", **properties: Any) -> dict[str, Any]:
    """One area as GeoJSON."""
    geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "properties": {key: code, **properties}, "geometry": geometry}


def collection(*features: dict[str, Any]) -> bytes:
    """A GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
