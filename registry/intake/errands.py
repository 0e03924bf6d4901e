"""A long file's way through the hands of a worker: asked for, taken up, done or failed, each in a write of its own.

A worker that is killed leaves a state from which the next one goes on. What it does to the register and that it is done
are one transaction, so a file is applied once, however often it is taken up.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.delegations import actor_standing_in
from registry.access.models import Account, Delegation, Position
from registry.access.positions import held, position_by_code
from registry.actions import Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import today
from registry.errors import RequirementUnmet
from registry.intake.coordinates import Crs
from registry.intake.declaration import WorkbookKind
from registry.intake.models import IN_PART, SEALED, TO_CHECK, IntakeRun, IntakeState
from registry.intake.operations import found_facts, hold
from registry.intake.preview import Preview
from registry.intake.tables import RawTable
from registry.intake.undoing import refuse_what_cannot_be_undone
from registry.messages import N_, Message, message
from registry.workflow.todos import todo_for
from registry.workflow_table import Desk, Subject

REASON = "reason"
"""What a run keeps of an undoing that failed."""
COUNTS = ("create", "update", "same", "duplicate", "warnings", "errors", "problems_left_out")
CANCELLABLE = (*TO_CHECK, IntakeState.PREVIEWED)


def ask_to_check(
    session: Session, kind: WorkbookKind[Any], table: RawTable, *, crs: Crs, actor: Actor, at: datetime
) -> IntakeRun:
    """Put a file on record that a worker is to check; the portal keeps its bytes under the run's code."""
    run = IntakeRun(
        kind=kind.code,
        file_name=table.file_name[-200:],
        sha256=table.sha256,
        options={"crs": crs.value, SEALED: any(column.is_sealed for column in kind.columns)},
        rows=len(table.rows),
        **dict.fromkeys(COUNTS, 0),
        problems=[],
        state=IntakeState.WAITING,
        actor_code=actor.code,
        actor_name=actor.name,
        division_code=actor.division_code,
        organisation_id=actor.organisation_id,
        at=at,
    )
    _ask(session, run, actor, at)
    session.add(run)
    session.flush()  # flush: the public code comes with the row
    return run


def ask_to_load(
    session: Session, run: IntakeRun, *, actor: Actor, at: datetime, in_part: bool = False
) -> bool:
    """Whether a worker is to load it now; not where that was asked for before, or it is over.

    `in_part`: of a file with errors, the rows without.
    """
    if hold(session, run) is not (IntakeState.REFUSED if in_part else IntakeState.PREVIEWED):
        return False
    run.state = IntakeState.LOADING
    run.options = {**run.options, IN_PART: in_part}
    _ask(session, run, actor, at)
    return True


def ask_to_undo(session: Session, run: IntakeRun, *, actor: Actor, at: datetime) -> bool:
    """Whether a worker is to undo the load now; not where that was asked for before, or is done.

    InvalidInput where it cannot be undone.
    """
    if hold(session, run) in (IntakeState.UNDOING, IntakeState.UNDONE):
        return False
    refuse_what_cannot_be_undone(session, run, at)
    run.state = IntakeState.UNDOING
    run.undone = {}
    _ask(session, run, actor, at)
    return True


def take_up(run: IntakeRun, *, at: datetime) -> bool:
    """A worker begins, perhaps for the second time; not where the file was cancelled or is done with."""
    if not run.is_in_hand:
        return False
    if run.state is IntakeState.WAITING:
        run.state = IntakeState.CHECKING
    run.begun_at = at
    return True


def finish_checking(session: Session, run: IntakeRun, found: Preview, *, at: datetime) -> None:
    """Keep what was found, and tell whoever asked; nothing where the file was cancelled meanwhile."""
    for name, value in found_facts(found).items():
        setattr(run, name, value)
    is_sound = run.state is IntakeState.PREVIEWED
    title = N_("文件已预检，请查看结果并导入") if is_sound else N_("文件已预检，有错误，请改好后重新上传")
    _tell(session, run, title, at)


def tell_loaded(session: Session, run: IntakeRun, *, at: datetime) -> None:
    """Leave the notice that goes with the load, in its transaction."""
    _tell(session, run, N_("文件已导入"), at)


def tell_undone(session: Session, run: IntakeRun, *, at: datetime) -> None:
    """The same of a load that was undone."""
    _tell(session, run, N_("导入已撤销，请查看结果"), at)


def fail(session: Session, run: IntakeRun, reason: Message, *, at: datetime) -> None:
    """A worker could not do what it was asked for; the reason names the remedy. Nothing was written."""
    told = [reason.msgid, dict(reason.values)]
    if run.state is IntakeState.UNDOING:
        run.state, run.undone = IntakeState.COMMITTED, {REASON: told}
        _tell(session, run, N_("导入未能撤销，请查看原因"), at)
        return
    run.state, run.reason = IntakeState.FAILED, told
    _tell(session, run, N_("文件未能导入，请查看原因"), at)


def cancel(session: Session, run: IntakeRun, *, actor: Actor, at: datetime, trail: Trail) -> None:
    """Nobody loads it any more; once more is no fault. RequirementUnmet where the load has begun or is over."""
    _refuse_begun(run)  # a load that is at work holds the run: nobody waits for its end to be told
    state = hold(session, run)
    if state is IntakeState.CANCELLED:
        return
    _refuse_begun(run)
    run.state = IntakeState.CANCELLED
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Deed.INTAKE_CANCEL,
        result=Result.DONE,
        subject_type=IntakeRun.__tablename__,
        subject_code=run.code,
        division_code=run.division_code,
        facts={"kind": run.kind, "sha256": run.sha256, "state": state.value},
    )


def _refuse_begun(run: IntakeRun) -> None:
    is_ordered = run.state is IntakeState.LOADING and run.is_queued
    if not is_ordered and run.state not in (*CANCELLABLE, IntakeState.CANCELLED):
        raise RequirementUnmet(message(N_("这个文件已经开始导入或已经办结，不能取消。")))


def reason_of(run: IntakeRun) -> Message | None:
    """Why it failed, or why the load could not be undone."""
    told = run.reason or run.undone.get(REASON)
    if told is None:
        return None
    msgid, values = told
    return Message(msgid, tuple(values.items()))


def asker_of(session: Session, run: IntakeRun, on: date) -> Actor | None:
    """Whoever asked a worker last, in the position in which he did; None where he may act in it no longer."""
    position = _position_of(session, run)
    if position is None or not (position.is_held_on(on) and position.account.is_active):
        return None
    if position.account.code == run.asked_by_code:
        return Actor.of(position)
    delegate = sa.select(Account.id).where(Account.code == run.asked_by_code).scalar_subquery()
    given = sa.select(Delegation).where(
        Delegation.delegate_id == delegate, Delegation.position_id == position.id
    )
    holding = (one for one in session.scalars(given.order_by(Delegation.id.desc())) if one.holds_on(on))
    delegation = next(holding, None)
    return actor_standing_in(delegation) if delegation is not None else None


def _position_of(session: Session, run: IntakeRun) -> Position | None:
    return position_by_code(session, run.asked_in_code) if run.asked_in_code else None


def _ask(session: Session, run: IntakeRun, actor: Actor, at: datetime) -> None:
    holder = actor.principal.code if actor.principal else actor.code
    position = sa.select(Position.code).where(
        held(today(at)),
        Position.account.has(Account.code == holder),
        Position.role == actor.role,
        Position.division_code == actor.division_code,
        Position.organisation_id.is_not_distinct_from(actor.organisation_id),
    )
    run.asked_at, run.begun_at = at, None
    run.asked_by_code = actor.code
    run.asked_in_code = session.scalar(position.limit(1))


def _tell(session: Session, run: IntakeRun, title: str, at: datetime) -> None:
    """To the desk from which a worker was asked: whoever sits there may open the page."""
    position = _position_of(session, run)
    if position is None:
        return
    subject = Subject(IntakeRun.__tablename__, run.id, run.code, run.file_name)
    desk = Desk(position.role, position.division_code, position.organisation_id)
    notice = todo_for(subject, desk, title, asked_by=run.actor_name, at=at)
    notice.is_notice = True
    session.add(notice)
