"""Division changes as somebody makes them: the file read, the permission asked, the act entered in the trail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.divisions.changes import read_lines
from registry.divisions.models import DivisionChange
from registry.divisions.operations import apply_change, undo_change
from registry.divisions.planning import ChangePlan, plan_change
from registry.divisions.queries import change_by_code
from registry.errors import NotAllowed
from registry.intake.tables import RawTable
from registry.messages import N_, message

SUBJECT = "division_change"


def preview_change(session: Session, table: RawTable, *, actor: Actor) -> ChangePlan:
    """What the file would do; NotAllowed outside the actor's subtree, ChangeRefused with every problem."""
    return preview_rows(session, table.headers, [(row.number, row.cells) for row in table.rows], actor=actor)


def preview_rows(
    session: Session, headers: Sequence[str], rows: Iterable[tuple[int, Sequence[Any]]], *, actor: Actor
) -> ChangePlan:
    """The same for a table from anywhere, whose rows are numbered as their author sees them."""
    authorize(actor, Action.DIVISION_CHANGE)
    lines = read_lines(headers, rows)
    plan = plan_change(session, lines)
    outside = [step.row for step in plan.steps if not _is_his(actor, step.from_code, step.to_code)]
    if outside:
        named = "、".join(map(str, dict.fromkeys(outside)))
        raise NotAllowed(message(N_("第%(rows)s行的区划不在您的管辖范围，不能办理。"), rows=named))
    return plan


def make_change(
    session: Session, plan: ChangePlan, *, actor: Actor, at: datetime, trail: Trail
) -> DivisionChange:
    """Apply what was previewed, with its entry in the trail; the caller commits."""
    change = apply_change(session, plan, at=at, by=actor.name)
    _record(session, change, Action.DIVISION_CHANGE, actor=actor, at=at, trail=trail)
    return change


def take_back(session: Session, code: str, *, actor: Actor, at: datetime, trail: Trail) -> DivisionChange:
    """Undo a change, with its entry in the trail; the caller commits."""
    authorize(actor, Action.DIVISION_CHANGE)
    known = change_by_code(session, code)
    lines = known.lines if known is not None else []
    _answers_for(actor, (place for line in lines for place in (line.from_code, line.to_code)))
    change = undo_change(session, code, at=at, by=actor.name)
    _record(session, change, f"{Action.DIVISION_CHANGE}.undo", actor=actor, at=at, trail=trail)
    return change


def _is_his(actor: Actor, *codes: str) -> bool:
    return all(actor.answers_for(code) for code in codes)


def _answers_for(actor: Actor, codes: Iterable[str]) -> None:
    if not _is_his(actor, *codes):
        raise NotAllowed


def _record(
    session: Session, change: DivisionChange, action: str, *, actor: Actor, at: datetime, trail: Trail
) -> None:
    lines = [f"{line.kind} {line.from_code} {line.to_code}" for line in change.lines]
    moved = sum(len(line.moved) for line in change.lines)
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=action,
        result=Result.DONE,
        subject_type=SUBJECT,
        subject_code=change.code,
        division_code=change.lines[0].from_code,
        facts={"effective_on": change.effective_on.isoformat(), "lines": lines, "moved_rows": moved},
    )
