"""Where institutions lie: the outlines of a few divisions with a sign for each site, never for people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from registry.messages import N_, Gettext
from reports.coverage.atlas import Layer
from reports.coverage.choropleth import approval_words
from reports.coverage.drawing import Outline, drawing_of
from reports.coverage.shades import BORDER, INK, PALE
from reports.coverage.svg import document, element, notes, text, width_of, wrapped

WIDTH, TALLEST = 300.0, 250.0
NOTE_SIZE, NAME_SIZE = 12.0, 12.0
LAND, SPOT = "#EEF2F7", "#0B57A4"
ROUGH = "#FFFFFF"
"""A point that only names the street is drawn hollow."""


@dataclass(frozen=True)
class Spot:
    """One site: degrees in WGS-84."""

    latitude: float
    longitude: float
    is_exact: bool


def locator_svg(
    layer: Layer,
    spots: Sequence[Spot],
    *,
    names: dict[str, str],
    gettext: Gettext,
    title: str,
    approval: str = "",
    unplaced: int = 0,
) -> str:
    """Empty where no outline is known. `unplaced` sites without a point are counted under the map."""
    if not layer.areas:
        return ""
    drawing = drawing_of(layer, WIDTH, TALLEST)
    lines = [line for sentence in _sentences(spots, unplaced, layer, gettext, approval) for line in sentence]
    foot = drawing.height + 2
    body = [
        *(
            element("path", d=outline.path, fill=LAND, fill_rule="evenodd", stroke=BORDER, stroke_width=1)
            for outline in drawing.outlines
        ),
        *_names(drawing.outlines, names),
        *_signs(layer, spots),
        *notes(lines, x=2, y=foot, width=WIDTH - 4, size=NOTE_SIZE),
    ]
    broken = sum(len(wrapped(line, WIDTH - 4, NOTE_SIZE)) for line in lines)
    height = foot + broken * NOTE_SIZE * 1.5 + 6
    described = gettext(N_("共%(count)s处服务场所有点位。")) % {"count": len(spots)}
    return document(WIDTH, height, key="locator", title=title, description=described, body=body)


def _sentences(
    spots: Sequence[Spot], unplaced: int, layer: Layer, gettext: Gettext, approval: str
) -> list[list[str]]:
    said = [gettext(N_("● 服务场所")) if any(spot.is_exact for spot in spots) else ""]
    if any(not spot.is_exact for spot in spots):
        said.append(gettext(N_("○ 位置只精确到街镇")))
    if unplaced:
        said.append(gettext(N_("另有%(count)s处没有点位")) % {"count": unplaced})
    key = gettext(N_("；")).join(part for part in said if part)
    credit = gettext(layer.credit) if layer.is_shipped else layer.credit
    source = gettext(N_("边界来源：%(credit)s。")) % {"credit": credit}
    return [[key] if key else [], [approval_words(approval, gettext) + source]]


def _names(outlines: Sequence[Outline], names: dict[str, str]) -> list[str]:
    """The names that fit their areas."""
    drawn = []
    for outline in outlines:
        name = names.get(outline.code, "")
        if name and outline.holds(width_of(name, NAME_SIZE), NAME_SIZE):
            x, y = outline.x, outline.y
            drawn.append(text(name, x, y + 4, text_anchor="middle", font_size=NAME_SIZE, fill=PALE))
    return drawn


def _signs(layer: Layer, spots: Sequence[Spot]) -> list[str]:
    if not spots:
        return []
    degrees = np.array([[spot.longitude, spot.latitude] for spot in spots])
    placed = drawing_of(layer, WIDTH, TALLEST).fit(degrees)
    radius = 6 if len(spots) <= 12 else 4 if len(spots) <= 80 else 2.5
    return [
        element(
            "circle",
            cx=f"{x:.1f}",
            cy=f"{y:.1f}",
            r=radius,
            fill=SPOT if spot.is_exact else ROUGH,
            stroke=INK if spot.is_exact else SPOT,
            stroke_width=1 if spot.is_exact else 2,
        )
        for spot, (x, y) in zip(spots, placed.tolist(), strict=True)
        if 0 <= x <= WIDTH and 0 <= y <= TALLEST
    ]
