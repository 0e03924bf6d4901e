"""Whether the portal answers: for the machine in front of it."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from portal.extensions import db
from portal.security import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def show() -> Response:
    """200 when the database answers too."""
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")
