"""The pages that families read: which places there are, how to call them, how to apply."""

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from portal.days import printable
from portal.extensions import db
from portal.public.areas import Area, area_of, moved_to
from portal.public.cards import cards_of
from portal.public.frame import public_url, render_public
from portal.public.keeping import kept_for_everyone
from portal.public.leaflets import leaflet_of, pdf_of
from portal.security import public
from registry.clock import today
from registry.directory.area_names import LONGEST, areas_called
from registry.directory.places import place_by_code, places_in
from registry.directory.search import search_places
from registry.divisions.codes import NATION
from registry.errors import NotVisible
from registry.organisations.address_change_queries import district_of, place_names

bp = Blueprint("public", __name__, url_prefix="/public")

MOST_INSTEAD = 5
"""Places that the page of one that does not serve leads to."""


@bp.get("/")
@public
@kept_for_everyone
def index() -> ResponseReturnValue:
    area = area_of(db.session(), NATION, today())
    return render_public("public/index.html", area=area)


@bp.get("/areas/<area>")
@public
@kept_for_everyone
def area(area: str) -> ResponseReturnValue:
    current = moved_to(db.session(), area, today())
    if current != area:
        return redirect(public_url("public.area", area=current), code=303)
    found = area_of(db.session(), area, today())
    return render_public("public/area.html", place=area, **_shown(found))


@bp.get("/places/<code:code>")
@public
@kept_for_everyone
def place(code: str) -> ResponseReturnValue:
    session, on = db.session(), today()
    found = place_by_code(session, code, on)
    if found is None:
        raise NotVisible
    located = found.site.located_code
    (card,) = cards_of(session, [found])
    instead = [] if card.is_open else _instead_of(located)
    return render_public(
        "public/place.html", place=located, card=card, instead=instead, district=district_of(located)
    )


@bp.get("/search")
@public
@kept_for_everyone
def find() -> ResponseReturnValue:
    typed = request.args.get("q", "").strip()
    session, on = db.session(), today()
    found = search_places(session, typed, on)
    areas = areas_called(session, typed, on)
    names = place_names(session, areas)
    return render_public(
        "public/search.html",
        typed=printable(typed)[:LONGEST],
        found=found,
        cards=cards_of(session, found.places),
        areas=[(code, names[code]) for code in areas],
    )


@bp.get("/how-to-apply")
@public
@kept_for_everyone
def apply() -> ResponseReturnValue:
    return render_public("public/apply.html")


@bp.get("/map/<area>")
@public
@kept_for_everyone
def map_page(area: str) -> ResponseReturnValue:
    session, on = db.session(), today()
    current = moved_to(session, area, on)[:6]
    if current != area:
        return redirect(public_url("public.map_page", area=current), code=303)
    found = area_of(session, area, on)
    places = places_in(session, area, on) if len(area) == 6 else ()
    from portal.public.drawing import map_of  # geometry is loaded where a map is drawn

    drawn = map_of(session, found, places)
    return render_public(
        "public/map.html", place=area, area=found, drawn=drawn, cards=cards_of(session, places)
    )


@bp.get("/leaflets/<area>.pdf")
@public
@kept_for_everyone
def leaflet(area: str) -> ResponseReturnValue:
    session, on = db.session(), today()
    found = area_of(session, area, on)
    if not found.is_street:
        raise NotVisible
    return pdf_of(leaflet_of(session, found, on))


def _shown(found: Area) -> dict[str, Any]:
    session = db.session()
    return {
        "area": found,
        "cards": cards_of(session, found.places),
        "elsewhere": cards_of(session, found.elsewhere),
    }


def _instead_of(located: str) -> list[Any]:
    """Where to turn instead: the same street, else the district."""
    session, on = db.session(), today()
    for code in (located[:9], located[:6], located[:4]):
        near = places_in(session, code, on, most=MOST_INSTEAD)
        if near:
            return cards_of(session, near)
    return []
