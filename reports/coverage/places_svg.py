"""Places on outlines as a picture that stands alone: numbers that the list beside it explains, or counts by area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from reports.coverage.atlas import Layer
from reports.coverage.drawing import Drawing, Outline, drawing_of
from reports.coverage.shades import BORDER, INK, PAPER
from reports.coverage.svg import box, document, element, text, width_of

WIDTH, TALLEST = 640.0, 560.0
AREA, MARK = "#F3F6FA", "#0B57A4"
RADIUS = 15.0
LETTERS = 17.0


@dataclass(frozen=True)
class Point:
    """One place: its number in the list, and where it lies in WGS-84 degrees."""

    number: int
    longitude: float
    latitude: float


@dataclass
class _Mark:
    """Places that lie so near to one another that one mark stands for all."""

    x: float
    y: float
    numbers: list[int]

    @property
    def words(self) -> str:
        first, last = self.numbers[0], self.numbers[-1]
        is_run = last - first == len(self.numbers) - 1
        return f"{first}–{last}" if is_run and last > first else "、".join(map(str, self.numbers))


def places_svg(
    layer: Layer,
    names: Mapping[str, str],
    counts: Mapping[str, int],
    points: Sequence[Point],
    *,
    title: str,
) -> str:
    """`counts` are written into the areas; without them, `points` are drawn as numbers."""
    drawing = drawing_of(layer, WIDTH, TALLEST)
    marks = _marks(drawing, points)
    body = [
        *(_area(outline) for outline in drawing.outlines),
        *(element("path", d=line, fill="none", stroke=INK, stroke_width=1.6) for line in drawing.lines),
        *(letters for outline in drawing.outlines if counts for letters in _label(outline, names, counts)),
        *(letters for mark in marks for letters in _drawn(mark)),
    ]
    described = "、".join(f"{names.get(code, code)} {count}" for code, count in counts.items())
    return document(
        WIDTH, drawing.height, key="places", title=title, description=described or title, body=body
    )


def _area(outline: Outline) -> str:
    return element(
        "path",
        d=outline.path,
        fill=AREA,
        fill_rule="evenodd",
        stroke=BORDER,
        stroke_width=1,
        stroke_linejoin="round",
    )


def _label(outline: Outline, names: Mapping[str, str], counts: Mapping[str, int]) -> list[str]:
    """The name with the number of places, or the number alone where the area is small."""
    name, count = names.get(outline.code, outline.code), str(counts.get(outline.code, 0))
    for line, size in ((f"{name} {count}", 13.0), (f"{name} {count}", 10.0), (count, 10.0)):
        if line == count or outline.holds(width_of(line, size) + 2, size * 1.3):
            y = outline.y + size * 0.36
            return [text(line, outline.x, y, text_anchor="middle", font_size=size, font_weight=600)]
    return []


def _marks(drawing: Drawing, points: Sequence[Point]) -> list[_Mark]:
    marks: list[_Mark] = []
    for point in points:
        x, y = drawing.position(point.longitude, point.latitude)
        near = next((one for one in marks if hypot(one.x - x, one.y - y) < RADIUS * 1.6), None)
        if near is not None:
            near.numbers.append(point.number)
        elif 0 <= x <= drawing.width and 0 <= y <= drawing.height:
            marks.append(_Mark(x, y, [point.number]))
    return marks


def _drawn(mark: _Mark) -> list[str]:
    size = LETTERS
    width = max(RADIUS * 2, width_of(mark.words, size) + 10)
    left, top = mark.x - width / 2, mark.y - RADIUS
    plate = box(left, top, width, RADIUS * 2, rx=RADIUS, fill=MARK, stroke=PAPER, stroke_width=1.5)
    style = {"text_anchor": "middle", "font_size": size, "font_weight": 600, "fill": PAPER}
    return [plate, text(mark.words, mark.x, mark.y + size * 0.36, **style)]
