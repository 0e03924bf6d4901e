"""The home page."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.htmx import render_page
from portal.security import allowed
from registry.actions import Action

bp = Blueprint("home", __name__)


@bp.get("/")
@allowed(Action.HOME_SEE)
def show() -> ResponseReturnValue:
    return render_page("home/show.html")
