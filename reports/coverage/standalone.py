"""A map as one file that needs nothing else: scripts, sheets, areas, points and tables are all inside.

It opens from a stick on a machine without a network; its own policy forbids it to ask for anything.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from registry.messages import N_, Gettext
from registry.organisations.points import SiteTally
from registry.vocabulary import term
from reports.coverage.atlas import Layer, topojson
from reports.coverage.choropleth import approval_words, choropleth_svg, picture_title, sources
from reports.coverage.payload import (
    LETTER_OF_SHADE,
    PlaceOnMap,
    appearance,
    area_values,
    site_columns,
)
from reports.coverage.shades import RAMP, Shade, legend_of
from reports.coverage.shell import map_shell
from reports.coverage.signs import SIGNS
from reports.coverage.svg import hatch
from reports.coverage.tiles import tiles_svg
from reports.coverage.words import OUTLINED, script_words, words_of_signs
from reports.figures.readings import Part, Reading
from reports.figures.shares import Share
from reports.figures.wording import percent_text

SCRIPTS = ("vendor/leaflet/leaflet.js", "vendor/topojson-client/topojson-client.min.js", "js/map.js")
SHEETS = ("css/tokens.css", "vendor/leaflet/leaflet.css", "css/map.css", "css/map-file.css")
PICTURES_OF_A_SHEET = re.compile(r"url\([^)]*\)")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+")


@dataclass(frozen=True)
class MapContents:
    """Everything that one map shows."""

    reading: Reading | None
    """None where the account may not see the shares."""
    places: Sequence[PlaceOnMap]
    layer: Layer
    names: Mapping[str, str]
    is_outline: bool
    outlined: str
    """The division around whose outline stands in for one that is not known; empty where the own one is drawn."""
    tallies: Sequence[SiteTally]
    points: Sequence[Any]
    made: str
    """By whom and when, for the foot."""
    approval: str = ""

    @property
    def on_layer(self) -> list[PlaceOnMap]:
        """The places that have an area."""
        return [] if self.is_outline else [place for place in self.places if place.code in self.layer.areas]


@dataclass(frozen=True)
class Table:
    """Rows under their heads."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


def standalone_map(contents: MapContents, *, static: Path, gettext: Gettext, locale: str) -> str:
    """The file's text; `static` is the folder of the browser files."""
    from jinja2 import Environment, PackageLoader

    layer, reading = contents.layer, contents.reading
    environment = Environment(
        loader=PackageLoader("reports.coverage"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    shell = map_shell(scripts={}, sheets={})
    has_tiles = reading is not None and len(contents.on_layer) < len(contents.places)
    is_coloured = reading is not None and bool(contents.on_layer)
    return environment.get_template("map.html").render(
        map=_words(contents, gettext, locale),
        frame={"body": Markup(shell.body), "script": Markup(shell.script)},  # noqa: S704  # our own text, without data
        scripts=[_inline(static / path, SOURCE_MAP) for path in SCRIPTS],
        sheets=[_inline(static / path, PICTURES_OF_A_SHEET) for path in SHEETS],
        patterns=Markup("".join(hatch(shade, f"hatch-{LETTER_OF_SHADE[shade]}") for shade in HATCHED)),  # noqa: S704  # the same
        picture=_picture(contents, gettext) if is_coloured else "",
        tiles=Markup(tiles_svg(reading, gettext=gettext)) if reading and has_tiles else "",  # noqa: S704  # escaped there
        data=_data(contents, gettext, locale),
        geometry=json.loads(topojson(layer, contents.names)) if layer.areas else None,
        sites=site_columns(contents.points),
    )


HATCHED = (Shade.BLANK, Shade.NOBODY)


def _inline(file: Path, left_out: re.Pattern[str]) -> Markup:
    """A file's text without the addresses in it, so that nothing is asked for."""
    text = left_out.sub("", file.read_text(encoding="utf-8"))
    assert "</script" not in text  # noqa: S101  # it would end the element; a fact of the shipped files
    return Markup(text)  # noqa: S704  # shipped with the product


def _picture(contents: MapContents, gettext: Gettext) -> Markup:
    assert contents.reading is not None  # noqa: S101  # said to the type checker
    drawn = choropleth_svg(contents.reading, contents.layer, gettext=gettext, approval=contents.approval)
    return Markup(drawn)  # noqa: S704  # our own elements, every text in them escaped


def _data(contents: MapContents, gettext: Gettext, locale: str) -> dict[str, Any]:
    is_coloured = contents.reading is not None and bool(contents.on_layer)
    return {
        "areas": area_values(contents.on_layer) if is_coloured else None,
        "geometry": None,
        "sites": None,
        "links": {"area": None, "site": None},
        "words": script_words(gettext),
        **appearance(words_of_signs(gettext, locale)),
    }


def _words(contents: MapContents, gettext: Gettext, locale: str) -> dict[str, Any]:
    """Everything that is read in the file."""
    parts = [place.part for place in contents.places if place.part]
    drawn = sum(tally.drawn for tally in contents.tallies)
    missing = sum(tally.missing for tally in contents.tallies)
    counts = {"all": drawn + missing, "drawn": drawn, "missing": missing}
    tallies = {tally.kind: tally for tally in contents.tallies}
    return {
        "locale": locale,
        "title": picture_title(contents.reading, gettext)
        if contents.reading
        else gettext(N_("服务场所分布")),
        "counts": gettext(N_("共%(all)s处服务场所：图上%(drawn)s处，缺点位%(missing)s处。")) % counts,
        "remarks": list(_remarks(contents, gettext)),
        "headings": {
            "shares": gettext(N_("图例：占比")),
            "sites": gettext(N_("图例：服务场所")),
        },
        "legend": [
            (RAMP.get(entry.shade) or f"url(#hatch-{LETTER_OF_SHADE[entry.shade]})", entry.words)
            for entry in (legend_of(parts, gettext) if parts else ())
        ],
        "signs": [
            (sign.points, getattr(term(sign.kind), locale), tallies[sign.kind].drawn)
            for sign in SIGNS
            if sign.kind in tallies
        ],
        "tables": _tables(contents, gettext, locale),
        "sources": [*_sources(contents, gettext), contents.made],
    }


def _remarks(contents: MapContents, gettext: Gettext) -> Iterator[str]:
    if contents.reading is None:
        yield gettext(N_("这一区划的占比不在您的权限范围内，地图只显示服务场所。"))
    if contents.outlined:
        yield gettext(OUTLINED) % {"name": contents.names[contents.outlined]}


def _sources(contents: MapContents, gettext: Gettext) -> list[str]:
    said = [gettext(N_("机构点位：本平台登记；部分来自 © OpenStreetMap contributors（ODbL）。"))]
    if not contents.layer.areas:
        return [*said, approval_words(contents.approval, gettext)]
    parts = {place.code: place.part for place in contents.places if place.part}
    layer = (
        contents.layer
        if parts
        else Layer("", {}, (), credit=contents.layer.credit, is_shipped=contents.layer.is_shipped)
    )
    return [*said, *sources(layer, parts, gettext=gettext, approval=contents.approval)]


def _tables(contents: MapContents, gettext: Gettext, locale: str) -> list[Table]:
    kinds = Table(
        gettext(N_("服务场所")),
        [gettext(N_("场所类型")), gettext(N_("图上")), gettext(N_("缺点位"))],
        [(getattr(term(one.kind), locale), one.drawn, one.missing) for one in contents.tallies],
    )
    if contents.reading is None or not contents.places:
        return [kinds]
    heads = (N_("区划"), N_("入库机构数"), N_("分子（人）"), N_("分母（人）"), N_("占比"), N_("结论"))
    return [
        Table(
            picture_title(contents.reading, gettext),
            list(map(gettext, heads)),
            _rows(contents, gettext, locale),
        ),
        kinds,
    ]


def _rows(contents: MapContents, gettext: Gettext, locale: str) -> list[tuple[Any, ...]]:
    """The parts, then the whole."""
    words, reading = words_of_signs(gettext, locale), contents.reading
    rows: list[tuple[str, Part | Reading]] = [
        (part.name or gettext(N_("未划入以上区划")), part) for part in (reading.parts if reading else ())
    ]
    if reading:
        rows.append((gettext(N_("合计（同一人只计一次）")), reading))
    return [(name, of.institutions.listed, *_share_cells(of.share, words)) for name, of in rows]


def _share_cells(share: Share, words: Mapping[Any, str]) -> tuple[Any, ...]:
    return share.numerator, share.denominator, percent_text(share), words[share.verdict]
