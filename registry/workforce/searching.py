"""Exact search by a sealed field, through its blind index: within the scope of who searches, and with an entry."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import Field
from registry.access.rules import authorize, readable
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.sealing.providers import SealProvider
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import SEALED

MOST_FOUND = 20
"""A phone may be that of an office; more than this tells nothing about one person."""


@dataclass(frozen=True)
class Found:
    """Somebody whose field holds the value."""

    code: str
    person_no: str
    name: str


def find_people(
    session: Session,
    seals: SealProvider,
    *,
    actor: Actor,
    field: Field,
    value: str,
    at: datetime,
    trail: Trail,
) -> list[Found]:
    """People with this normalised value; the entry names the field and how many were found, never the value.

    Somebody outside the scope is not found, like somebody who does not exist.
    """
    authorize(actor, Action.IDENTITY_SEARCH)
    statement = (
        sa.select(Practitioner.code, Practitioner.person_no, Practitioner.name)
        .where(SEALED[field].is_value(seals, value))
        .where(readable(Practitioner, actor, Action.IDENTITY_SEARCH))
        .order_by(Practitioner.person_no)
        .limit(MOST_FOUND)
    )
    found = [Found(*row) for row in session.execute(statement)]
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.IDENTITY_SEARCH,
        result=Result.DONE,
        subject_type=Practitioner.__tablename__,
        subject_code=found[0].code if len(found) == 1 else "",
        division_code=actor.division_code,
        facts={"field": field.value, "found": len(found)},
    )
    return found
