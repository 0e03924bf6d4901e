"""Every write of the list of foreign systems and of what is taken from which of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import InvalidInput, StaleVersion
from registry.messages import N_, message
from registry.reconciliations.fields import KINDS, PRESENCE
from registry.reconciliations.models import FieldAuthority, SourceSystem, SubjectKind


@dataclass(frozen=True)
class SystemFacts:
    """What is entered of a system."""

    name: str
    keeper: str
    holds: str


def enter_system(
    session: Session,
    facts: SystemFacts,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    is_example: bool = False,
) -> SourceSystem:
    """Put it on the list of the actor's division; InvalidInput where that has one of this name."""
    authorize(actor, Action.SOURCE_SYSTEM_KEEP)
    _refuse_same_name(session, facts.name, actor.division_code, None)
    system = SourceSystem(
        name=facts.name,
        keeper=facts.keeper,
        holds=facts.holds,
        division_code=actor.division_code,
        is_example=is_example,
        updated_at=at,
    )
    session.add(system)
    session.flush()  # the trail needs its code
    _record(session, system, actor=actor, at=at, trail=trail)
    return system


def change_system(
    session: Session,
    system: SourceSystem,
    facts: SystemFacts,
    *,
    version: int,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> bool:
    """Whether anything changed; StaleVersion where somebody else changed it in between."""
    authorize(actor, Action.SOURCE_SYSTEM_KEEP, system, see=Action.SOURCE_SYSTEM_SEE)
    if facts == SystemFacts(system.name, system.keeper, system.holds):
        return False
    if system.version != version:
        raise StaleVersion
    _refuse_same_name(session, facts.name, system.division_code, system.id)
    system.name, system.keeper, system.holds = facts.name, facts.keeper, facts.holds
    system.updated_at = at
    session.flush()
    _record(session, system, actor=actor, at=at, trail=trail)
    return True


def _refuse_same_name(session: Session, name: str, division_code: str, own_id: int | None) -> None:
    same = sa.select(SourceSystem.id).where(
        SourceSystem.name == name, SourceSystem.division_code == division_code
    )
    found = session.scalar(same)
    if found is not None and found != own_id:
        raise InvalidInput("name", message(N_("这个系统已经登记过，请在列表里修改。")))


def _record(session: Session, system: SourceSystem, *, actor: Actor, at: datetime, trail: Trail) -> None:
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.SOURCE_SYSTEM_KEEP,
        result=Result.DONE,
        subject_type=SourceSystem.__tablename__,
        subject_code=system.code,
        division_code=system.division_code,
        facts={"name": system.name, "keeper": system.keeper},
    )


def set_authorities(
    session: Session,
    kind: SubjectKind,
    chosen: Mapping[str, SourceSystem | None],
    *,
    valid_from: date,
    basis: str,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> int:
    """From a day on, these fields are taken from these systems in the actor's division; how many this changed.

    InvalidInput where a later day has its own word already.
    """
    authorize(actor, Action.SOURCE_SYSTEM_KEEP)
    known = {PRESENCE, *(one.key for one in KINDS[kind].fields)}
    changed = [
        field
        for field, system in chosen.items()
        if field in known and _is_changed(session, kind, field, system, valid_from, actor.division_code)
    ]
    for field in changed:
        _replace(session, kind, field, chosen[field], valid_from, basis, actor, at)
    if changed:
        session.flush()
        record_entry(
            session,
            trail=trail,
            at=at,
            actor_code=actor.code,
            actor_name=actor.name,
            action=Deed.FIELD_AUTHORITY_SET,
            result=Result.DONE,
            subject_type=FieldAuthority.__tablename__,
            subject_code=kind.value,
            division_code=actor.division_code,
            facts={
                "valid_from": valid_from.isoformat(),
                "basis": basis,
                "fields": {
                    field: system.code if (system := chosen[field]) is not None else "" for field in changed
                },
            },
        )
    return len(changed)


def _own(session: Session, kind: SubjectKind, field: str, division_code: str) -> list[FieldAuthority]:
    """What the division itself has said of a field, by day."""
    statement = sa.select(FieldAuthority).where(
        FieldAuthority.kind == kind,
        FieldAuthority.field == field,
        FieldAuthority.division_code == division_code,
    )
    return list(session.scalars(statement.order_by(FieldAuthority.valid_from)))


def _is_changed(
    session: Session, kind: SubjectKind, field: str, system: SourceSystem | None, on: date, place: str
) -> bool:
    said = _own(session, kind, field, place)
    later = [one for one in said if one.valid_from > on]
    if later:
        day = later[0].valid_from.isoformat()
        raise InvalidInput(
            "valid_from",
            message(N_("已有从%(day)s起的规定，请填不早于这一天的日期。"), day=day),
        )
    in_force = said[-1] if said else None
    return in_force is None or in_force.system_id != (system.id if system else None)


def _replace(
    session: Session,
    kind: SubjectKind,
    field: str,
    system: SourceSystem | None,
    valid_from: date,
    basis: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The one before ends where the new one begins; said twice for one day, the last word stands."""
    before = _own(session, kind, field, actor.division_code)
    last = before[-1] if before else None
    if last is not None and last.valid_from == valid_from:
        last.system, last.basis, last.recorded_by, last.recorded_at = system, basis, actor.name, at
        return
    if last is not None:
        last.valid_to = valid_from
    session.add(
        FieldAuthority(
            kind=kind,
            field=field,
            system=system,
            valid_from=valid_from,
            basis=basis,
            recorded_by=actor.name,
            recorded_at=at,
            division_code=actor.division_code,
        )
    )
