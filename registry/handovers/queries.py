"""Reads of handovers."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from registry.access.actors import Actor
from registry.access.models import Position
from registry.access.rules import readable
from registry.actions import Action
from registry.handovers.models import Handover, HandoverState

IN_HAND = (HandoverState.DRAWN_UP, HandoverState.PASSED_ON)
MOST_SHOWN = 200

WHOLE = (
    joinedload(Handover.organisation),
    joinedload(Handover.position).joinedload(Position.account),
    joinedload(Handover.position).joinedload(Position.organisation),
    joinedload(Handover.successor).joinedload(Position.account),
    joinedload(Handover.drawn_up_by),
    selectinload(Handover.lines),
)
"""What a page about a handover names."""


def handovers(session: Session, actor: Actor, states: Iterable[HandoverState]) -> list[Handover]:
    """What the actor may see in these states, the newest first."""
    found = sa.select(Handover).where(
        readable(Handover, actor, Action.HANDOVER_SEE), Handover.state.in_(list(states))
    )
    return list(session.scalars(found.options(*WHOLE).order_by(Handover.id.desc()).limit(MOST_SHOWN)))


def handover_by_id(session: Session, key: int) -> Handover | None:
    """One handover by its integer key, which the history holds."""
    return session.scalar(sa.select(Handover).where(Handover.id == key).options(*WHOLE))


def handed_over_to(session: Session, actor: Actor) -> list[Handover]:
    """The lists that somebody has not put away, in the position in which he acts: his first page begins with them."""
    place = (
        Position.division_code == actor.division_code
        if actor.organisation_id is None
        else Position.organisation_id == actor.organisation_id
    )
    his = Handover.successor.has(
        sa.and_(Position.account_id == actor.account_id, Position.role == actor.role, place)
    )
    if actor.principal is not None:
        return []
    found = sa.select(Handover).where(Handover.state == HandoverState.PASSED_ON, his)
    return list(session.scalars(found.options(*WHOLE).order_by(Handover.id)))


def in_hand(session: Session, position: Position) -> Handover | None:
    """The handover of a position that waits to be passed on."""
    waiting = sa.select(Handover).where(
        Handover.position_id == position.id, Handover.state == HandoverState.DRAWN_UP
    )
    return session.scalar(waiting.limit(1))
