"""Reads of enquiries."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.enquiries.checking import is_right
from registry.enquiries.models import Enquiry, EnquiryState

MOST_SHOWN = 200
WHOLE = (joinedload(Enquiry.site),)
"""What a page about an enquiry names."""


def enquiries(session: Session, actor: Actor, states: Iterable[EnquiryState]) -> list[Enquiry]:
    """What the actor may see in these states: the oldest first, for it has waited longest."""
    found = sa.select(Enquiry).where(readable(Enquiry, actor, Action.ENQUIRY_SEE)).options(*WHOLE)
    in_states = found.where(Enquiry.state.in_(list(states)))
    return list(session.scalars(in_states.order_by(Enquiry.id).limit(MOST_SHOWN)))


def enquiry_looked_up(session: Session, code: str, check: str) -> Enquiry | None:
    """The enquiry of a receipt; None for a wrong number and for a wrong check code alike."""
    found = session.scalar(sa.select(Enquiry).where(Enquiry.code == code))
    kept = found.check_hash if found is not None else ""
    return found if is_right(check, kept) else None
