"""Handing over in one go: drawn up, and passed on at once where the successor is there today."""

from datetime import datetime

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.audit.trail import Trail
from registry.clock import today
from registry.errors import NotVisible
from registry.handovers.deciding import desk_above
from registry.handovers.models import Handover, HandoverState
from registry.handovers.operations import Plan, handover_of
from registry.handovers.queries import handover_by_id
from registry.handovers.workflow import HandoverStep
from registry.policy.queries import working_calendar
from registry.workflow.operations import start, take_step


def hand_over(
    session: Session,
    plan: Plan,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    idempotency_key: str | None = None,
) -> Handover:
    """Without a successor it waits for whoever stands above; with one who begins later, for his first day."""
    on, calendar = today(at), working_calendar(session)
    above = desk_above(session, plan.position, on) if plan.successor is None else None
    taken = start(
        session,
        handover_of(plan, actor=actor, at=at, above=above),
        actor=actor,
        at=at,
        trail=trail,
        calendar=calendar,
        facts=plan.successor,
        idempotency_key=idempotency_key,
    )
    session.flush()  # the step names the record that was made, now or the first time the form was sent
    handover = handover_by_id(session, taken.subject_id)
    if handover is None:
        raise NotVisible
    is_there = plan.successor is not None and plan.successor.is_held_on(on)
    if is_there and handover.state is HandoverState.DRAWN_UP:
        take_step(session, handover, HandoverStep.HAND_ON, actor=actor, at=at, trail=trail, calendar=calendar)
    return handover
