"""The drawings of a document: SVG with its words in it, so that PDF and Word show the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry.divisions.codes import Level
from registry.messages import N_
from reports.documents.briefing import Briefing
from reports.documents.paper import Block, Picture
from reports.documents.speech import Speech
from reports.documents.words import is_of_institutions, noun_of, place_of
from reports.figures.bars import Absences, bar_chart, bars_svg
from reports.figures.charts import trend_chart, trend_svg
from reports.figures.readings import Part
from reports.figures.trend import TrendPoint
from reports.figures.wording import percent_text

if TYPE_CHECKING:
    from reports.coverage.atlas import Atlas

MAP_WIDTH, TREND_WIDTH, BARS_WIDTH = 138, 132, 106
"""Millimetres on the page: letters come out at 8 to 10 pt."""

TALLEST = 190
"""Millimetres: the caption stands below on the same page."""


@dataclass(frozen=True)
class Maps:
    """Where boundaries come from, and the number of approval that a printed map must show (地图管理条例 Art. 15)."""

    atlas: "Atlas"
    approval: str = ""


def pictures(briefing: Briefing, say: Speech, maps: Maps) -> Iterator[Block]:
    """What can be drawn of a place: nothing where nobody was ever counted. Both charts of a city fit one page."""
    drawn = (_trend(briefing, say), _bars(briefing, say), _map(briefing, say, maps))
    yield from (picture for picture in drawn if picture is not None)


def _map(briefing: Briefing, say: Speech, maps: Maps) -> Picture | None:
    """Divisions by their boundaries; streets, of which none could be had, as tiles; institutions not at all."""
    if is_of_institutions(briefing) or not briefing.reading.institutions.listed:
        return None
    from reports.coverage.choropleth import choropleth_svg, described  # geometry costs a paper without a map
    from reports.coverage.tiles import tiles_svg

    reading, codes = briefing.reading, [part.code for part in briefing.parts]
    layer = maps.atlas.layer(codes) if reading.by is not Level.TOWNSHIP else None
    svg = choropleth_svg(reading, layer, gettext=say.gettext, approval=maps.approval) if layer else ""
    svg = svg or tiles_svg(reading, gettext=say.gettext)
    caption = say(
        N_("附图　%(place)s各%(parts)s%(figure)s分布"),
        place=place_of(briefing, say),
        parts=noun_of(briefing, say),
        figure=say(reading.figure.title),
    )
    return _fitted(Picture(caption, svg, described(briefing.parts, say.gettext), MAP_WIDTH))


def _trend(briefing: Briefing, say: Speech) -> Picture | None:
    chart = trend_chart(briefing.points)
    if chart is None or len(briefing.points) < 2:
        return None
    with_target = N_("附图　%(place)s%(figure)s走势（实线为月末占比，虚线为目标）")
    caption = say(
        with_target if chart.targets else N_("附图　%(place)s%(figure)s走势（月末占比）"),
        place=place_of(briefing, say),
        figure=say(briefing.reading.figure.title),
    )
    alt = _trend_words(briefing.points, say)
    return Picture(caption, trend_svg(chart, title=caption, description=alt), alt, TREND_WIDTH)


def _bars(briefing: Briefing, say: Speech) -> Picture | None:
    chart = bar_chart(briefing.reading)
    if chart is None or sum(part.share.denominator > 0 for part in briefing.parts) < 2:
        return None
    has_target = chart.target_x is not None
    caption = say(
        N_("附图　各%(parts)s%(figure)s由高到低（虚线为目标）")
        if has_target
        else N_("附图　各%(parts)s%(figure)s由高到低"),
        parts=noun_of(briefing, say),
        figure=say(briefing.reading.figure.title),
    )
    alt = _bars_words(briefing.parts, say)
    absences = Absences(nobody=say(N_("没有人员")), blank=say(N_("没有入库机构")))
    drawn = bars_svg(chart, title=caption, description=alt, absences=absences)
    return _fitted(Picture(caption, drawn, alt, BARS_WIDTH))


def _fitted(picture: Picture) -> Picture:
    """Narrower where it would be higher than the page."""
    return replace(picture, width=picture.width * min(1, TALLEST / picture.height))


def _trend_words(points: Sequence[TrendPoint], say: Speech) -> str:
    """First, lowest, highest and last, for whoever does not see the line."""
    counted = [point for point in points if point.share.ratio is not None]
    lowest = min(counted, key=lambda point: point.share.ratio or 0)
    highest = max(counted, key=lambda point: point.share.ratio or 0)
    told = {"first": counted[0], "lowest": lowest, "highest": highest, "last": counted[-1]}
    days = {f"{name}_day": point.on for name, point in told.items()}
    shares = {name: percent_text(point.share) for name, point in told.items()}
    return say(
        N_(
            "折线图：%(first_day)s为%(first)s，%(last_day)s为%(last)s；"
            "最低为%(lowest_day)s的%(lowest)s，最高为%(highest_day)s的%(highest)s。"
        ),
        **days,
        **shares,
    )


def _bars_words(parts: Sequence[Part], say: Speech) -> str:
    counted = sorted((part for part in parts if part.share.ratio is not None), key=_highest_first)
    named = say.listed(f"{part.name} {percent_text(part.share)}" for part in counted)
    return say(N_("条形图，由高到低：%(names)s。"), names=named)


def _highest_first(part: Part) -> tuple[float, str]:
    return -float(part.share.ratio or 0), part.code
