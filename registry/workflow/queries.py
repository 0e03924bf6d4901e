"""What a record went through, what may happen to it next, and what waits for somebody."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.access.actors import Actor, Visitor
from registry.access.rules import may
from registry.divisions.codes import within
from registry.workflow.models import Todo, WorkflowStep
from registry.workflow_table import Transition, Workflow, workflow_of


def history(session: Session, record: Any) -> list[WorkflowStep]:
    """The steps that the record went through, first to last."""
    return list(session.scalars(_steps_of(workflow_of(record), record).order_by(WorkflowStep.id)))


def steps_of(session: Session, subject_type: str, subject_ids: Sequence[int]) -> list[WorkflowStep]:
    """The steps of several records of one kind, first to last: one statement for a page that shows many."""
    found = sa.select(WorkflowStep).where(
        WorkflowStep.subject_type == subject_type, WorkflowStep.subject_id.in_(subject_ids)
    )
    return list(session.scalars(found.order_by(WorkflowStep.id)))


def open_steps(session: Session, record: Any, actor: Actor) -> list[Transition]:
    """What the actor may do with the record now, in the order of the table: the buttons of its page."""
    workflow = workflow_of(record)
    return [
        transition
        for transition in workflow.leaving(record.state)
        if not transition.follows
        and may(actor, transition.action, record)
        and transition.barred_to(actor, record) is None
        and not took_step_last(session, workflow, record, transition.other_than, actor)
    ]


def took_step_last(
    session: Session, workflow: Workflow, record: Any, step: StrEnum | None, actor: Actor | Visitor
) -> bool:
    """Whether the actor was the last to take a step of a record: the maker, who may not be the checker.

    Whoever stands in for somebody counts as both.
    """
    if step is None:
        return False
    newest = (
        _steps_of(workflow, record).where(WorkflowStep.step == step).order_by(WorkflowStep.id.desc()).limit(1)
    )
    taken = session.scalar(newest)
    return taken is not None and bool(taken.people & actor.people)


def open_todos(session: Session, actor: Actor, *, limit: int | None = None) -> list[Todo]:
    """What waits for the actor: deadlines first, earliest first, then what has none, then notices."""
    order = (Todo.is_notice, Todo.due_on.is_(None), Todo.due_on, Todo.id)
    return list(session.scalars(sa.select(Todo).where(*_waits_for(actor)).order_by(*order).limit(limit)))


def todos_due(session: Session, actor: Actor, start: date, end: date) -> list[Todo]:
    """To-dos that are due for the actor from one day to another, both included, by deadline; no notices."""
    due = sa.select(Todo).where(
        *_waits_for(actor), Todo.is_notice.is_(False), Todo.due_on.between(start, end)
    )
    return list(session.scalars(due.order_by(Todo.due_on, Todo.id)))


def count_open_todos(session: Session, actor: Actor) -> int:
    """How many to-dos wait for the actor: the number that the inbox names, without what he only has to read."""
    return session.scalar(_count_of_open(actor, is_notice=False)) or 0


def count_open_notices(session: Session, actor: Actor) -> int:
    """How many notices and reminders the actor has not put away."""
    return session.scalar(_count_of_open(actor, is_notice=True)) or 0


@lru_cache(maxsize=512)
def _count_of_open(actor: Actor, *, is_notice: bool) -> sa.Select[int]:
    """Every page asks it, and putting it together costs more than the answer."""
    counted = sa.select(sa.func.count()).select_from(Todo)
    return counted.where(*_waits_for(actor), Todo.is_notice.is_(is_notice))


def todo_of(session: Session, actor: Actor, code: str) -> Todo | None:
    """One open to-do that waits for the actor."""
    return session.scalar(sa.select(Todo).where(Todo.code == code, *_waits_for(actor)))


def waiting_on(session: Session, record: Any) -> list[Todo]:
    """Who has the record now and until when; reminders of it are no further people."""
    subject = workflow_of(record).subject_of(record)
    statement = sa.select(Todo).where(
        Todo.subject_type == subject.type,
        Todo.subject_id == subject.id,
        Todo.closed_at.is_(None),
        Todo.reminds_id.is_(None),
    )
    return list(session.scalars(statement.order_by(Todo.id)))


def _steps_of(workflow: Workflow, record: Any) -> sa.Select[WorkflowStep]:
    return sa.select(WorkflowStep).where(
        WorkflowStep.subject_type == workflow.subject_type, WorkflowStep.subject_id == record.id
    )


def _waits_for(actor: Actor) -> Iterable[ColumnElement[bool]]:
    of_the_place = sa.and_(Todo.organisation_id.is_(None), within(Todo.division_code, actor.division_code))
    own = sa.false() if actor.organisation_id is None else Todo.organisation_id == actor.organisation_id
    return Todo.closed_at.is_(None), Todo.role == actor.role, sa.or_(of_the_place, own)
