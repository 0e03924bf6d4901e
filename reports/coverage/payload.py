"""What a map's script is given: values by column, so that thousands of places or points stay small."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.organisations.models import Precision, SiteKind
from reports.coverage.shades import RAMP, Shade, shade_of
from reports.coverage.signs import EDGE, FILL, HOLLOW, SIGNS
from reports.figures.readings import Part
from reports.figures.shares import Verdict
from reports.figures.wording import percent_text

DEGREES = 100_000
"""Points are sent as whole numbers: a step is about a metre."""

LETTER_OF_SHADE = {**{shade: shade.value for shade in RAMP}, Shade.NOBODY: "n", Shade.BLANK: "b"}
LETTER_OF_VERDICT = {
    Verdict.MET: "m",
    Verdict.NOT_MET: "x",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.NO_TARGET: "o",
}
LETTER_OF_PRECISION = {Precision.EXACT: "e", Precision.STREET: "s", Precision.DISTRICT: "d"}
KINDS = tuple(SiteKind)


@dataclass(frozen=True)
class PlaceOnMap:
    """A division that a map draws; without a part where the reader may not see its share."""

    code: str
    name: str
    part: Part | None = None


def area_values(places: Sequence[PlaceOnMap]) -> dict[str, Any]:
    """Numerators, denominators, shares in words, shades and verdicts, each a column in the order of the areas."""
    parts = [place.part for place in places if place.part is not None]
    return {
        "numerators": [part.share.numerator for part in parts],
        "denominators": [part.share.denominator for part in parts],
        "shares": " ".join(percent_text(part.share).removesuffix("%") for part in parts),
        "shades": "".join(LETTER_OF_SHADE[shade_of(part)] for part in parts),
        "verdicts": "".join(LETTER_OF_VERDICT[part.share.verdict] for part in parts),
    }


def site_columns(points: Iterable[Any]) -> dict[str, Any]:
    """Points of `registry.organisations.points` by column; kinds and precisions as one letter each."""
    rows = list(points)
    return {
        "latitudes": [round(row.latitude * DEGREES) for row in rows],
        "longitudes": [round(row.longitude * DEGREES) for row in rows],
        "kinds": "".join(str(KINDS.index(row.kind)) for row in rows),
        "precisions": "".join(LETTER_OF_PRECISION[row.precision] for row in rows),
        "examples": "".join("1" if row.is_example else "0" for row in rows),
        "codes": [row.code for row in rows],
        "names": [row.name for row in rows],
    }


def appearance(words: Mapping[Any, str]) -> dict[str, Any]:
    """Colours, hatches and shapes with their words; `words` names kinds, precisions, shades and verdicts."""
    outlines = {sign.kind: sign for sign in SIGNS}
    return {
        "fills": {LETTER_OF_SHADE[shade]: colour for shade, colour in RAMP.items()},
        "hatched": {LETTER_OF_SHADE[shade]: words[shade] for shade in (Shade.NOBODY, Shade.BLANK)},
        "verdicts": {letter: words[verdict] for verdict, letter in LETTER_OF_VERDICT.items()},
        "kinds": [{"name": words[kind], "points": outlines[kind].points} for kind in KINDS],
        "precisions": {letter: words[precision] for precision, letter in LETTER_OF_PRECISION.items()},
        "colours": {"fill": FILL, "hollow": HOLLOW, "edge": EDGE},
    }
