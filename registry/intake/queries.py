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
from registry.intake.models import SEALED, IntakeRun, IntakeState
from registry.intake.problems import Problem, problem_from


def earlier_load(session: Session, actor: Actor, *, kind: str, sha256: str) -> IntakeRun | None:
    """The last time this very file was loaded where the actor sees it, to be said before it is loaded again."""
    same_file = (IntakeRun.kind == kind, IntakeRun.sha256 == sha256)
    return session.scalars(
        sa.select(IntakeRun)
        .where(*same_file, IntakeRun.state == IntakeState.COMMITTED)
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
