"""What somebody leaves open in a position, who stands beside him, and whether anything would be left to nobody."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.models import Account, Position
from registry.access.positions import held
from registry.divisions.codes import within
from registry.handovers.belongings import BELONGINGS, Belonging
from registry.handovers.models import Handover, Passing
from registry.messages import N_
from registry.workflow.models import Todo
from registry.workflow.queries import open_todos

TODO_TITLE = N_("本岗待办")


@dataclass(frozen=True)
class OpenItem:
    """One piece of open work."""

    subject_type: str
    code: str
    name: str
    title: str
    """A msgid: what it is."""
    passing: Passing
    has_others: bool
    """Somebody else has it in his inbox as well."""


@dataclass(frozen=True)
class OpenWork:
    """All of it, and who holds the same position beside."""

    items: tuple[OpenItem, ...]
    beside: tuple[Position, ...]

    @property
    def alone(self) -> tuple[OpenItem, ...]:
        """What nobody would go on with."""
        return tuple(item for item in self.items if item.passing is not Passing.ENDS and not item.has_others)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many of each kind, by their msgids."""
        return list(Counter(item.title for item in self.items).items())


def open_work(session: Session, position: Position, on: date) -> OpenWork:
    """What waits at the desk of a position first, then what its holder began."""
    beside = tuple(holders_beside(session, position, on))
    items = [*_todos(session, position, on)]
    known = {(item.subject_type, item.code) for item in items}
    for belonging in BELONGINGS:
        owned = _owned(session, belonging, position, on, has_others=bool(beside))
        items += [item for item in owned if (item.subject_type, item.code) not in known]
    return OpenWork(tuple(items), beside)


def holders_beside(session: Session, position: Position, on: date) -> list[Position]:
    """Positions with the same charge that others hold on a day, by name."""
    return _by_name(session, position, held(on))


def candidates(session: Session, position: Position, on: date) -> list[Position]:
    """Who may be named: whoever holds the same charge, or was appointed to it and begins later."""
    is_left = sa.or_(Position.ended_on.is_(None), Position.ended_on > on)
    return _by_name(session, position, sa.and_(is_left, Position.account.has(Account.is_active)))


def has_same_charge(one: Position, other: Position) -> bool:
    """The same role, in the same organisation or in the same place."""
    if one.organisation_id is not None or other.organisation_id is not None:
        return one.role is other.role and one.organisation_id == other.organisation_id
    return one.role is other.role and one.division_code == other.division_code


def _by_name(session: Session, position: Position, which: sa.ColumnElement[bool]) -> list[Position]:
    place = (
        sa.and_(Position.organisation_id.is_(None), Position.division_code == position.division_code)
        if position.organisation_id is None
        else Position.organisation_id == position.organisation_id
    )
    found = (
        sa.select(Position)
        .join(Account)
        .where(which, Position.role == position.role, place, Position.account_id != position.account_id)
        .order_by(Account.name, Position.id)
        .options(joinedload(Position.account), joinedload(Position.organisation))
    )
    return list(session.scalars(found))


def _todos(session: Session, position: Position, on: date) -> list[OpenItem]:
    """Without notices, which are read and not answered, and without the handover of the position itself."""
    others = _others_in_reach(session, position, on)
    own = set(session.scalars(sa.select(Handover.code).where(Handover.position_id == position.id)))
    return [
        OpenItem(
            todo.subject_type,
            todo.subject_code,
            f"{todo.title} · {todo.subject_name}"[:200],
            TODO_TITLE,
            Passing.DESK,
            has_others=_is_covered(todo, others),
        )
        for todo in open_todos(session, Actor.of(position))
        if not todo.is_notice and todo.subject_code not in own
    ]


def _others_in_reach(session: Session, position: Position, on: date) -> list[Position]:
    """Whoever else works at this desk or at one below it in the same role; not whoever stands above."""
    place = (
        within(Position.division_code, position.division_code)
        if position.organisation_id is None
        else Position.organisation_id == position.organisation_id
    )
    others = sa.select(Position).where(
        held(on), Position.role == position.role, place, Position.account_id != position.account_id
    )
    return list(session.scalars(others))


def _is_covered(todo: Todo, others: list[Position]) -> bool:
    if todo.organisation_id is not None:
        return any(one.organisation_id == todo.organisation_id for one in others)
    return any(
        one.organisation_id is None and todo.division_code.startswith(one.division_code) for one in others
    )


def _owned(
    session: Session, belonging: Belonging, position: Position, on: date, *, has_others: bool
) -> list[OpenItem]:
    rows = sa.select(belonging.model.code, belonging.name).where(belonging.of(position, on))
    return [
        OpenItem(
            belonging.subject_type, code, str(name)[:200], belonging.title, belonging.passing, has_others
        )
        for code, name in session.execute(rows.order_by(belonging.model.id))
    ]
