"""What every write on a person's record shares: whose hand it is, the record's version, its entry in the trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from registry.access.actors import Actor
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import today
from registry.errors import NotAllowed, StaleVersion
from registry.messages import N_, message
from registry.workforce.models import Practitioner
from registry.workforce.scopes import place_of_person

BY_HAND = "人工登记"
"""The source of what was typed on a page."""
HIDDEN = frozenset({"number", "proof_no", "diploma_no"})
"""Numbers on papers: the trail says that they were written, not what they are."""


@dataclass(frozen=True)
class Hand:
    """Who writes, when, and the trail that it leaves."""

    actor: Actor
    at: datetime
    trail: Trail

    @property
    def on(self) -> date:
        """The day in Shanghai."""
        return today(self.at)


def touch(session: Session, person: Practitioner, at: datetime) -> None:
    """Whatever is written on the record makes it a newer one, for whoever has it open."""
    person.updated_at = at
    flag_modified(person, "updated_at")  # also where two writes fall on one instant
    session.flush()


def refuse_stale(person: Practitioner, version: int) -> None:
    """Somebody else wrote on the record since the form was opened."""
    if version != person.version:
        raise StaleVersion(message(N_("您打开页面之后，内容已被他人更改。")))


def is_former_employer(actor: Actor, person: Practitioner, on: date) -> bool:
    """Whether somebody of an institution asks about a person who has left it."""
    own = actor.organisation_id
    here = (post for post in person.posts if post.site.organisation_id == own)
    return own is not None and not any(post.end_on is None or post.end_on > on for post in here)


def refuse_former_employer(actor: Actor, person: Practitioner, on: date) -> None:
    """Whoever let somebody go reads on what it knew of him, and writes no papers of his any more."""
    if is_former_employer(actor, person, on):
        raise NotAllowed(message(N_("这名人员已离任，学历、证书和培训由其现任职机构或区县登记。")))


def note(
    session: Session,
    person: Practitioner,
    deed: Deed | Action,
    hand: Hand,
    facts: Mapping[str, Any],
    *,
    reason: str = "",
) -> None:
    """The entry in the trail."""
    record_entry(
        session,
        trail=hand.trail,
        at=hand.at,
        actor_code=hand.actor.code,
        actor_name=hand.actor.name,
        action=deed,
        result=Result.DONE,
        subject_type=Practitioner.__tablename__,
        subject_code=person.code,
        division_code=place_of_person(person),
        facts=facts,
        reason=reason,
    )


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As the trail keeps them."""
    return {name: "*" if name in HIDDEN and value else _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value if value is None or isinstance(value, bool | int | str) else str(value)
