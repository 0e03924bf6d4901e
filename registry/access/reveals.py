"""Reveals: one masked field of one record, seen whole by one stay for a quarter of an hour, and why."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import FIELDS, Field, FieldClass, Mask, mask_of
from registry.access.models import Reveal
from registry.access.rules import authorize
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import NotAllowed, ReasonMissing
from registry.messages import N_, message

REVEALED_FOR = timedelta(minutes=15)
SHORTEST_REASON = 10
"""Characters that are no blanks: “工作需要” alone explains nothing."""


class RevealReason(StrEnum):
    """What a field is revealed for."""

    CONTACT = "contact"
    VERIFICATION = "verification"
    COMPLAINT = "complaint"
    OTHER_DUTY = "other_duty"


def reveal(
    session: Session,
    *,
    actor: Actor,
    stay: str,
    subject: Any,
    field: Field,
    reason: RevealReason,
    explanation: str,
    at: datetime,
    trail: Trail,
    see: Action = Action.PRACTITIONER_SEE,
) -> Reveal:
    """Lets the stay see the field, and says so in the trail; NotAllowed or ReasonMissing where it may not."""
    authorize(actor, Action.IDENTITY_REVEAL, subject, see=see)
    if mask_of(actor, field) is not Mask.PART or FIELDS[field].field_class is FieldClass.C4:
        raise NotAllowed
    reason_given = explained(explanation)
    revealed = uncover(session, stay, subject.code, field.value, at=at, until=at + REVEALED_FOR)
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.IDENTITY_REVEAL,
        result=Result.DONE,
        subject_type=type(subject).__tablename__,
        subject_code=subject.code,
        division_code=actor.division_code,
        facts={"field": field.value, "reason": reason.value, "until": revealed.until.isoformat()},
        reason=reason_given,
    )
    return revealed


def explained(explanation: str) -> str:
    """Why, without blanks around it; ReasonMissing where it explains nothing."""
    if len("".join(explanation.split())) < SHORTEST_REASON:
        raise ReasonMissing(message(N_("请写明具体事由，不少于%(count)s个字。"), count=SHORTEST_REASON))
    return explanation.strip()


def uncover(
    session: Session, stay: str, subject_code: str, field: str, *, at: datetime, until: datetime
) -> Reveal:
    """The row by which one stay sees the field; who may and why was asked before, and the caller writes the entry."""
    session.execute(sa.delete(Reveal).where(Reveal.until <= at))
    session.execute(sa.delete(Reveal).where(*_is(stay, subject_code), Reveal.field == field))
    revealed = Reveal(stay=stay, subject_code=subject_code, field=field, at=at, until=until)
    session.add(revealed)
    session.flush()
    return revealed


def revealed_until(session: Session, *, stay: str, subject_code: str, at: datetime) -> dict[str, datetime]:
    """The fields of a record that a stay may see whole now, and until when."""
    statement = sa.select(Reveal.field, Reveal.until).where(*_is(stay, subject_code), Reveal.until > at)
    return dict(session.execute(statement).all())


def _is(stay: str, subject_code: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Reveal.stay == stay, Reveal.subject_code == subject_code
