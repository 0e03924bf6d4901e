"""A trend as geometry: where the line, the target, the ticks and the labels lie; `trend_svg` adds nothing to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reports.drawing import GRID, INK, INK_2, LINE, RULE, TARGET, Drawing
from reports.figures.shares import Measure, Share
from reports.figures.trend import TrendPoint
from reports.figures.wording import percent_text

WIDTH, HEIGHT = 340, 180
LEFT, RIGHT, TOP, BOTTOM = 38, 10, 16, 24
LABEL_WIDTH = 44
STEPS = (5, 10, 20, 25)
"""Percent between two lines of the grid."""


@dataclass(frozen=True)
class Mark:
    """One reading as a point."""

    x: float
    y: float
    label_y: float
    anchor: str
    """Of the label: start, middle or end, so that it stays inside the box."""
    text: str


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its label; `at` is x or y."""

    at: float
    text: str


@dataclass(frozen=True)
class Segment:
    """The target while it was in force."""

    x1: float
    x2: float
    y: float


@dataclass(frozen=True)
class Event:
    """A day on which the divisions changed: a numbered line across the box."""

    x: float
    text: str


@dataclass(frozen=True)
class TrendChart:
    """Everything in the units of a box of `width` by `height`."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    lines: tuple[str, ...]
    """The share as `points` of polylines, broken where nobody was counted."""
    marks: tuple[Mark, ...]
    """First, year ends and last."""
    targets: tuple[Segment, ...]
    percents: tuple[Tick, ...]
    years: tuple[Tick, ...]
    events: tuple[Event, ...] = ()


def trend_chart(points: Sequence[TrendPoint], events: Sequence[date] = ()) -> TrendChart | None:
    """The chart of a trend, with days to be marked 1, 2, 3 …; None where nobody was ever counted."""
    shown = [point for point in points if point.share.ratio is not None]
    if not shown:
        return None
    scale = _Scale(points)
    return TrendChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        lines=tuple(_polylines(points, scale)),
        marks=tuple(_mark(point, scale) for point in _marked(shown, scale)),
        targets=tuple(_targets(points, scale)),
        percents=tuple(Tick(scale.y(value), text) for value, text in scale.ticks),
        years=tuple(_years(points, scale)),
        events=tuple(Event(scale.x(day), str(i)) for i, day in enumerate(events, start=1)),
    )


def trend_svg(chart: TrendChart, *, title: str, description: str) -> str:
    """The chart as SVG text; the description says in words what the line shows."""
    drawing = Drawing(chart.width, chart.height, title=title, description=description)
    _draw_axes(drawing, chart)
    for event in chart.events:
        _draw_event(drawing, event, chart.bottom)
    for target in chart.targets:
        drawing.add(
            "line",
            x1=target.x1, x2=target.x2, y1=target.y, y2=target.y,
            stroke=TARGET, stroke_width=2, stroke_dasharray="6 4",
        )  # fmt: skip
    for line in chart.lines:
        drawing.add(
            "polyline", points=line, fill="none", stroke=LINE, stroke_width=2.5, stroke_linejoin="round"
        )
    for mark in chart.marks:
        _draw_mark(drawing, mark)
    return drawing.markup()


def _draw_axes(drawing: Drawing, chart: TrendChart) -> None:
    for tick in chart.percents:
        drawing.add("line", x1=chart.left, x2=chart.right, y1=tick.at, y2=tick.at, stroke=GRID)
        drawing.add(
            "text", tick.text, x=chart.left - 5, y=tick.at + 4, text_anchor="end", font_size=12, fill=INK_2
        )
    for tick in chart.years:
        drawing.add("line", x1=tick.at, x2=tick.at, y1=chart.bottom, y2=chart.bottom + 4, stroke=RULE)
        drawing.add("text", tick.text, x=tick.at, y=chart.bottom + 16, font_size=12, fill=INK_2)


def _draw_event(drawing: Drawing, event: Event, bottom: float) -> None:
    drawing.add("line", x1=event.x, x2=event.x, y1=TOP, y2=bottom, stroke=RULE, stroke_dasharray="2 3")
    drawing.add("circle", cx=event.x, cy=TOP - 6, r=6, fill="#ffffff", stroke=RULE)
    drawing.add("text", event.text, x=event.x, y=TOP - 3, text_anchor="middle", font_size=9, fill=INK)


def _draw_mark(drawing: Drawing, mark: Mark) -> None:
    drawing.add("circle", cx=mark.x, cy=mark.y, r=3.5, fill="#ffffff", stroke=LINE, stroke_width=2)
    drawing.halo(
        mark.text,
        x=mark.x, y=mark.label_y, text_anchor=mark.anchor, font_size=12, font_weight="600", fill=INK,
    )  # fmt: skip


class _Scale:
    """From days and shares to the box; the axis of shares begins at zero."""

    def __init__(self, points: Sequence[TrendPoint]) -> None:
        self.first = points[0].on
        self.days = max((points[-1].on - self.first).days, 1)
        top = max(max(point.share.value or 0, target_of(point.share) or 0) for point in points)
        is_share = points[0].share.measure is Measure.SHARE
        self.ticks = _percents(top) if is_share else _round_numbers(Fraction(top))
        self.top = self.ticks[-1][0]

    def x(self, day: date) -> float:
        return round(LEFT + (day - self.first).days / self.days * (WIDTH - LEFT - RIGHT), 1)

    def y(self, ratio: Fraction) -> float:
        return round(HEIGHT - BOTTOM - float(ratio / self.top) * (HEIGHT - TOP - BOTTOM), 1)


def _percents(top: Fraction | int) -> list[tuple[Fraction, str]]:
    highest = int(min(top * 100 + 5, 100))
    step = next((step for step in STEPS if highest <= step * 5), STEPS[-1])
    return [(Fraction(percent, 100), f"{percent}%") for percent in range(0, highest + step, step)]


def _round_numbers(top: Fraction) -> list[tuple[Fraction, str]]:
    """From zero to above the top, in steps of 1, 2 or 5 with so many zeros before or behind."""
    sizes = (
        (Fraction(digit) * Fraction(10) ** power, power) for power in range(-4, 10) for digit in (1, 2, 5)
    )
    step, power = next((size, power) for size, power in sizes if top < size * 5)
    return [(step * i, f"{float(step * i):,.{max(0, -power)}f}") for i in range(int(top / step) + 2)]


def target_of(share: Share) -> Fraction | None:
    """The target as a ratio."""
    return Fraction(share.target.numerator, share.target.denominator) if share.target else None


def _polylines(points: Iterable[TrendPoint], scale: _Scale) -> Iterable[str]:
    line: list[str] = []
    for point in points:
        if point.share.ratio is not None:
            line.append(f"{scale.x(point.on)},{scale.y(point.share.value or Fraction(0))}")
        elif line:
            yield " ".join(line)
            line = []
    if line:
        yield " ".join(line)


def _targets(points: Sequence[TrendPoint], scale: _Scale) -> Iterable[Segment]:
    start = 0
    for i, point in enumerate(points):
        is_last = i + 1 == len(points)
        following = None if is_last else target_of(points[i + 1].share)
        target = target_of(point.share)
        if is_last or following != target:
            if target is not None:
                until = point.on if is_last else points[i + 1].on
                yield Segment(scale.x(points[start].on), scale.x(until), scale.y(target))
            start = i + 1


def _years(points: Sequence[TrendPoint], scale: _Scale) -> Iterable[Tick]:
    for year in range(points[0].on.year, points[-1].on.year + 1):
        first = max(date(year, 1, 1), points[0].on)
        if scale.x(first) < WIDTH - RIGHT - 24:
            yield Tick(scale.x(first), str(year))


def _marked(shown: Sequence[TrendPoint], scale: _Scale) -> list[TrendPoint]:
    """First, year ends and last; a year end too near to the last would cover its label."""
    last = shown[-1]
    inner = [
        point
        for point in shown[1:-1]
        if (point.on.month, point.on.day) == (12, 31) and scale.x(last.on) - scale.x(point.on) > LABEL_WIDTH
    ]
    far_enough = scale.x(last.on) - scale.x(shown[0].on) > LABEL_WIDTH
    return ([shown[0]] if far_enough else []) + inner + [last]


def _mark(point: TrendPoint, scale: _Scale) -> Mark:
    x, y = scale.x(point.on), scale.y(point.share.value or Fraction(0))
    anchor = (
        "start" if x < LEFT + LABEL_WIDTH / 2 else "end" if x > WIDTH - RIGHT - LABEL_WIDTH / 2 else "middle"
    )
    return Mark(x, y, y - 8 if y > TOP + 12 else y + 18, anchor, percent_text(point.share))
