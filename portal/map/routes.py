"""`/map`: the map, the same as a table and on paper; its areas, its sites and its picture as files.

Geometry libraries take most of a second to load: they are loaded with the first map, not with the portal.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.security import allowed
from registry.actions import Action

bp = Blueprint("map", __name__, url_prefix="/map")


@bp.get("")
@allowed(Action.MAP_SEE)
def show() -> ResponseReturnValue:
    from portal.map.answers import page_answer

    return page_answer()


@bp.get("/geometry/<name>.topojson")
@allowed(Action.MAP_SEE)
def geometry(name: str) -> ResponseReturnValue:
    from portal.map.answers import geometry_answer

    return geometry_answer(name)


@bp.get("/sites.json")
@allowed(Action.MAP_SEE)
def sites() -> ResponseReturnValue:
    from portal.map.answers import sites_answer

    return sites_answer()


@bp.get("/picture.svg")
@allowed(Action.MAP_SEE)
def picture() -> ResponseReturnValue:
    from portal.map.answers import picture_answer

    return picture_answer()
