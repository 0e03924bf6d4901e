"""Reads of appointments."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.models import Account, Position
from registry.access.rules import readable
from registry.actions import Action
from registry.appointments.models import Appointment, AppointmentState

IN_HAND = (AppointmentState.ASKED, AppointmentState.RETURNED, AppointmentState.CONFIRMED)
MOST_SHOWN = 200

WHOLE = (
    joinedload(Appointment.organisation),
    joinedload(Appointment.account),
    joinedload(Appointment.replaces).joinedload(Position.organisation),
    joinedload(Appointment.asked_by),
)
"""What a page about an appointment names."""


def appointments(session: Session, actor: Actor, states: Iterable[AppointmentState]) -> list[Appointment]:
    """What the actor may see in these states, the newest first."""
    found = _seen_by(actor).where(Appointment.state.in_(list(states)))
    return list(session.scalars(found.order_by(Appointment.id.desc()).limit(MOST_SHOWN)))


def appointments_of(session: Session, account: Account, actor: Actor) -> list[Appointment]:
    """What was asked for one person, the newest first, so far as the actor may see it."""
    found = _seen_by(actor).where(Appointment.account_id == account.id)
    return list(session.scalars(found.order_by(Appointment.id.desc())))


def appointment_by_id(session: Session, key: int) -> Appointment | None:
    """One appointment by its integer key, which the history holds."""
    return session.scalar(sa.select(Appointment).where(Appointment.id == key).options(*WHOLE))


def _seen_by(actor: Actor) -> sa.Select[Appointment]:
    return sa.select(Appointment).where(readable(Appointment, actor, Action.APPOINTMENT_SEE)).options(*WHOLE)
