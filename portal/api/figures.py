"""`GET /api/v1/figures/<code>?division=&on=&by=&rule=&basis=`: a reading with its parts."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.extensions import db
from portal.figures.asking import ask
from portal.security import allowed, current_actor
from registry.actions import Action
from registry.clock import today
from reports.figures.contract import reading_as_json
from reports.figures.readings import share

bp = Blueprint("api_figures", __name__, url_prefix="/api/v1/figures")


@bp.get("/<code>")
@allowed(Action.FIGURE_SEE)
def show(code: str) -> ResponseReturnValue:
    """An unchanged reading is answered with 304."""
    session = db.session()
    asked = ask(request.args, code=code, actor=current_actor(), session=session, today=today())
    reading = share(
        session,
        asked.figure,
        division=asked.division,
        on=asked.on,
        rule=asked.rule,
        by=asked.by,
        basis=asked.basis,
    )
    answer = jsonify(reading_as_json(reading, rest_name=gettext("未划入以上区划")))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
