"""The home page: what waits for whoever is signed in, how his place stands to the target, what wants attention."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.drafts.unfinished import draft_rows
from portal.extensions import db
from portal.figures.speaking import WORDS
from portal.handovers.views import lists_at_home
from portal.home.attention import Desk, matters, overview
from portal.home.greeting import greeting
from portal.home.services import today_of
from portal.home.standing import standing
from portal.htmx import render_page
from portal.security import allowed, current_actor
from portal.workflow.inbox import inbox_rows
from registry.access.alarms import recent_alarms
from registry.access.roles import ADMINISTRATORS
from registry.access.rules import may
from registry.actions import Action
from registry.clock import today, utc_now
from registry.policy.queries import working_calendar
from registry.workflow.queries import count_open_notices, count_open_todos

SHOWN_TODOS = 5

bp = Blueprint("home", __name__)


@bp.get("/")
@allowed(Action.HOME_SEE)
def show() -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), utc_now()
    on, calendar = today(now), working_calendar(session)
    if actor.role in ADMINISTRATORS:
        return render_page(
            "home/system.html",
            greeting=greeting(now, calendar),
            on=on,
            todos=inbox_rows(session, actor, now, limit=SHOWN_TODOS) if may(actor, Action.INBOX_SEE) else [],
            waiting=count_open_todos(session, actor),
            notices=count_open_notices(session, actor),
            alarms=recent_alarms(session, at=now) if may(actor, Action.ALARM_SEE) else None,
        )
    desk, stand = Desk(session, actor, on), standing(session, actor, on)
    return render_page(
        "home/show.html",
        greeting=greeting(now, calendar),
        on=on,
        todos=inbox_rows(session, actor, now, limit=SHOWN_TODOS),
        handed_over=lists_at_home(session, actor),
        waiting=count_open_todos(session, actor),
        notices=count_open_notices(session, actor),
        drafts=draft_rows(session, actor),
        today=today_of(session, actor, on),
        matters=matters(desk, stand.missed if stand else None),
        overview=overview(desk),
        standing=stand,
        words=WORDS,
    )
