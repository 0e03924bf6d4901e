"""Every read of the intake's own record."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import Field, Mask, mask_of, sees_whole_names
from registry.access.rules import readable
from registry.actions import Action
from registry.intake.declaration import WorkbookKind
from registry.intake.models import CONTENT, DIFFERS, SEALED, TO_CHECK, IntakeRun, IntakeState
from registry.intake.preview import may_skip_known
from registry.intake.problems import Problem, Severity, problem_from


def earlier_load(
    session: Session, actor: Actor, *, kind: str, sha256: str, content: str = ""
) -> IntakeRun | None:
    """The last time this very file was loaded where the actor sees it, or one with the same cells saved anew.

    To be said before it is loaded again. `content`: the digest of the cells, see tables.py; empty where none is known.
    """
    is_same = IntakeRun.sha256 == sha256
    if content:
        is_same = sa.or_(is_same, IntakeRun.options[CONTENT].as_string() == content)
    return session.scalars(
        sa.select(IntakeRun)
        .where(IntakeRun.kind == kind, is_same, IntakeRun.state == IntakeState.COMMITTED)
        .where(readable(IntakeRun, actor, Action.INTAKE_RUN))
        .order_by(IntakeRun.id.desc())
        .limit(1)
    ).one_or_none()


def may_read_file(actor: Actor, run: IntakeRun, kind: WorkbookKind[Any]) -> bool:
    """Whoever sent a file knows it; one of people holds whole names and perhaps identity numbers."""
    if run.actor_code == actor.code or not kind.holds_people:
        return True
    if run.options.get(SEALED) and mask_of(actor, Field.STAFF_IDENTITY) is not Mask.SHOW:
        return False
    return sees_whole_names(actor)


def may_load_part(run: IntakeRun, kind: WorkbookKind[Any]) -> bool:
    """Whether rows without errors can be offered to be loaded beside those with."""
    is_of_rows = run.state is IntakeState.REFUSED and run.error_rows > 0 and run.unjudged == 0
    of_file = any(facts["row"] <= 1 and facts["severity"] == Severity.ERROR for facts in run.problems)
    return is_of_rows and not of_file and run.create + run.update > 0 and not kind.is_whole


def may_choose_known(run: IntakeRun, kind: WorkbookKind[Any]) -> bool:
    """Whether rows that the register has can be left out, or were."""
    is_open = run.state in (IntakeState.PREVIEWED, IntakeState.REFUSED)
    may = may_skip_known(kind, is_taken_out=bool(run.options.get(DIFFERS)))
    return is_open and may and run.update + run.skipped > 0


def problems_of(run: IntakeRun, *, with_values: bool) -> tuple[Problem, ...]:
    """The problems that were kept, in the order of the file; without what was typed there for who may not read it."""
    kept = tuple(problem_from(facts) for facts in run.problems)
    return kept if with_values else tuple(replace(problem, value="") for problem in kept)


def recent_runs(session: Session, actor: Actor, *, limit: int = 20) -> list[IntakeRun]:
    """The last files of the actor's place or organisation, the newest first, whatever became of them."""
    return list(
        session.scalars(
            sa.select(IntakeRun)
            .where(readable(IntakeRun, actor, Action.INTAKE_RUN))
            .order_by(IntakeRun.id.desc())
            .limit(limit)
        )
    )


def codes_to_check(session: Session) -> list[str]:
    """Files that a worker has still to check, the oldest first: a worker that starts is given them again."""
    return _codes_in(session, *TO_CHECK)


def codes_to_load(session: Session) -> list[str]:
    """Files that a worker has still to load, the oldest first."""
    return _codes_in(session, IntakeState.LOADING)


def codes_to_undo(session: Session) -> list[str]:
    """Loads that a worker has still to undo, the oldest first."""
    return _codes_in(session, IntakeState.UNDOING)


def run_by_code(session: Session, code: str) -> IntakeRun | None:
    """The run of one file."""
    return session.scalar(sa.select(IntakeRun).where(IntakeRun.code == code))


def _codes_in(session: Session, *states: IntakeState) -> list[str]:
    found = sa.select(IntakeRun.code).where(IntakeRun.state.in_(states))
    return list(session.scalars(found.order_by(IntakeRun.id)))
