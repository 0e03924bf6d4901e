"""/inbox: what waits for whoever is signed in, and the button that puts a notice away."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.drafts.unfinished import draft_rows
from portal.extensions import db
from portal.formatting import number, word
from portal.htmx import render_page
from portal.preferences import has_keys
from portal.security import allowed, current_actor
from portal.workflow.inbox import InboxRow, inbox_rows
from registry.actions import Action
from registry.clock import utc_now
from registry.workflow.clocks import Urgency
from registry.workflow.todos import acknowledge

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


class Choice(NamedTuple):
    """One urgency with how many rows it leaves, their address, and whether it is chosen."""

    label: str
    url: str
    is_current: bool


@bp.get("")
@allowed(Action.INBOX_SEE)
def index() -> ResponseReturnValue:
    rows, asked = inbox_rows(db.session(), current_actor(), utc_now()), asked_urgency()
    todos = [row for row in rows if not row.is_notice]
    return render_page(
        "inbox/index.html",
        todos=[row for row in todos if asked in (None, row.urgency)],
        notices=[row for row in rows if row.is_notice and not row.is_repeated and asked is None],
        repeated=[row for row in rows if row.is_repeated and asked is None],
        choices=choices(todos, asked),
        asked=asked,
        total=len(todos),
        drafts=draft_rows(db.session(), current_actor()) if asked is None else [],
        has_keys=has_keys(),
    )


def asked_urgency() -> Urgency | None:
    """What the address narrows the list to; all of it where it names no urgency."""
    typed = request.args.get("urgency", "")
    return Urgency(typed) if typed in {one.value for one in Urgency} else None


def choices(todos: Sequence[InboxRow], asked: Urgency | None) -> list[Choice]:
    """All, and each urgency with the number of its rows."""
    counts = {one: sum(row.urgency is one for row in todos) for one in Urgency}
    every = Choice(_("全部 %(count)s", count=number(len(todos))), url_for(".index"), asked is None)
    return [every, *(_choice(one, count, asked) for one, count in counts.items())]


def _choice(one: Urgency, count: int, asked: Urgency | None) -> Choice:
    label = f"{word(one)} {number(count)}"
    return Choice(label, url_for(".index", urgency=one.value), one is asked)


@bp.post("/<code:code>/read")
@allowed(Action.INBOX_SEE)
def read(code: str) -> ResponseReturnValue:
    notice = acknowledge(db.session(), code, actor=current_actor(), at=utc_now())
    db.session.commit()
    flash(_("已阅：%(subject)s。", subject=notice.subject_name))
    return redirect(url_for(".index"), code=303)
