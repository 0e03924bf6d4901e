"""To-dos and notices: opened by a step for whoever may act next, closed by the step that answers them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import REGULATORS, Actor
from registry.access.models import Role
from registry.access.rules import RULES, Rule, roles_of
from registry.access.scopes import REACHES, Reach, Scope
from registry.actions import Action
from registry.clock import WorkingCalendar
from registry.errors import NotVisible, StepNotOpen
from registry.messages import N_, message
from registry.workflow.clocks import deadline
from registry.workflow.models import Todo
from registry.workflow.queries import todo_of
from registry.workflow_table import Occasion, Subject, Telling, Waiting, workflow_of


@dataclass(frozen=True)
class Addressee:
    """Whose inbox: a role in a place, or a role in one organisation."""

    role: Role
    division_code: str
    organisation_id: int | None = None


def addressees(action: Action, record: Any) -> list[Addressee]:
    """Everybody for whom the permission table opens the action on this record.

    A rule that holds anywhere makes nobody in particular responsible, so it addresses nobody.
    """
    reach, place = REACHES[type(record)], workflow_of(record).place_of(record)
    return [found for rule in RULES[action] for found in _addressees_of(rule, reach, record, place)]


def _addressees_of(rule: Rule, reach: Reach, record: Any, place: str) -> Iterator[Addressee]:
    roles = sorted(rule.roles)
    if rule.scope is Scope.SUBTREE:
        yield from (Addressee(role, code) for role in roles for code in reach.divisions_of(record))
    if rule.scope is Scope.OWN_ORGANISATION:
        yield from (
            Addressee(role, place, owner) for role in roles for owner in reach.organisations_of(record)
        )


def leave_todos(
    session: Session, record: Any, waiting: Waiting, occasion: Occasion, calendar: WorkingCalendar
) -> None:
    """Open what the step leaves to others, with its deadline in working days where the table names a term."""
    workflow = workflow_of(record)
    for addressee in addressees(waiting.action, record):
        todo = _todo(workflow.subject_of(record), addressee, waiting.title, occasion)
        if waiting.within is not None:
            due = deadline(session, waiting.within, workflow.place_of(record), occasion.on, calendar)
            todo.due_on, todo.is_estimated = due.on, due.is_estimated
        session.add(todo)


def tell(session: Session, record: Any, telling: Telling, occasion: Occasion) -> None:
    """Let the officers of another place know; they only read it."""
    place = telling.place_of(record)
    if place is None:
        return
    for role in REGULATORS.intersection(roles_of(telling.action)):
        todo = _todo(telling.about(record), Addressee(role, place), telling.title, occasion)
        todo.is_notice = True
        session.add(todo)


def close_todos(session: Session, subject: Subject, *, at: datetime) -> None:
    """The record moved on: whoever was waited for need not act any more. Notices stay until they are read."""
    session.execute(
        sa.update(Todo)
        .where(
            Todo.subject_type == subject.type,
            Todo.subject_id == subject.id,
            Todo.closed_at.is_(None),
            Todo.is_notice.is_(False),
        )
        .values(closed_at=at)
    )


def acknowledge(session: Session, code: str, *, actor: Actor, at: datetime) -> Todo:
    """A notice was read by one of those it was for."""
    todo = todo_of(session, actor, code)
    if todo is None:
        raise NotVisible
    if not todo.is_notice:
        raise StepNotOpen(message(N_("这是待办事项，请打开后办理。")))
    todo.closed_at = at
    return todo


def _todo(subject: Subject, addressee: Addressee, title: str, occasion: Occasion) -> Todo:
    return Todo(
        subject_type=subject.type,
        subject_id=subject.id,
        subject_code=subject.code,
        subject_name=subject.name,
        title=title,
        asked_by=occasion.actor_name,
        role=addressee.role,
        division_code=addressee.division_code,
        organisation_id=addressee.organisation_id,
        opened_at=occasion.at,
        is_estimated=False,
        is_notice=False,
    )
