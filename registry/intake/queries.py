"""Every read of the intake's own record."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.problems import Problem, problem_from


def earlier_load(session: Session, *, kind: str, sha256: str) -> IntakeRun | None:
    """The last time this very file was loaded, so that the page can say so before it is loaded again."""
    return session.scalars(
        sa.select(IntakeRun)
        .where(IntakeRun.kind == kind, IntakeRun.sha256 == sha256, IntakeRun.state == IntakeState.COMMITTED)
        .order_by(IntakeRun.id.desc())
        .limit(1)
    ).one_or_none()


def problems_of(run: IntakeRun) -> tuple[Problem, ...]:
    """The problems that were kept, in the order of the file."""
    return tuple(problem_from(facts) for facts in run.problems)


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
