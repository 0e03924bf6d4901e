"""/inbox: what waits for whoever is signed in, and the button that puts a notice away."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.htmx import render_page
from portal.security import allowed, current_actor
from portal.workflow.inbox import inbox_rows
from registry.actions import Action
from registry.clock import today, utc_now
from registry.workflow.todos import acknowledge

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


@bp.get("")
@allowed(Action.INBOX_SEE)
def index() -> ResponseReturnValue:
    rows = inbox_rows(db.session(), current_actor(), today())
    return render_page(
        "inbox/index.html",
        todos=[row for row in rows if not row.is_notice],
        notices=[row for row in rows if row.is_notice],
    )


@bp.post("/<code:code>/read")
@allowed(Action.INBOX_SEE)
def read(code: str) -> ResponseReturnValue:
    notice = acknowledge(db.session(), code, actor=current_actor(), at=utc_now())
    db.session.commit()
    flash(_("已阅：%(subject)s。", subject=notice.subject_name))
    return redirect(url_for(".index"), code=303)
