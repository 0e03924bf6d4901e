"""The days in which an organisation may state and defend its case: when they end, and what becomes of them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.clock import SHANGHAI
from registry.errors import RequirementUnmet
from registry.inspections.models import Inspection
from registry.messages import N_, message
from registry.policy.queries import working_calendar
from registry.workflow.clocks import MIDNIGHT, Due, closing, due_if_begun, due_of_term
from registry.workflow.models import Todo
from registry.workflow_table import workflow_of

DEFEND_WORKDAYS = "inspection.defend_workdays"
"""Policy parameter: working days within which the provider may state and defend its case."""
DEFENCE = N_("对检查结果有异议的，在期限内陈述申辩")
"""What waits in the inbox of the organisation."""


def defence_begun(session: Session, inspection: Inspection, at: datetime) -> date:
    """The last day that a notice names which is given at an instant."""
    calendar = working_calendar(session)
    return due_if_begun(session, DEFEND_WORKDAYS, inspection.division_code, at, calendar).on


def last_of_defence(session: Session, inspection: Inspection) -> Due | None:
    """When the days end, by the clock; by the notice where it was given before there was one."""
    subject, place = workflow_of(inspection).subject_of(inspection), inspection.division_code
    due = due_of_term(session, subject, DEFEND_WORKDAYS, place, working_calendar(session))
    if due is not None or inspection.defend_by is None:
        return due
    return Due(inspection.defend_by, closing(session, place, inspection.defend_by), is_estimated=False)


def refuse_late_defence(session: Session, inspection: Inspection, at: datetime) -> None:
    """RequirementUnmet after the last day: then there is the rectification report to say it in."""
    due = last_of_defence(session, inspection)
    if due is not None and at > due.at:
        sentence = N_("陈述申辩的期限到%(day)s为止，已经过了。情况可以写在整改报告里。")
        raise RequirementUnmet(message(sentence, day=_said(due)))


def lapse_defences(session: Session, *, on: date, at: datetime) -> int:
    """To state one's case is a right and no duty: what nobody used by the end of a day waits no longer.

    How many inboxes it left. The caller commits.
    """
    unused = sa.select(Todo.id).where(
        Todo.subject_type == Inspection.__tablename__,
        Todo.title == DEFENCE,
        Todo.closed_at.is_(None),
        Todo.is_notice.is_(False),
        Todo.due_on <= on,
    )
    keys = list(session.scalars(unused))
    theirs = sa.or_(Todo.id.in_(keys), sa.and_(Todo.reminds_id.in_(keys), Todo.closed_at.is_(None)))
    session.execute(sa.update(Todo).where(theirs).values(closed_at=at))
    return len(keys)


def _said(due: Due) -> str:
    """The day, with the hour where a working day has one."""
    ends = due.at.astimezone(SHANGHAI)
    return due.on.isoformat() if ends.time() == MIDNIGHT else ends.strftime("%Y-%m-%d %H:%M")
