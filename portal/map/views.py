"""The page of the map with everything it shows, made before the template is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from portal.formatting import data, language, spoken_message, with_data
from portal.listing import ListView, Places, Words
from portal.map.asking import MapAsked, MapView
from portal.map.drawn import Drawn
from registry.access.actors import Actor
from registry.divisions.codes import NATION, Level, lies_within
from registry.divisions.queries import breadcrumbs
from registry.listing import Count, Page
from registry.organisations.points import SiteTally, points_of
from reports.coverage.atlas import Atlas, Unreadable
from reports.coverage.boundaries import outside_their_area
from reports.coverage.choropleth import approval_words, picture_title, value_of
from reports.coverage.payload import LETTER_OF_SHADE, PlaceOnMap, appearance, area_values
from reports.coverage.shades import RAMP, LegendEntry, Shade, legend_of, shade_of
from reports.coverage.signs import SIGNS, Sign
from reports.coverage.words import OUTLINED, script_words, words_of_signs
from reports.figures.definitions import FIGURES, FigureDefinition
from reports.figures.readings import names_as_of

CHECKED_AT_MOST = 5_000
"""Points of one map that are held against their boundaries before the page is shown."""
NAMED_AT_MOST = 8
LENGTH_OF_DISTRICT = 6


@dataclass(frozen=True)
class MapPage:
    """One map as one address shows it."""

    question: MapAsked
    drawn: Drawn
    tallies: Sequence[SiteTally]
    astray: Sequence[Any]
    """Sites whose point lies outside the boundary of the district that they are in."""
    unreadable: Sequence[Unreadable]
    sites: ListView
    approval: str

    @property
    def asked(self) -> Asked:
        """The figure's part of the question."""
        return self.question.asked

    @property
    def total(self) -> int:
        """Sites that the list counts."""
        return self.shown + self.without_point

    @property
    def shown(self) -> int:
        """Sites that the map draws."""
        return sum(tally.drawn for tally in self.tallies)

    @property
    def without_point(self) -> int:
        """Sites that no map can draw."""
        return sum(tally.missing for tally in self.tallies)

    @property
    def elsewhere(self) -> int:
        """Sites that lie outside the division responsible for them."""
        return sum(tally.elsewhere for tally in self.tallies)

    @cached_property
    def legend(self) -> list[LegendEntry]:
        """Colours and hatches in words; none where no share may be seen or none is drawn."""
        parts = [place.part for place in self.drawn.places if place.part]
        return legend_of(parts, gettext) if parts else []

    @property
    def signs(self) -> list[tuple[Sign, SiteTally]]:
        """The shapes that are on the map, with their counts."""
        tallies = {tally.kind: tally for tally in self.tallies}
        return [(sign, tallies[sign.kind]) for sign in SIGNS if sign.kind in tallies]

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The three ways to see the same."""
        labels = {
            MapView.MAP: gettext("地图"),
            MapView.TABLE: gettext("表格"),
            MapView.PRINT: gettext("打印"),
        }
        return [
            (
                label,
                self.sites.url(view="" if view is MapView.MAP else view.value),
                view is self.question.view,
            )
            for view, label in labels.items()
        ]

    @property
    def title(self) -> str:
        """The picture's words."""
        return picture_title(self.drawn.reading, gettext) if self.drawn.reading else gettext("服务场所分布")

    @property
    def picture_url(self) -> str:
        """The same map as a picture, where no script runs."""
        return url_for("map.picture", **{**self.question.beside, **self._place, "view": None})

    @property
    def _place(self) -> dict[str, Any]:
        return {"division": self.asked.division, "on": self.asked.values().get("on")}

    @property
    def figure_url(self) -> str:
        """The page of the figure in this place."""
        return url_for("figures.show", code=self.asked.figure.code, **self.asked.values())

    def place_url(self, place: PlaceOnMap) -> str:
        """The figure one level down; nothing where the share is not to be seen."""
        if place.part is None:
            return ""
        values = self.asked.values(division=place.code, by=None)
        return url_for("figures.show", code=self.asked.figure.code, **values)

    def map_url(self, place: PlaceOnMap) -> str:
        """The map one level down."""
        return self.sites.url(division=place.code, by="")

    def list_url(self, **changes: str) -> str:
        """The list of exactly these sites, cut further."""
        return self.sites.same_url("sites.index", **changes)

    @property
    def figures(self) -> Sequence[FigureDefinition]:
        """What the areas can be coloured by."""
        return tuple(one for one in FIGURES.values() if one.is_share)

    @property
    def has_other_figure(self) -> bool:
        """The figure is not the usual one, so its box must not be hidden."""
        return "figure" in self.question.beside

    @staticmethod
    def fill(shade: Shade) -> str:
        """A sample's colour, or the hatch that stands in the page."""
        return RAMP.get(shade) or f"url(#hatch-{LETTER_OF_SHADE[shade]})"

    def shade(self, place: PlaceOnMap) -> str:
        """The name of a colour in the style sheet."""
        return shade_of(place.part).value if place.part else "plain"

    def value(self, place: PlaceOnMap) -> str:
        """The share in words."""
        return value_of(place.part, gettext) if place.part else ""

    @property
    def blanks(self) -> list[PlaceOnMap]:
        """Places without a listed institution."""
        return [place for place in self.drawn.places if place.part and shade_of(place.part) is Shade.BLANK]

    @property
    def sources(self) -> list[str | Markup]:
        """Whose facts these are, and what the map is not."""
        layer = self.drawn.layer
        said: list[str | Markup] = []
        if layer.areas:
            said.append(
                gettext("边界来源：%(credit)s。", credit=gettext(layer.credit))
                if layer.is_shipped
                else with_data(gettext("边界来源：%(credit)s。"), credit=layer.credit)
            )
        said.append(gettext("机构点位：本平台登记；部分来自 © OpenStreetMap contributors（ODbL）。"))
        approval = with_data(gettext("审图号：%(number)s。"), number=self.approval)
        said.append(approval if self.approval else approval_words("", gettext))
        return said

    @property
    def remarks(self) -> list[str | Markup]:
        """What the reader must know before he trusts the map."""
        return [*_about_areas(self), *_about_files(self), *_about_points(self)]

    @property
    def script_data(self) -> dict[str, Any]:
        """What the map's script reads from the page."""
        drawn = self.drawn
        values = area_values(drawn.on_layer) if drawn.reading and drawn.on_layer else None
        figure = url_for(
            "figures.show", code=self.asked.figure.code, **self.asked.values(division=None, by=None)
        )
        filters = self.sites.same_url("map.sites", view="")
        geometry = {**self.asked.values(), "division": self.asked.division, "name": drawn.geometry}
        return {
            "areas": values,
            "geometry": url_for("map.geometry", **geometry) if drawn.geometry else None,
            "sites": filters if self.shown else None,
            "links": {
                "area": f"{figure}{'&' if '?' in figure else '?'}division=" if values else None,
                "site": f"{url_for('sites.index')}/",
            },
            "words": script_words(gettext),
            **appearance(words_of_signs(gettext, language())),
        }


def sites_view(question: MapAsked, places: Places, total: int, words: Words) -> ListView:
    """The filters of the list of sites; the map shows every row of it at once."""
    page = Page((), Count(total), 1, has_next=False)
    return ListView(question.sites, page, places, words, endpoint="map.show", beside=question.beside)


def astray(session: Session, question: MapAsked, boundaries: Atlas) -> list[Any]:
    """Sites whose point is outside the district that they are said to lie in; too many points are not looked at."""
    rows = points_of(session, question.sites)
    if len(rows) > CHECKED_AT_MOST:
        return []
    districts = {row.located_code[:LENGTH_OF_DISTRICT] for row in rows}
    areas = boundaries.layer(sorted(districts)).areas
    points = [(row.located_code[:LENGTH_OF_DISTRICT], row.longitude, row.latitude) for row in rows]
    return [rows[place] for place in outside_their_area(areas, points)]


def trail_of_map(session: Session, page: MapPage, actor: Actor) -> list[tuple[Any, str]]:
    """The divisions above within the reader's own, each as the same map."""
    asked = page.asked
    if asked.division == NATION:
        return []
    above = breadcrumbs(session, asked.division, names_as_of(asked.basis, asked.on))
    return [
        (data(division.name), page.sites.url(division=division.code, by=""))
        for division in above
        if division.code != asked.division and lies_within(division.code, actor.division_code)
    ]


def _about_areas(page: MapPage) -> list[str | Markup]:
    said: list[str | Markup] = []
    drawn = page.drawn
    if not page.question.may_see_shares:
        said.append(gettext("这一区划的占比不在您的权限范围内，地图只显示服务场所。"))
    if not drawn.places and page.asked.by is not Level.SITE:
        said.append(gettext("这一区划没有下级区划，地图只显示其中的服务场所。"))
    if drawn.outlined:
        sentence = gettext(OUTLINED)
        said.append(with_data(sentence, name=drawn.names[drawn.outlined]))
    if drawn.reading and not drawn.reading.institutions.listed:
        said.append(
            gettext(
                "截至%(day)s，这里没有入库机构；如果日期早于入库开始之日，请改选较晚的日期。",
                day=page.asked.on,
            )
        )
    if drawn.tiles and drawn.is_outline:
        said.append(gettext("下级区划没有边界数据，以方块示意，不画边界。"))
    elif drawn.tiles and not drawn.layer.areas:
        said.append(gettext("这一区划及其下级都没有边界数据，占比以方块示意，详见表格。"))
    elif drawn.tiles:
        names = gettext("、").join(place.name for place in drawn.tiles[:NAMED_AT_MOST])
        said.append(
            with_data(
                gettext("%(count)s个下级区划没有边界数据，以方块示意：%(names)s。"),
                count=len(drawn.tiles),
                names=names,
            )
        )
    return said


def _about_files(page: MapPage) -> list[str | Markup]:
    said: list[str | Markup] = []
    for one in page.unreadable:
        reason = spoken_message(one.reason) if one.reason else ""
        sentence = gettext("边界文件%(file)s未能使用：%(reason)s")
        said.append(
            Markup("{}").format(with_data(sentence, file=one.file, reason="%(reason)s")) % {"reason": reason}
        )
    if page.drawn.layer.repairs:
        names = gettext("、").join(repair.name or repair.code for repair in page.drawn.layer.repairs)
        said.append(with_data(gettext("以下区划的边界与自身相交，读取时已修复：%(names)s。"), names=names))
    return said


def _about_points(page: MapPage) -> list[str | Markup]:
    if not page.astray:
        return []
    names = gettext("、").join(row.name for row in page.astray[:NAMED_AT_MOST])
    sentence = gettext("%(count)s处场所的点位不在所在区县的边界内，请核对坐标或所在区划：%(names)s。")
    return [with_data(sentence, count=len(page.astray), names=names)]
