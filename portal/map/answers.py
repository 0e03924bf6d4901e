"""What `/map` answers: the page in its three views; its areas, its sites and its picture as files."""

import gzip
import json
from typing import Any

from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from portal.extensions import db
from portal.figures.speaking import WORDS
from portal.htmx import render_page
from portal.listing import places_of
from portal.map.asking import MapAsked, MapView, ask_map
from portal.map.drawn import Drawn, atlas, draw, geometry_file, geometry_of
from portal.map.views import MapPage, astray, sites_view, trail_of_map
from portal.organisations.lists import SITE_WORDS
from portal.security import current_actor
from portal.settings import Settings
from portal.statics import Statics
from registry.clock import today
from registry.errors import NotVisible
from registry.organisations.points import points_of, tally_sites
from reports.coverage.atlas import packed_name
from reports.coverage.boundaries import is_digest
from reports.coverage.choropleth import choropleth_svg
from reports.coverage.payload import site_columns
from reports.coverage.shell import map_shell
from reports.coverage.tiles import tiles_svg

FOR_GOOD = "private, max-age=31536000, immutable"
SCRIPTS = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "topojson": "vendor/topojson-client/topojson-client.min.js",
    "map": "js/map.js",
}
SHEETS = {"leaflet_css": "vendor/leaflet/leaflet.css"}


def page_answer() -> ResponseReturnValue:
    """The map, the table or the print."""
    page = page_of(asked_map())
    trail = trail_of_map(db.session(), page, current_actor())
    return render_page(
        f"map/{page.question.view}.html", view=page, trail=trail, words=WORDS, **WORDS, **drawing_of(page)
    )


def geometry_answer(name: str) -> ResponseReturnValue:
    """The areas of a map under the hash of their contents: asked for once. NotVisible for another name."""
    if not is_digest(name):
        raise NotVisible
    settings: Settings = current_app.extensions["settings"]
    file = geometry_file(settings.home, name)
    return packed_answer(file.read_bytes() if file.is_file() else made_geometry(name))


def sites_answer() -> ResponseReturnValue:
    """The points of the sites by column."""
    columns = site_columns(points_of(db.session(), asked_map().sites))
    return Response(
        json.dumps(columns, ensure_ascii=False, separators=(",", ":")), mimetype="application/json"
    )


def picture_answer() -> ResponseReturnValue:
    """The map as SVG; NotVisible where it would show nothing."""
    content = picture_of(draw(db.session(), asked_map(), atlas()))
    if not content:
        raise NotVisible
    return Response(content, mimetype="image/svg+xml")


def asked_map() -> MapAsked:
    """The question in the address."""
    return ask_map(request.args, actor=current_actor(), session=db.session(), today=today())


def page_of(question: MapAsked) -> MapPage:
    """The page with all that its template needs."""
    session, boundaries = db.session(), atlas()
    tallies = tally_sites(session, question.sites)
    total = sum(tally.drawn + tally.missing for tally in tallies)
    places = places_of(session, question.sites, current_actor().division_code)
    settings: Settings = current_app.extensions["settings"]
    drawn = draw(session, question, boundaries)
    if drawn.geometry:
        boundaries.packed(drawn.layer, drawn.names)
    return MapPage(
        question=question,
        drawn=drawn,
        tallies=tallies,
        astray=astray(session, question, boundaries),
        unreadable=boundaries.unreadable(),
        sites=sites_view(question, places, total, SITE_WORDS),
        approval=settings.map_approval,
    )


def drawing_of(page: MapPage) -> dict[str, Any]:
    """The map itself, as the view needs it: folium's frame for the screen, a picture for paper."""
    if page.question.view is MapView.MAP:
        return {"shell": shell_of_page()}
    if page.question.view is MapView.PRINT:
        return {"picture": Markup(picture_of(page.drawn))}  # noqa: S704  # our own elements, every text in them escaped
    return {}


def shell_of_page() -> dict[str, Markup]:
    """Folium's frame with the files of this installation."""
    statics: Statics = current_app.extensions["statics"]
    shell = map_shell(
        scripts={name: statics.url_of(path) for name, path in SCRIPTS.items()},
        sheets={name: statics.url_of(path) for name, path in SHEETS.items()},
        nonce=g.nonce,
    )
    return {"head": Markup(shell.head), "body": Markup(shell.body), "script": Markup(shell.script)}  # noqa: S704  # our own text: no data is in it


def picture_of(drawn: Drawn) -> str:
    """The map as SVG: areas, or tiles where there are none; empty where no share may be seen."""
    settings: Settings = current_app.extensions["settings"]
    if drawn.reading is None or not drawn.places:
        return ""
    if not drawn.on_layer:
        return tiles_svg(drawn.reading, gettext=gettext)
    return choropleth_svg(drawn.reading, drawn.layer, gettext=gettext, approval=settings.map_approval)


def made_geometry(name: str) -> bytes:
    """A file that another machine named: made here from the question; NotVisible where it has another name here."""
    boundaries = atlas()
    layer, names = geometry_of(db.session(), asked_map().asked, boundaries)
    if not layer.areas or packed_name(layer, names) != name:
        raise NotVisible
    return boundaries.packed(layer, names)


def packed_answer(packed: bytes) -> Response:
    """TopoJSON, packed for every browser that can unpack it."""
    can_unpack = request.accept_encodings.quality("gzip") > 0
    answer = Response(packed if can_unpack else gzip.decompress(packed), mimetype="application/json")
    if can_unpack:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer
