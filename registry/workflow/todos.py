"""To-dos and notices: opened by a step for whoever may act next, closed by the step that answers them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.models import Position
from registry.access.positions import held
from registry.access.roles import REGULATORS, Role
from registry.access.rules import RULES, Rule, roles_of
from registry.access.scopes import REACHES, Reach, Scope
from registry.actions import Action
from registry.clock import WorkingCalendar
from registry.divisions.codes import ancestors
from registry.errors import NotVisible, RequirementUnmet, StepNotOpen
from registry.messages import N_, message
from registry.workflow.clocks import Due, closing, due_of, stop_clocks, wind
from registry.workflow.models import Clock, Todo
from registry.workflow.queries import todo_of
from registry.workflow_table import Desk, Occasion, Subject, Telling, Transition, Waiting, workflow_of

LEVELS = (Role.STREET, Role.DISTRICT, Role.CITY, Role.PROVINCE)
"""Civil affairs from below."""


def addressees(action: Action, record: Any) -> list[Desk]:
    """Everybody for whom the permission table opens the action on this record.

    A rule that holds anywhere makes nobody in particular responsible, so it addresses nobody.
    """
    reach, place = REACHES[type(record)], workflow_of(record).place_of(record)
    return [found for rule in RULES[action] for found in _addressees_of(rule, reach, record, place)]


def _addressees_of(rule: Rule, reach: Reach, record: Any, place: str) -> Iterator[Desk]:
    roles = sorted(rule.roles)
    if rule.scope is Scope.SUBTREE:
        yield from (Desk(role, code) for role in roles for code in reach.divisions_of(record))
    if rule.scope is Scope.OWN_ORGANISATION:
        yield from (Desk(role, place, owner) for role in roles for owner in reach.organisations_of(record))


def leave_todos(
    session: Session, record: Any, waiting: Waiting, occasion: Occasion, calendar: WorkingCalendar
) -> None:
    """Open what the step leaves to others, with its deadline in working days where the table names a term."""
    workflow = workflow_of(record)
    subject, place = workflow.subject_of(record), workflow.place_of(record)
    addressees_of_step = _waited_for(session, record, waiting, occasion.on)
    clock = _clock(session, subject, waiting, place, occasion.at, calendar)
    due = _due(session, record, waiting, clock, calendar)
    for addressee in addressees_of_step:
        todo = todo_for(subject, addressee, waiting.title, asked_by=occasion.actor.name, at=occasion.at)
        todo.clock = clock
        set_due(todo, due)
        session.add(todo)


def _clock(
    session: Session,
    subject: Subject,
    waiting: Waiting,
    place: str,
    at: datetime,
    calendar: WorkingCalendar,
) -> Clock | None:
    if waiting.within is None:
        return None
    return wind(session, subject, waiting.within, place, at, calendar, goes_on=waiting.goes_on)


def _due(
    session: Session, record: Any, waiting: Waiting, clock: Clock | None, calendar: WorkingCalendar
) -> Due | None:
    """The end of the clock, or the day that the record itself names."""
    place = workflow_of(record).place_of(record)
    if clock is not None:
        return due_of(session, clock, place, calendar)
    on = waiting.until(record) if waiting.until is not None else None
    return Due(on, closing(session, place, on), is_estimated=False) if on is not None else None


def set_due(todo: Todo, due: Due | None) -> None:
    """Until when somebody is waited for."""
    if due is not None:
        todo.due_on, todo.due_at, todo.is_estimated = due.on, due.at, due.is_estimated


def _waited_for(session: Session, record: Any, waiting: Waiting, on: date) -> list[Desk]:
    """Whom the table names; where a next step has bars, only those among whom somebody passes them."""
    if waiting.desk_of is not None:
        return [waiting.desk_of(record)]
    found, workflow = addressees(waiting.action, record), workflow_of(record)
    barred = [step for step in workflow.leaving(record.state) if step.bars and step.action is waiting.action]
    if not barred:
        return [min(found, key=_height)] if waiting.nearest and found else _manned(session, found, on)
    open_to = [one for one in found if _has_somebody(session, one, record, barred, on)]
    if not waiting.nearest:
        return open_to
    if not open_to:
        raise RequirementUnmet(message(N_("目前没有第二个人可以复核此事，请先联系上一级安全管理员。")))
    return [min(open_to, key=_height)]


def _manned(session: Session, desks: list[Desk], on: date) -> list[Desk]:
    """Of the roles that an organisation may have, those that somebody holds there; all of them where nobody does.

    An institution that also runs a station has often nobody in one of the two roles: one matter is one to-do.
    """
    of_organisations = [desk.organisation_id for desk in desks if desk.organisation_id is not None]
    twice = {one for one in of_organisations if of_organisations.count(one) > 1}
    if not twice:
        return desks
    positions = sa.select(Position.organisation_id, Position.role).where(
        held(on), Position.organisation_id.in_(twice)
    )
    filled = {(organisation_id, role) for organisation_id, role in session.execute(positions)}
    manned = {organisation_id for organisation_id, _role in filled}
    return [
        desk
        for desk in desks
        if desk.organisation_id not in twice & manned or (desk.organisation_id, desk.role) in filled
    ]


def _height(addressee: Desk) -> int:
    return LEVELS.index(addressee.role) if addressee.role in LEVELS else 0


def _has_somebody(
    session: Session, addressee: Desk, record: Any, steps: Sequence[Transition], on: date
) -> bool:
    """Whether somebody holds a position there in which he could take one of the steps."""
    reaching = (*ancestors(addressee.division_code), addressee.division_code)
    of_organisation = Position.organisation_id == addressee.organisation_id
    of_place = sa.and_(Position.organisation_id.is_(None), Position.division_code.in_(reaching))
    place = of_place if addressee.organisation_id is None else of_organisation
    held_there = sa.select(Position).where(held(on), Position.role == addressee.role, place)
    people = session.scalars(held_there.options(joinedload(Position.account)))
    return any(step.barred_to(Actor.of(one), record) is None for one in people for step in steps)


def tell(session: Session, record: Any, telling: Telling, occasion: Occasion) -> None:
    """Let others know; they only read it."""
    subject = telling.about(record) if telling.about else workflow_of(record).subject_of(record)
    for desk in _told(record, telling):
        todo = todo_for(subject, desk, telling.title, asked_by=occasion.actor.name, at=occasion.at)
        todo.is_notice = True
        session.add(todo)


def _told(record: Any, telling: Telling) -> list[Desk]:
    if telling.desk_of is not None:
        return [telling.desk_of(record)]
    if telling.place_of is None:
        return addressees(telling.action, record)
    place = telling.place_of(record)
    roles = REGULATORS.intersection(roles_of(telling.action)) if place is not None else ()
    return [Desk(role, place) for role in roles if place is not None]


def close_todos(
    session: Session,
    subject: Subject,
    *,
    at: datetime,
    pausing: str | None = None,
    resuming: str | None = None,
) -> None:
    """The record moved on: whoever was waited for need not act any more, and its clocks stop.

    Notices stay until they are read, but for those that remind of what was waited for. `pausing` names the term that
    only stands still, `resuming` the one that goes on if it stood still.
    """
    asks_or_reminds = sa.or_(Todo.is_notice.is_(False), Todo.reminds_id.is_not(None))
    session.execute(
        sa.update(Todo)
        .where(
            Todo.subject_type == subject.type,
            Todo.subject_id == subject.id,
            Todo.closed_at.is_(None),
            asks_or_reminds,
        )
        .values(closed_at=at)
    )
    stop_clocks(session, subject, at=at, pausing=pausing, resuming=resuming)


def acknowledge(session: Session, code: str, *, actor: Actor, at: datetime) -> Todo:
    """A notice was read by one of those it was for."""
    todo = todo_of(session, actor, code)
    if todo is None:
        raise NotVisible
    if not todo.is_notice:
        raise StepNotOpen(message(N_("这是待办事项，请打开后办理。")))
    todo.closed_at = at
    return todo


def todo_for(subject: Subject, addressee: Desk, title: str, *, asked_by: str, at: datetime) -> Todo:
    """One line in one inbox, in no session yet; `asked_by` is empty where a night asks, and nobody."""
    return Todo(
        subject_type=subject.type,
        subject_id=subject.id,
        subject_code=subject.code,
        subject_name=subject.name,
        title=title,
        asked_by=asked_by,
        role=addressee.role,
        division_code=addressee.division_code,
        organisation_id=addressee.organisation_id,
        opened_at=at,
        is_estimated=False,
        is_notice=False,
    )
