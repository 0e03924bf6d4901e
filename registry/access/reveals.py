"""Reveals: one masked field of one record, seen whole by one stay for a quarter of an hour, and why."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import Field, Mask, mask_of
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
) -> Reveal:
    """Lets the stay see the field, and says so in the trail; NotAllowed or ReasonMissing where it may not."""
    authorize(actor, Action.IDENTITY_REVEAL, subject, see=Action.PRACTITIONER_SEE)
    if mask_of(actor, field) is not Mask.PART:
        raise NotAllowed
    if len("".join(explanation.split())) < SHORTEST_REASON:
        raise ReasonMissing(message(N_("请写明具体事由，不少于%(count)s个字。"), count=SHORTEST_REASON))
    session.execute(sa.delete(Reveal).where(Reveal.until <= at))
    session.execute(sa.delete(Reveal).where(*_is(stay, subject.code), Reveal.field == field.value))
    revealed = Reveal(stay=stay, subject_code=subject.code, field=field.value, at=at, until=at + REVEALED_FOR)
    session.add(revealed)
    session.flush()
    record_entry(
        session,
        key=trail.key,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.IDENTITY_REVEAL,
        result=Result.DONE,
        subject_type=type(subject).__tablename__,
        subject_code=subject.code,
        division_code=actor.division_code,
        facts={"field": field.value, "reason": reason.value, "until": revealed.until.isoformat()},
        reason=explanation.strip(),
        request_id=trail.request_id,
    )
    return revealed


def revealed_until(session: Session, *, stay: str, subject_code: str, at: datetime) -> dict[Field, datetime]:
    """The fields of a record that a stay may see whole now, and until when."""
    statement = sa.select(Reveal.field, Reveal.until).where(*_is(stay, subject_code), Reveal.until > at)
    return {Field(field): until for field, until in session.execute(statement)}


def _is(stay: str, subject_code: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Reveal.stay == stay, Reveal.subject_code == subject_code
