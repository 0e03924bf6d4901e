"""Places in the order of their share, as bars against the target: geometry, and the picture of it."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from reports.drawing import INK, INK_2, RULE, TARGET, Drawing
from reports.figures.charts import target_of
from reports.figures.readings import Part, Reading
from reports.figures.shares import Measure, Verdict
from reports.figures.wording import percent_text, target_text

WIDTH, ROW, TOP, BOTTOM = 360, 24, 26, 6
NAMES, NUMBERS = 102, 104
"""Room for names on the left and for “27.4%　26/95” on the right."""

NAME_LENGTH = 8
HATCHED = 24
"""The box that stands for no bar."""

MOST_BARS = 40
"""Beyond that a table says more than a chart."""

REACHED, MISSED = "#2f7abf", "#a9cbe8"
"""Dark where the target is reached, light where it is missed; the sign beside says the same by its shape."""

SIGNS = {Verdict.MET: "✓", Verdict.NOT_MET: "✗"}


@dataclass(frozen=True)
class Bar:
    """One place; `length` is None where nobody is counted, `is_blank` where there is no listed institution either."""

    name: str
    y: float
    length: float | None
    is_reached: bool
    label: str
    is_blank: bool


@dataclass(frozen=True)
class Absences:
    """What stands in place of a bar."""

    nobody: str
    """Listed institutions, and nobody counted in them."""
    blank: str
    """No listed institution."""


@dataclass(frozen=True)
class BarChart:
    """Everything in the units of a box of `WIDTH` by `height`."""

    height: float
    bars: tuple[Bar, ...]
    target_x: float | None
    target_text: str


def bar_chart(reading: Reading) -> BarChart | None:
    """The parts of a reading, the highest share first, those without staff last; None where a chart says nothing."""
    parts = sorted((part for part in reading.parts if not part.is_rest), key=_order)
    if not 2 <= len(parts) <= MOST_BARS or not any(part.share.denominator for part in parts):
        return None
    target = target_of(reading.share)
    longest = max([*(part.share.value or Fraction(0) for part in parts), target or Fraction(0)])
    scale = _scale(longest)
    return BarChart(
        height=TOP + ROW * len(parts) + BOTTOM,
        bars=tuple(_bar(part, TOP + ROW * i, scale) for i, part in enumerate(parts)),
        target_x=None if target is None else NAMES + scale(target),
        target_text=target_text(reading.share),
    )


def bars_svg(chart: BarChart, *, title: str, description: str, absences: Absences, key: str = "bars") -> str:
    """The chart as SVG text; `key` is unique on the page."""
    drawing = Drawing(WIDTH, chart.height, title=title, description=description)
    hatch = drawing.hatch(f"{key}-hatch")
    for bar in chart.bars:
        _draw_bar(drawing, bar, hatch)
    if chart.target_x is not None:
        _draw_target(drawing, chart.target_x, chart)
    for bar in chart.bars:
        _write_bar(drawing, bar, absences)
    return drawing.markup()


def _order(part: Part) -> tuple[bool, Fraction, str]:
    value = part.share.value if part.share.denominator else None
    return value is None, -(value or Fraction(0)), part.code


def _scale(longest: Fraction) -> Callable[[Fraction], float]:
    room = WIDTH - NAMES - NUMBERS
    return lambda ratio: round(float(ratio / longest) * room, 1) if longest else 0.0


def _bar(part: Part, y: float, scale: Callable[[Fraction], float]) -> Bar:
    one = part.share
    sign = SIGNS.get(one.verdict, "")
    counts = f"  {one.numerator}/{one.denominator}" if one.measure is Measure.SHARE else ""
    label = f"{sign} {percent_text(one)}{counts}" if one.denominator else ""
    length = None if one.ratio is None or one.value is None else scale(one.value)
    is_blank = not part.institutions.listed
    return Bar(shortened(part.name), y, length, one.verdict is not Verdict.NOT_MET, label.strip(), is_blank)


def shortened(name: str) -> str:
    """A name that fits beside its bar; the table has it whole."""
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"


def _draw_bar(drawing: Drawing, bar: Bar, hatch: str) -> None:
    y, height = bar.y + 4, ROW - 8
    if bar.length is None:
        drawing.add("rect", x=NAMES, y=y, width=HATCHED, height=height, fill=hatch, stroke=RULE)
        return
    fill = REACHED if bar.is_reached else MISSED
    drawing.add("rect", x=NAMES, y=y, width=bar.length, height=height, fill=fill, stroke=INK)


def _write_bar(drawing: Drawing, bar: Bar, absences: Absences) -> None:
    """Words lie on top of the target's line."""
    y = bar.y + ROW / 2 + 4
    drawing.add("text", bar.name, x=NAMES - 6, y=y, text_anchor="end", font_size=12, fill=INK, lang="zh-Hans")
    if bar.length is None:
        said = absences.blank if bar.is_blank else absences.nobody
        drawing.halo(said, x=NAMES + HATCHED + 6, y=y, font_size=12, fill=INK_2)
        return
    drawing.add("text", bar.label, x=WIDTH - NUMBERS + 6, y=y, font_size=12, fill=INK)


def _draw_target(drawing: Drawing, x: float, chart: BarChart) -> None:
    drawing.add(
        "line",
        x1=x, x2=x, y1=TOP - 4, y2=chart.height - BOTTOM,
        stroke=TARGET, stroke_width=2, stroke_dasharray="6 4",
    )  # fmt: skip
    drawing.add(
        "text",
        chart.target_text,
        x=x,
        y=TOP - 10,
        text_anchor="middle",
        font_size=12,
        font_weight="600",
        fill=INK,
    )
