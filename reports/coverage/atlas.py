"""Which areas a map draws: the customer's where he has loaded them, else the shipped ones; never a mixture of both.

Two files seldom agree on a border, so a map takes all its areas from one of them.
"""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import shapely
from shapely.geometry import MultiLineString, MultiPolygon

from registry.errors import InvalidInput
from registry.messages import N_, Message, message
from reports.coverage.boundaries import (
    SHIPPED,
    Boundaries,
    customers_boundaries,
    digest_of,
    shipped_boundaries,
    ten_dash_line,
)
from reports.coverage.features import Repair, areal_part
from reports.coverage.topology import encoded
from reports.writing import kept_if_possible

FORMATS = (".geojson", ".json", ".topojson")
CLOSED = N_("文件打不开，请系统管理员检查文件是否完好、权限是否正确。")
PROVINCE_LENGTH = 2
MOST_KEPT = 64
PIXELS = 4_000
"""Nothing finer is sent than such a map could show."""


@dataclass(frozen=True)
class Layer:
    """The areas of one map."""

    name: str
    """Changes with the contents: of the file it came from, and of what was taken out of it."""
    areas: Mapping[str, MultiPolygon] = field(compare=False)
    """By code, in the order asked for; those without an area are left out."""
    missing: tuple[str, ...]
    """Codes for which no boundary is known."""
    lines: tuple[MultiLineString, ...] = ()
    credit: str = ""
    is_shipped: bool = True
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """A customer's file that could not be used, and why."""

    file: str
    reason: Message | None


class Atlas:
    """All the boundaries of one installation; without a home those shipped."""

    def __init__(self, home: Path | None = None) -> None:
        self._customers = home / "boundaries" if home else None
        self._kept_in = home / "cache" / "boundaries" if home else None

    def layer(self, codes: Iterable[str]) -> Layer:
        """The areas of some divisions of one level."""
        wanted = tuple(codes)
        best = max(self.files(), key=lambda file: _fitness(file, wanted))
        layer = _layer(best, wanted)
        return layer if layer.areas else Layer("", {}, wanted)

    def files(self) -> list[Boundaries]:
        """Every readable file, the customer's first."""
        return [*self._of_customer()[0], *map(shipped_boundaries, SHIPPED)]

    def unreadable(self) -> list[Unreadable]:
        """The customer's files that no map can use."""
        return self._of_customer()[1]

    def packed(self, layer: Layer, names: Mapping[str, str]) -> bytes:
        """The layer as gzip'ed TopoJSON with the names of its areas, made once for its `packed_name`."""
        file = self._kept_in / f"{packed_name(layer, names)}.topojson.gz" if self._kept_in else None
        if file is not None and file.is_file():
            return file.read_bytes()
        data = gzip.compress(topojson(layer, names), compresslevel=9, mtime=0)
        if file is not None:
            kept_if_possible(file, data)
        return data

    def _of_customer(self) -> tuple[list[Boundaries], list[Unreadable]]:
        found, unreadable = [], []
        for file in self._customers_files():
            try:
                found.append(customers_boundaries(file, self._kept_in or file.parent))
            except InvalidInput as refusal:
                unreadable.append(Unreadable(file.name, refusal.message))
            except OSError:
                unreadable.append(Unreadable(file.name, message(CLOSED)))
        return found, unreadable

    def _customers_files(self) -> list[Path]:
        if self._customers is None or not self._customers.is_dir():
            return []
        return sorted(file for file in self._customers.iterdir() if file.suffix.lower() in FORMATS)


def packed_name(layer: Layer, names: Mapping[str, str]) -> str:
    """Changes with everything that the packed file holds."""
    return digest_of(" ".join((layer.name, *(names.get(code, "") for code in layer.areas))).encode())


def topojson(layer: Layer, names: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The layer as the browser fetches it; neighbours keep their common border when it is simplified."""
    topology = encoded(simplified(layer.areas), layer.lines)
    for area in topology["objects"]["areas"]["geometries"]:
        if area["id"] in names:
            area["properties"] = {"name": names[area["id"]]}
    return json.dumps(topology, ensure_ascii=False, separators=(",", ":")).encode()


def simplified(areas: Mapping[str, MultiPolygon]) -> dict[str, MultiPolygon]:
    """Areas without what is smaller than a pixel of a large map."""
    left, bottom, right, top = shapely.total_bounds(list(areas.values())).tolist()
    tolerance = max(right - left, top - bottom) / PIXELS
    found = shapely.coverage_simplify(list(areas.values()), tolerance)
    return {code: areal_part(area) for code, area in zip(areas, found, strict=True)}


def _fitness(file: Boundaries, wanted: Sequence[str]) -> tuple[bool, int, int]:
    """A customer's file that has any of the areas comes before all; else the one that has the most."""
    own = sum(code in file.areas for code in wanted)
    return not file.is_shipped and own > 0, own, own or len(_above(file.codes, wanted))


@lru_cache(maxsize=MOST_KEPT)
def _layer(file: Boundaries, wanted: tuple[str, ...]) -> Layer:
    found = {code: file.area_of(code) for code in wanted}
    areas = {code: area for code, area in found.items() if area is not None}
    is_national = bool(areas) and all(len(code) == PROVINCE_LENGTH for code in wanted)
    return Layer(
        name=digest_of(f"{file.digest} {PIXELS} {' '.join(wanted)}".encode()),
        areas=areas,
        missing=tuple(code for code in wanted if code not in areas),
        lines=(ten_dash_line(),) if is_national else (),
        credit=file.credit,
        is_shipped=file.is_shipped,
        repairs=tuple(repair for repair in file.repairs if _above([repair.code], areas)),
    )


def _above(codes: Iterable[str], wanted: Iterable[str]) -> set[str]:
    """Those of the wanted codes in which any of the codes lie."""
    of = frozenset(wanted)
    lengths = {len(code) for code in of}
    return {code[:length] for code in codes for length in lengths} & of
