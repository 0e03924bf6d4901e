"""The one door: a record changes its state here and nowhere else.

`start` makes a record, `take_step` moves it, `follow` moves another one along with it. Each checks the table, the
permission table, the form's key, the version and the step's own requirements, then writes the history, the trail and
the to-dos. None commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.access.actors import Actor, Visitor
from registry.access.rules import authorize
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.errors import KeyReused, NotAllowed, ReasonMissing, RequirementUnmet, StaleVersion, StepNotOpen
from registry.messages import N_, message
from registry.turns import take_turns
from registry.workflow.models import WorkflowStep
from registry.workflow.queries import history, took_step_last
from registry.workflow.todos import close_todos, leave_todos, tell
from registry.workflow_table import Occasion, Transition, Workflow, workflow_of


@dataclass(frozen=True)
class Attempt:
    """One person at the door with one step of one record."""

    session: Session
    record: Any
    workflow: Workflow
    transition: Transition
    actor: Actor | Visitor
    occasion: Occasion
    trail: Trail
    calendar: WorkingCalendar
    key: str | None


def start(
    session: Session,
    record: Any,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    calendar: WorkingCalendar,
    facts: Any = None,
    idempotency_key: str | None = None,
) -> WorkflowStep:
    """Take a fresh record, which is in no session yet, into the register.

    The same key again gives back the first result: its `subject_id` is the record that was made then.
    """
    workflow = workflow_of(record)
    occasion = _occasion(actor, at, "", facts, trail)
    attempt = Attempt(
        session, record, workflow, workflow.start, actor, occasion, trail, calendar, idempotency_key
    )
    authorize(actor, workflow.start.action, record, see=workflow.see)
    take_turns(session, workflow.parent_of(record))
    return _earlier(attempt) or _make(attempt)


def take_in(
    session: Session,
    record: Any,
    *,
    visitor: Visitor,
    at: datetime,
    trail: Trail,
    calendar: WorkingCalendar,
    idempotency_key: str,
) -> WorkflowStep:
    """Take a fresh record of somebody without an account into the register; the caller's own door let him in.

    The same key again gives back the first result, also where both come at the same instant.
    """
    workflow = workflow_of(record)
    occasion = _occasion(visitor, at, "", None, trail)
    attempt = Attempt(
        session, record, workflow, workflow.start, visitor, occasion, trail, calendar, idempotency_key
    )
    return _earlier(attempt) or _make_or_meet(attempt)


def take_step(
    session: Session,
    record: Any,
    step: StrEnum,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    calendar: WorkingCalendar,
    reason: str = "",
    facts: Any = None,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> WorkflowStep:
    """Move a record along its table, or refuse and change nothing.

    `version` is the one that the form was filled in against. The same key again, by the same person for the same
    step of the same record, gives back the first result; any other use of it is refused (KeyReused).
    """
    workflow = workflow_of(record)
    transition = workflow.transition(step)
    if transition is None or transition.follows:
        raise StepNotOpen(message(N_("该事项没有这一步。")))
    occasion = _occasion(actor, at, reason.strip(), facts, trail)
    attempt = Attempt(
        session, record, workflow, transition, actor, occasion, trail, calendar, idempotency_key
    )
    authorize(actor, transition.action, record, see=workflow.see)
    take_turns(session, workflow.parent_of(record), record)
    return _earlier(attempt) or _move(attempt, version)


def follow(
    session: Session, record: Any, step: StrEnum, occasion: Occasion, calendar: WorkingCalendar
) -> WorkflowStep:
    """What a step of another record brings along: the same table, history, to-dos and trail.

    Whoever may take that step need not be let near this record, a draft for one: its permission is not asked again.
    """
    workflow = workflow_of(record)
    transition = workflow.transition(step)
    if transition is None or not transition.follows:
        raise TypeError(f"{workflow.subject_type} has no step {step} that follows another record's")
    along = replace(occasion, facts=None)
    attempt = Attempt(session, record, workflow, transition, along.actor, along, along.trail, calendar, None)
    take_turns(session, record)
    taken = _move(attempt, None)
    session.flush()  # what brought it along may be waiting for the place that it leaves
    return taken


def _occasion(actor: Actor | Visitor, at: datetime, reason: str, facts: Any, trail: Trail) -> Occasion:
    return Occasion(actor, at, at.astimezone(SHANGHAI).date(), reason, facts, trail)


def _earlier(attempt: Attempt) -> WorkflowStep | None:
    """What was done with this key before; None where it is new."""
    if attempt.key is None:
        return None
    taken = attempt.session.scalar(sa.select(WorkflowStep).where(WorkflowStep.idempotency_key == attempt.key))
    if taken is not None and not _is_the_same(attempt, taken):
        raise KeyReused(message(N_("这份表单已经用过，请重新打开页面再操作。")))
    return taken


def _is_the_same(attempt: Attempt, taken: WorkflowStep) -> bool:
    """A record that is only being made has no key yet, so any record that this form made will do."""
    asked = (attempt.workflow.subject_type, attempt.transition.step, attempt.actor.code)
    is_same_record = attempt.record.id in (None, taken.subject_id)
    return is_same_record and asked == (taken.subject_type, taken.step, taken.actor_code)


def _make(attempt: Attempt) -> WorkflowStep:
    kept = _effect(attempt)
    attempt.session.add(attempt.record)
    attempt.session.flush()  # the history needs the record's key
    return _write_down(attempt, "", kept)


def _make_or_meet(attempt: Attempt) -> WorkflowStep:
    """A record without a parent has no row to be locked: of two at once, the database keeps one and stops the other."""
    try:
        with attempt.session.begin_nested():
            return _make(attempt)
    except IntegrityError:
        attempt.record.id = None  # it went with the savepoint
        met = _earlier(attempt)
        if met is None:
            raise
        return met


def _move(attempt: Attempt, version: int | None) -> WorkflowStep:
    _check(attempt, version)
    left: str = attempt.record.state
    kept = _effect(attempt)
    if attempt.transition.to_state is not None:
        attempt.record.state = attempt.transition.to_state
    return _write_down(attempt, left, kept)


def _check(attempt: Attempt, version: int | None) -> None:
    record, transition = attempt.record, attempt.transition
    if record.state not in transition.from_states:
        raise _too_late(attempt)
    if version is not None and version != record.version:
        raise StaleVersion(message(N_("您打开页面之后，内容已被他人更改。")))
    if took_step_last(attempt.session, attempt.workflow, record, transition.other_than, attempt.actor):
        raise NotAllowed(message(N_("经办人与确认人不能是同一人。")))
    barred = transition.barred_to(attempt.actor, record)
    if barred is not None:
        raise NotAllowed(barred)
    for requirement in transition.requires:
        unmet = requirement(record)
        if unmet is not None:
            raise RequirementUnmet(unmet)
    if transition.asks_reason and not attempt.occasion.reason:
        raise ReasonMissing(message(N_("请写明原因。")))


def _too_late(attempt: Attempt) -> StepNotOpen:
    """Names who moved the record on, and when."""
    moved = [
        taken for taken in history(attempt.session, attempt.record) if taken.from_state != taken.to_state
    ]
    subject = attempt.workflow.subject_of(attempt.record)
    if not moved:
        return StepNotOpen(message(N_("该事项的状态已经改变，这一步不能再办。")), subject)
    at = moved[-1].at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    sentence = N_("该事项已由%(name)s于%(at)s办理，状态已经改变，这一步不能再办。")
    return StepNotOpen(message(sentence, name=moved[-1].actor_name, at=at), subject)


def _effect(attempt: Attempt) -> Mapping[str, Any]:
    effect = attempt.transition.effect
    return effect(attempt.session, attempt.record, attempt.occasion) if effect else {}


def _write_down(attempt: Attempt, left: str, kept: Mapping[str, Any]) -> WorkflowStep:
    """The history, the to-dos and the trail of a step that was taken."""
    taken = _history_of(attempt, left)
    attempt.session.add(taken)
    _hand_on(attempt)
    _record(attempt, left, kept)
    return taken


def _history_of(attempt: Attempt, left: str) -> WorkflowStep:
    return WorkflowStep(
        subject_type=attempt.workflow.subject_type,
        subject_id=attempt.record.id,
        step=attempt.transition.step,
        from_state=left,
        to_state=attempt.record.state,
        actor_code=attempt.actor.code,
        actor_name=attempt.actor.name,
        principal_code=attempt.actor.principal.code if attempt.actor.principal else "",
        principal_name=attempt.actor.principal.name if attempt.actor.principal else "",
        at=attempt.occasion.at,
        reason=attempt.occasion.reason,
        idempotency_key=attempt.key,
    )


def _hand_on(attempt: Attempt) -> None:
    session, record, transition = attempt.session, attempt.record, attempt.transition
    if not transition.keeps_waiting:
        close_todos(
            session,
            attempt.workflow.subject_of(record),
            at=attempt.occasion.at,
            pausing=transition.pauses,
            resuming=transition.waiting.within if transition.waiting else None,
        )
    for waiting in filter(None, (transition.waiting, transition.besides)):
        leave_todos(session, record, waiting, attempt.occasion, attempt.calendar)
    if transition.telling is not None:
        tell(session, record, transition.telling, attempt.occasion)


def _record(attempt: Attempt, left: str, kept: Mapping[str, Any]) -> None:
    workflow, record = attempt.workflow, attempt.record
    record_entry(
        attempt.session,
        trail=attempt.trail,
        at=attempt.occasion.at,
        actor_code=attempt.actor.code,
        actor_name=attempt.actor.name,
        action=f"{workflow.subject_type}.{attempt.transition.step}",
        result=Result.DONE,
        subject_type=workflow.subject_type,
        subject_code=record.code,
        division_code=workflow.place_of(record),
        facts={"from_state": left, "to_state": record.state, **kept},
        reason=attempt.occasion.reason,
    )
