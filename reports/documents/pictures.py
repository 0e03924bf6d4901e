"""The drawings of a document: SVG with the words in it, so that PDF and Word show the same."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from registry.messages import N_
from reports.documents.briefing import Briefing
from reports.documents.paper import Block, Picture
from reports.documents.speech import Speech
from reports.documents.words import place_of
from reports.figures.charts import TrendChart, trend_chart
from reports.figures.trend import TrendPoint
from reports.figures.wording import percent_text

FONTS = "'Noto Sans CJK SC', sans-serif"
GRID, AXIS, INK, SHARE, TARGET = "#d9dee7", "#6b7688", "#1d2433", "#0072b2", "#d55e00"
LEGEND_HEIGHT = 26


def pictures(briefing: Briefing, say: Speech) -> Iterator[Block]:
    """What can be drawn of a place: nothing where nobody was ever counted."""
    chart = trend_chart(briefing.points)
    if chart is not None and len(briefing.points) > 1:
        yield trend_picture(briefing, chart, say)


def trend_picture(briefing: Briefing, chart: TrendChart, say: Speech) -> Picture:
    """The share at the end of each month against its target."""
    figure = say(briefing.reading.figure.title)
    return Picture(
        caption=say(N_("附图　%(place)s%(figure)s走势"), place=place_of(briefing, say), figure=figure),
        svg=trend_svg(chart, say),
        alt=_trend_words(briefing.points, say),
        width=chart.width,
        height=chart.height + LEGEND_HEIGHT,
    )


def trend_svg(chart: TrendChart, say: Speech) -> str:
    """The geometry of the chart, drawn for paper."""
    height = chart.height + LEGEND_HEIGHT
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.width} {height}" width="{chart.width}" '
    return "".join((head, f'height="{height}" font-family="{FONTS}">', *_trend_marks(chart, say), "</svg>"))


def _trend_marks(chart: TrendChart, say: Speech) -> Iterator[str]:
    for tick in chart.percents:
        yield line(chart.left, tick.at, chart.right, tick.at, GRID)
        yield words(chart.left - 5, tick.at + 4, tick.text, anchor="end")
    for tick in chart.years:
        yield line(tick.at, chart.bottom, tick.at, chart.bottom + 4, AXIS)
        yield words(tick.at, chart.bottom + 16, tick.text)
    for target in chart.targets:
        yield line(target.x1, target.y, target.x2, target.y, TARGET, width=2, dashes="6 4")
    for points in chart.lines:
        yield f'<polyline points="{points}" fill="none" stroke="{SHARE}" stroke-width="2.5"/>'
    for mark in chart.marks:
        yield f'<circle cx="{mark.x}" cy="{mark.y}" r="3.5" fill="#ffffff" stroke="{SHARE}" stroke-width="2"/>'
        yield words(mark.x, mark.label_y, mark.text, anchor=mark.anchor, weight=600)
    yield from _trend_legend(chart, say)


def _trend_legend(chart: TrendChart, say: Speech) -> Iterator[str]:
    y = chart.height + LEGEND_HEIGHT - 8
    yield line(chart.left, y - 4, chart.left + 24, y - 4, SHARE, width=3)
    yield words(chart.left + 30, y, say(N_("占比（月末）")))
    if chart.targets:
        yield line(chart.left + 130, y - 4, chart.left + 154, y - 4, TARGET, width=2, dashes="6 4")
        yield words(chart.left + 160, y, say(N_("目标")))


def _trend_words(points: Sequence[TrendPoint], say: Speech) -> str:
    """First, lowest, highest and last, for whoever does not see the line."""
    counted = [point for point in points if point.share.ratio is not None]
    lowest = min(counted, key=lambda point: point.share.ratio or 0)
    highest = max(counted, key=lambda point: point.share.ratio or 0)
    told = {"first": counted[0], "lowest": lowest, "highest": highest, "last": counted[-1]}
    places = {f"{name}_day": point.on for name, point in told.items()}
    shares = {name: percent_text(point.share) for name, point in told.items()}
    return say(
        N_(
            "折线图：%(first_day)s为%(first)s，%(last_day)s为%(last)s；"
            "最低为%(lowest_day)s的%(lowest)s，最高为%(highest_day)s的%(highest)s。"
        ),
        **places,
        **shares,
    )


def line(x1: float, y1: float, x2: float, y2: float, color: str, *, width: float = 1, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{color}" stroke-width="{width}"{dashed}/>'


def words(
    x: float, y: float, text: str, *, anchor: str = "start", weight: int = 400, size: int = 11, color: str = INK
) -> str:
    """A label, escaped."""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
        f'fill="{color}">{escape(text)}</text>'
    )
