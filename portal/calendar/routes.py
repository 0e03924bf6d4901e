"""/calendar: what is due for the reader, by month, and his private address for calendar programs."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.own import this_stay
from portal.calendar.months import month_named, month_of
from portal.extensions import db
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail, public
from registry.access.models import Position
from registry.access.rules import may
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import NotAllowed, NotVisible
from registry.workflow.clocks import closing
from registry.workflow.feeds import end_feed, feed_of, make_feed, reader_of
from registry.workflow.models import Todo
from registry.workflow.queries import open_todos
from reports.icalendar import MEDIA_TYPE, Event, calendar_of

bp = Blueprint("calendar", __name__, url_prefix="/calendar")

SHOWN_BEFORE = timedelta(minutes=30)
"""A deadline is an instant; a calendar shows the half hour that ends with it."""


@bp.get("")
@allowed(Action.INBOX_SEE)
def show() -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), utc_now()
    position = own_position()
    return render_page(
        "calendar/show.html",
        month=month_of(session, actor, month_named(request.args.get("month", ""), today(now)), now),
        feed=feed_of(session, position) if position else None,
        has_own_position=position is not None,
        may_publish=may(actor, Action.CALENDAR_CHANGE),
    )


@bp.post("/feed")
@allowed(Action.INBOX_SEE)
def make() -> ResponseReturnValue:
    token = make_feed(db.session(), required_position(), at=utc_now(), trail=current_trail())
    db.session.commit()
    address = url_for(".feed", token=token, _external=True)
    return render_page("calendar/feed.html", address=address)


@bp.post("/feed/end")
@allowed(Action.INBOX_SEE)
def end() -> ResponseReturnValue:
    was_there = end_feed(db.session(), required_position(), at=utc_now(), trail=current_trail())
    db.session.commit()
    flash(_("订阅地址已停用。") if was_there else _("没有在用的订阅地址。"))
    return redirect(url_for(".show"), code=303)


@bp.get("/feed/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    session = db.session()
    reader = reader_of(session, token, on=today())
    if reader is None:
        raise NotVisible
    events = [
        event_of(todo, todo.due_at or closing(session, todo.division_code, todo.due_on))
        for todo in open_todos(session, reader)
        if todo.due_on is not None and not todo.is_notice
    ]
    return Response(calendar_of(_("办理期限"), events), content_type=MEDIA_TYPE)


def event_of(todo: Todo, due_at: datetime) -> Event:
    """A to-do without the name of anybody or anything: its title and the public code of its subject."""
    words = {"title": _(todo.title), "code": todo.subject_code}
    summary = _("%(title)s（%(code)s）", **words)
    return Event(
        uid=f"{todo.code}@jingkangtong",
        stamp=todo.opened_at,
        start=due_at - SHOWN_BEFORE,
        end=due_at,
        summary=_("%(summary)s（估计）", summary=summary) if todo.is_estimated else summary,
        description=_("请登录后在“待办”中办理。"),
    )


def own_position() -> Position | None:
    """The position in which the reader acts; None where he only stands in for somebody."""
    return None if current_actor().principal is not None else this_stay().position


def required_position() -> Position:
    """An address is its holder's own: NotAllowed for whoever stands in."""
    position = own_position()
    if position is None:
        raise NotAllowed
    return position
