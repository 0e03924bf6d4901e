"""Made-up divisions side by side, whose winding borders their neighbours share; made-up readings and points of them."""

import json
from dataclasses import dataclass
from datetime import date
from math import ceil, sin, sqrt
from random import Random
from typing import Any

from registry.divisions.codes import Level
from registry.organisations.models import Precision, SiteKind
from registry.policy.models import Grade
from registry.policy.queries import TargetInForce
from registry.workforce.counting import Basis
from reports.coverage.payload import PlaceOnMap
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import InstitutionTally, Part, Reading
from reports.figures.shares import Share, Verdict

ON = date(2026, 11, 23)
LEFT, BOTTOM, EXTENT = 100.0, 25.0, 12.0
TARGET = TargetInForce(
    figure_code=QUALIFIED_SHARE.code,
    division_code="0",
    numerator=3,
    denominator=10,
    valid_from=date(2023, 1, 1),
    assessed_on=date(2025, 12, 31),
    is_carried_on=True,
    source="bench",
    grade=Grade.DESIGN,
)


@dataclass(frozen=True)
class Point:
    """One row of the points of sites."""

    code: str
    name: str
    kind: SiteKind
    precision: Precision
    latitude: float
    longitude: float
    is_example: bool


def code_of(number: int) -> str:
    """A six-digit code that no division has."""
    return f"9{number:05d}"


def boundaries(count: int, vertices: int) -> bytes:
    """A GeoJSON file of `count` areas in a grid with about so many vertices each."""
    columns = ceil(sqrt(count))
    steps = vertices // 4
    features = []
    for number in range(count):
        row, column = divmod(number, columns)
        bottom = [_wound(column + i / steps, row, columns) for i in range(steps)]
        right = [_wound(column + 1, row + i / steps, columns) for i in range(steps)]
        top = [_wound(column + 1 - i / steps, row + 1, columns) for i in range(steps)]
        left = [_wound(column, row + 1 - i / steps, columns) for i in range(steps)]
        ring = [*bottom, *right, *top, *left, bottom[0]]
        features.append(
            {
                "type": "Feature",
                "properties": {"adcode": code_of(number), "name": name_of(number)},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _wound(x: float, y: float, columns: int) -> list[float]:
    """A corner of the grid moved by waves of several lengths: the same for both neighbours."""
    shift = sum(sin(x * k * 2.3 + y * k * 1.7 + k) / k for k in (3, 7, 13, 29, 61)) / 12
    sway = sum(sin(x * k * 1.9 - y * k * 2.1 - k) / k for k in (3, 7, 13, 29, 61)) / 12
    return [LEFT + (x + shift) * EXTENT / columns, BOTTOM + (y + sway) * EXTENT / columns]


def name_of(number: int) -> str:
    """Three to four characters, as counties have them."""
    letters = "东西南北中安宁平和兴丰泰昌永新龙清江河山川林阳华"
    rng = Random(number)
    return "".join(rng.choices(letters, k=rng.choice((2, 2, 3)))) + "县"


def places(count: int) -> tuple[PlaceOnMap, ...]:
    """Divisions with shares around the target."""
    rng = Random(count)
    return tuple(_place(number, rng) for number in range(count))


def _place(number: int, rng: Random) -> PlaceOnMap:
    staff = rng.randint(5, 120)
    share = Share(round(staff * rng.betavariate(3, 7)), staff, TARGET)
    tally = InstitutionTally(int(share.verdict is Verdict.MET), 1, 1)
    part = Part(code_of(number), name_of(number), Level.DISTRICT, share, tally)
    return PlaceOnMap(part.code, part.name, part)


def reading(of: tuple[PlaceOnMap, ...]) -> Reading:
    """The figure of the whole country with these parts."""
    parts = tuple(place.part for place in of if place.part)
    whole = Share(sum(p.share.numerator for p in parts), sum(p.share.denominator for p in parts), TARGET)
    tally = InstitutionTally(0, len(parts), len(parts))
    rule = QUALIFIED_SHARE.default_rule
    return Reading(QUALIFIED_SHARE, rule, ON, Basis.TODAY, "0", "", whole, tally, Level.DISTRICT, parts)


def points(count: int) -> list[Point]:
    """Sites strewn over the grid."""
    rng = Random(count)
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    return [
        Point(
            "".join(rng.choices(letters, k=10)),
            f"{name_of(number)}社区康复服务点{number}",
            rng.choice(list(SiteKind)),
            rng.choice(list(Precision)),
            round(BOTTOM + rng.random() * EXTENT, 6),
            round(LEFT + rng.random() * EXTENT, 6),
            rng.random() < 0.5,
        )
        for number in range(count)
    ]


def columns_as_json(rows: list[Point]) -> dict[str, list[Any]]:
    """The plain way to send points by column."""
    return {
        "lat": [round(row.latitude, 5) for row in rows],
        "lng": [round(row.longitude, 5) for row in rows],
        "kind": [row.kind.value for row in rows],
        "precision": [row.precision.value for row in rows],
        "code": [row.code for row in rows],
        "name": [row.name for row in rows],
    }
