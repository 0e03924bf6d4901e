"""What a map's script is given: values by column, so that thousands of places or points stay small."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.organisations.models import Precision, SiteKind
from reports.coverage.shades import ON_DARK, RAMP, Shade, shade_of
from reports.coverage.signs import EDGE, FILL, HOLLOW, SIGNS
from reports.figures.readings import Part
from reports.figures.shares import Share, Verdict
from reports.figures.wording import NOTHING, percent_text

DEGREES = 100_000
"""Points are sent as whole numbers: a step is about a metre."""

LETTER_OF_SHADE = {**{shade: shade.value for shade in RAMP}, Shade.NOBODY: "n", Shade.BLANK: "b"}
LETTER_WITHOUT_TARGET = dict(zip(RAMP, "ABCDE", strict=True))
"""One letter says both the colour and the verdict."""
LETTER_OF_PRECISION = {Precision.EXACT: "e", Precision.STREET: "s", Precision.DISTRICT: "d"}
KINDS = tuple(SiteKind)


@dataclass(frozen=True)
class PlaceOnMap:
    """A division that a map draws; without a part where the reader may not see its share."""

    code: str
    name: str
    part: Part | None = None


def area_values(places: Sequence[PlaceOnMap]) -> dict[str, Any]:
    """Numerators, denominators and shades, each a column in the order of the areas.

    `shares` has only those that are not written as a plain quotient is rounded, by place: 29.96% against 30%.
    """
    parts = [place.part for place in places if place.part is not None]
    texts = {place: percent_text(part.share) for place, part in enumerate(parts)}
    return {
        "numerators": [part.share.numerator for part in parts],
        "denominators": [part.share.denominator for part in parts],
        "shares": {place: text for place, text in texts.items() if text != plain_percent(parts[place].share)},
        "shades": "".join(map(letter_of, parts)),
    }


def letter_of(part: Part) -> str:
    """The colour of a part, and with it its verdict."""
    letters = LETTER_WITHOUT_TARGET if part.share.verdict is Verdict.NO_TARGET else LETTER_OF_SHADE
    return letters[shade_of(part)]


def plain_percent(share: Share) -> str:
    """One decimal, half up: what the map's script works out by itself."""
    if not share.denominator:
        return NOTHING
    whole, tenth = divmod((2000 * share.numerator + share.denominator) // (2 * share.denominator), 10)
    return f"{whole}.{tenth}%"


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
        "fills": {
            letters[shade]: colour
            for shade, colour in RAMP.items()
            for letters in (LETTER_OF_SHADE, LETTER_WITHOUT_TARGET)
        },
        "dark": [letters[shade] for shade in ON_DARK for letters in (LETTER_OF_SHADE, LETTER_WITHOUT_TARGET)],
        "hatched": {LETTER_OF_SHADE[shade]: words[shade] for shade in (Shade.NOBODY, Shade.BLANK)},
        "verdicts": {
            **{
                LETTER_OF_SHADE[shade]: words[Verdict.MET if shade in ON_DARK else Verdict.NOT_MET]
                for shade in RAMP
            },
            **dict.fromkeys(LETTER_WITHOUT_TARGET.values(), words[Verdict.NO_TARGET]),
        },
        "kinds": [{"name": words[kind], "points": outlines[kind].points} for kind in KINDS],
        "precisions": {letter: words[precision] for precision, letter in LETTER_OF_PRECISION.items()},
        "colours": {"fill": FILL, "hollow": HOLLOW, "edge": EDGE},
    }
