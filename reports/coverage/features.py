"""Reads a file of boundaries, GeoJSON or TopoJSON, and says in which feature what is wrong with it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, shape

from registry.errors import InvalidInput
from registry.messages import N_, message
from reports.coverage.topology import decoded_arcs, decoded_area

CODE_KEYS = ("adcode", "code", "id")
NAME_KEYS = ("name", "名称")
AREAS = ("Polygon", "MultiPolygon")
ON_EARTH = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True)
class Feature:
    """One area as the file has it; it may be invalid."""

    code: str
    name: str
    area: MultiPolygon


@dataclass(frozen=True)
class Repair:
    """One area that met itself and was mended."""

    code: str
    name: str
    fault: str
    """What GEOS says, such as “Self-intersection[121.4 31.2]”."""


def read_features(data: bytes) -> list[Feature]:
    """Every area of a file in its order; raises InvalidInput that names the feature and the remedy."""
    document = _document(data)
    if document.get("type") == "Topology":
        shapes = _shapes_of_topology(document)
    elif document.get("type") == "FeatureCollection":
        shapes = _shapes_of_collection(document)
    else:
        raise _refusal(
            N_("文件不是GeoJSON（FeatureCollection）或TopoJSON（Topology），请从制图软件重新导出。")
        )
    features = [
        Feature(_code(properties, number), _text(properties, NAME_KEYS), _degrees(area, number))
        for number, (properties, area) in enumerate(shapes, start=1)
    ]
    if not features:
        raise _refusal(N_("文件里没有面要素，请确认导出的是行政区划面。"))
    return _without_repetition(features)


def mended(features: Iterable[Feature]) -> tuple[dict[str, MultiPolygon], tuple[Repair, ...]]:
    """Valid areas by code, and a line for each that had to be repaired."""
    areas, repairs = {}, []
    for feature in features:
        area = feature.area
        if not area.is_valid:
            repairs.append(Repair(feature.code, feature.name, shapely.is_valid_reason(area)))
            area = areal_part(shapely.make_valid(area))
        areas[feature.code] = area
    return areas, tuple(repairs)


def areal_part(geometry: shapely.Geometry) -> MultiPolygon:
    """The polygons of a geometry; a repair may leave lines and points beside them."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return MultiPolygon([part for part in parts.tolist() if isinstance(part, Polygon) and not part.is_empty])


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise _refusal(N_("文件不是完整的JSON，可能没有下载完，请重新导出后再试。")) from None
    if not isinstance(document, dict):
        raise _refusal(
            N_("文件不是GeoJSON（FeatureCollection）或TopoJSON（Topology），请从制图软件重新导出。")
        )
    return document


def _shapes_of_topology(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], MultiPolygon]]:
    try:
        arcs = decoded_arcs(document)
        geometries = [one for group in document["objects"].values() for one in group["geometries"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refusal(N_("TopoJSON缺少arcs或objects，请重新导出。")) from None
    for number, one in enumerate(geometries, start=1):
        if one.get("type") in AREAS:
            yield _properties(one), _built(decoded_area, number, one, arcs)


def _shapes_of_collection(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], MultiPolygon]]:
    features = document.get("features")
    if not isinstance(features, list):
        raise _refusal(N_("GeoJSON缺少features，请重新导出。"))
    for number, one in enumerate(features, start=1):
        geometry = one.get("geometry") if isinstance(one, dict) else None
        if isinstance(geometry, dict) and geometry.get("type") in AREAS:
            yield _properties(one), _built(_flat_area, number, geometry)


def _flat_area(geometry: dict[str, Any]) -> MultiPolygon:
    """Without heights."""
    return areal_part(shapely.force_2d(shape(geometry)))


def _built(build: Any, number: int, *of: Any) -> MultiPolygon:
    try:
        area: MultiPolygon = build(*of)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, shapely.errors.ShapelyError):
        raise _refusal(
            N_("第%(number)s个要素的坐标残缺，请在制图软件中检查后重新导出。"), number=number
        ) from None
    if area.is_empty:
        raise _refusal(N_("第%(number)s个要素没有坐标，请补全或删除后重新导出。"), number=number)
    return area


def _degrees(area: MultiPolygon, number: int) -> MultiPolygon:
    left, bottom, right, top = area.bounds
    if not (ON_EARTH[0] <= left <= right <= ON_EARTH[2] and ON_EARTH[1] <= bottom <= top <= ON_EARTH[3]):
        raise _refusal(
            N_("第%(number)s个要素的坐标不是经纬度，请换成CGCS2000或WGS-84经纬度后重新导出。"), number=number
        )
    return area


def _code(properties: Mapping[str, Any], number: int) -> str:
    code = _text(properties, CODE_KEYS)
    if not (code.isascii() and code.isdecimal()):
        raise _refusal(
            N_("第%(number)s个要素没有区划代码，请在属性adcode或code中填写数字代码后重新导出。"),
            number=number,
        )
    return code


def _properties(one: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = one.get("properties")
    own = {"id": one["id"]} if "id" in one else {}
    return own | (properties if isinstance(properties, dict) else {})


def _text(properties: Mapping[str, Any], keys: Iterable[str]) -> str:
    """The first of the keys that says anything; codes come as numbers too."""
    found = (str(properties[key]).strip() for key in keys if properties.get(key) not in (None, ""))
    return next(found, "")


def _without_repetition(features: list[Feature]) -> list[Feature]:
    seen: set[str] = set()
    for feature in features:
        if feature.code in seen:
            sentence = N_("区划代码%(code)s在文件里出现了两次，请合并为一个要素后重新导出。")
            raise _refusal(sentence, code=feature.code)
        seen.add(feature.code)
    return features


def _refusal(sentence: str, **places: Any) -> InvalidInput:
    return InvalidInput("file", message(sentence, **places))
