"""A record that a succession moves or ends: its history, and what waits for somebody, without a step of its table.

Nobody takes a step on the record itself, so no permission of it is asked: whoever records the succession may do so.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.organisations.passing import Passage
from registry.workflow.models import Clock, Todo, WorkflowStep
from registry.workflow.todos import close_todos
from registry.workflow_table import Subject, workflow_of

SUCCEED, GIVE_BACK = "succeed", "give_back"
Waiting = dict[str, list[int]]
"""Keys of what waited: to-dos and clocks."""


def write_down(session: Session, record: Any, step: str, left: str, passage: Passage) -> None:
    """One line of history: `left` is the state before."""
    session.add(
        WorkflowStep(
            subject_type=workflow_of(record).subject_type,
            subject_id=record.id,
            step=step,
            from_state=left,
            to_state=record.state,
            actor_code=passage.by_code,
            actor_name=passage.by_name,
            at=passage.at,
            reason=passage.document,
        )
    )


def shelve(session: Session, record: Any, passage: Passage) -> Waiting:
    """Whoever was waited for need not act any more; gives back what waited."""
    subject = workflow_of(record).subject_of(record)
    waited = {
        "todos": _open(session, Todo, subject),
        "clocks": _open(session, Clock, subject),
    }
    close_todos(session, subject, at=passage.at)
    still_open = set(_open(session, Todo, subject))
    return waited | {"todos": [key for key in waited["todos"] if key not in still_open]}


def take_up(session: Session, waited: Waiting) -> None:
    """What waited waits again, with the terms that it had."""
    for model, key in ((Todo, "todos"), (Clock, "clocks")):
        session.execute(sa.update(model).where(model.id.in_(waited[key])).values(closed_at=None))


def readdress(session: Session, record: Any, organisation_id: int) -> list[int]:
    """What waits for an organisation waits for another one; the keys of the to-dos."""
    subject = workflow_of(record).subject_of(record)
    found = sa.select(Todo).where(
        Todo.subject_type == subject.type,
        Todo.subject_id == subject.id,
        Todo.closed_at.is_(None),
        Todo.organisation_id.is_not(None),
    )
    todos = session.scalars(found).all()
    for todo in todos:
        todo.organisation_id = organisation_id
    return [todo.id for todo in todos]


def readdress_back(session: Session, todos: list[int], organisation_id: int) -> None:
    """Undo: they wait for the first one again."""
    session.execute(sa.update(Todo).where(Todo.id.in_(todos)).values(organisation_id=organisation_id))


def _open(session: Session, model: Any, subject: Subject) -> list[int]:
    found = sa.select(model.id).where(
        model.subject_type == subject.type, model.subject_id == subject.id, model.closed_at.is_(None)
    )
    return list(session.scalars(found.order_by(model.id)))
