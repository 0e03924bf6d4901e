"""To-dos as the inbox and the home page show them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.clock import WorkingCalendar
from registry.policy.queries import working_calendar
from registry.workflow.clocks import Urgency, urgency
from registry.workflow.models import Todo
from registry.workflow.queries import open_todos

PAGES: dict[str, tuple[str, str]] = {
    "address_change": ("address_changes.show", "address_change"),
    "site": ("sites.show", "site"),
}
"""Where a subject is shown: the endpoint and the name of its argument."""

KINDS = {
    Urgency.OVERDUE: "late",
    Urgency.TODAY: "active",
    Urgency.SOON: "waiting",
    Urgency.LATER: "draft",
    Urgency.NONE: "draft",
}
"""The shape and colour that stand beside the word."""


@dataclass(frozen=True)
class InboxRow:
    """One to-do or notice."""

    code: str
    title: str
    subject: str
    url: str
    asked_by: str
    opened_at: datetime
    due_on: date | None
    is_estimated: bool
    urgency: Urgency
    kind: str
    left: str
    """How much time is left, in working days."""
    is_notice: bool


def inbox_rows(session: Session, actor: Actor, today: date, *, limit: int | None = None) -> list[InboxRow]:
    """What waits for the actor, the most urgent first."""
    calendar = working_calendar(session)
    return [_row(todo, today, calendar) for todo in open_todos(session, actor, limit=limit)]


def time_left(due_on: date | None, today: date, calendar: WorkingCalendar) -> str:
    """剩 5 个工作日, 今天到期, 已逾期 2 个工作日; nothing where there is no deadline."""
    if due_on is None:
        return ""
    days = calendar.working_days_between(today, due_on)
    if due_on == today:
        return str(_("今天到期"))
    if due_on < today:
        return str(ngettext("已逾期 %(num)s 个工作日", "已逾期 %(num)s 个工作日", -days))
    return str(ngettext("剩 %(num)s 个工作日", "剩 %(num)s 个工作日", days))


def _address_of(todo: Todo) -> str:
    endpoint, argument = PAGES[todo.subject_type]
    values: dict[str, Any] = {argument: todo.subject_code}
    return url_for(endpoint, **values)


def _row(todo: Todo, today: date, calendar: WorkingCalendar) -> InboxRow:
    how_urgent = urgency(todo.due_on, today)
    return InboxRow(
        code=todo.code,
        title=str(_(todo.title)),
        subject=todo.subject_name,
        url=_address_of(todo),
        asked_by=todo.asked_by,
        opened_at=todo.opened_at,
        due_on=todo.due_on,
        is_estimated=todo.is_estimated,
        urgency=how_urgent,
        kind=KINDS[how_urgent],
        left=time_left(todo.due_on, today, calendar),
        is_notice=todo.is_notice,
    )
