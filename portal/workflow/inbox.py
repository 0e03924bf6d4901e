"""To-dos as the inbox and the home page show them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import may
from registry.clock import WorkingCalendar, today
from registry.policy.queries import working_calendar
from registry.workflow.clocks import Urgency, urgency_of
from registry.workflow.models import Todo
from registry.workflow.queries import open_todos
from registry.workflow_table import WORKFLOWS

PAGES: dict[str, tuple[str, str]] = {
    "address_change": ("address_changes.show", "address_change"),
    "person_merge": ("merges.show", "person_merge"),
    "education": ("education.show", "education"),
    "major_change": ("major_changes.show", "major_change"),
    "certificate": ("practitioners.show", "practitioner"),
    "certificate_reminder": ("certificates.show", "certificate_reminder"),
    "appointment": ("appointments.show", "appointment"),
    "service_report": ("service_reports.show", "service_report"),
    "provider_entry": ("provider_entries.show", "provider_entry"),
    "station_filing": ("station_filings.show", "station_filing"),
    "release": ("releases.show", "release"),
    "handover": ("handovers.show", "handover"),
    "department_task": ("tasks.show", "department_task"),
    "dossier": ("dossiers.show", "dossier"),
    "dossier_remark": ("dossiers.show_remark", "dossier_remark"),
    "inspection": ("inspections.show", "inspection"),
    "enquiry": ("enquiries.show", "enquiry"),
    "site": ("sites.show", "site"),
    "intake_run": ("intake.show", "intake_run"),
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
    due_at: datetime | None
    is_estimated: bool
    urgency: Urgency
    kind: str
    left: str
    """How much time is left, in working days."""
    is_notice: bool
    is_reminder: bool = False
    """Of something that waits."""
    is_by_night: bool = False
    """Made at night, by nobody."""
    is_repeated: bool = False
    """A reminder of what waits in the same inbox: the page need not say it twice at once."""


def inbox_rows(session: Session, actor: Actor, now: datetime, *, limit: int | None = None) -> list[InboxRow]:
    """What waits for the actor, the most urgent first."""
    calendar = working_calendar(session)
    todos = open_todos(session, actor, limit=limit)
    waiting = {todo.id for todo in todos}
    return [
        replace(row_of(todo, actor, now, calendar), is_repeated=todo.reminds_id in waiting) for todo in todos
    ]


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


def left_of(todo: Todo, how_urgent: Urgency, today: date, calendar: WorkingCalendar) -> str:
    """The same of a to-do, to the minute."""
    if how_urgent is Urgency.OVERDUE and todo.due_on == today:
        return str(_("已过今天的截止时刻"))
    return time_left(todo.due_on, today, calendar)


def title_of(todo: Todo) -> str:
    """What is to be done, or of what a notice reminds."""
    title = str(_(todo.title))
    if todo.milestone is None:
        return title
    if todo.milestone < 0:
        return str(_("下级逾期：%(title)s", title=title))
    return str(_("到期提醒：%(title)s", title=title))


def _address_of(todo: Todo, actor: Actor) -> str:
    """Empty where what it speaks of has no page, or none for this reader: the level above may only be told."""
    return page_of_subject(todo.subject_type, todo.subject_code) if _may_see(todo, actor) else ""


def page_of_subject(subject_type: str, code: str) -> str:
    """Where a subject is shown; empty where it has no page."""
    if subject_type not in PAGES:
        return ""
    endpoint, argument = PAGES[subject_type]
    values: dict[str, Any] = {argument: code}
    return url_for(endpoint, **values)


def _may_see(todo: Todo, actor: Actor) -> bool:
    workflow = next((one for one in WORKFLOWS.values() if one.subject_type == todo.subject_type), None)
    return workflow is None or may(actor, workflow.see)


def row_of(todo: Todo, actor: Actor, now: datetime, calendar: WorkingCalendar) -> InboxRow:
    """One line."""
    how_urgent = urgency_of(todo, now)
    return InboxRow(
        code=todo.code,
        title=title_of(todo),
        subject=todo.subject_name,
        url=_address_of(todo, actor),
        asked_by=todo.asked_by,
        opened_at=todo.opened_at,
        due_on=todo.due_on,
        due_at=todo.due_at,
        is_estimated=todo.is_estimated,
        urgency=how_urgent,
        kind=KINDS[how_urgent],
        left=left_of(todo, how_urgent, today(now), calendar),
        is_notice=todo.is_notice,
        is_reminder=todo.milestone is not None,
        is_by_night=todo.milestone is not None or not todo.asked_by,
    )
