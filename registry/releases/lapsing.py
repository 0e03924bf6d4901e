"""What nobody decided or took within its days is over: every night, by nobody's hand."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.releases.models import Release, ReleaseState
from registry.releases.queries import overdue
from registry.releases.workflow import RELEASES, ReleaseStep
from registry.workflow.models import WorkflowStep
from registry.workflow.todos import close_todos


def lapse_overdue(session: Session, *, on: date, at: datetime, trail: Trail, by: str) -> int:
    """How many lapsed; `on` is the first day that is too late for them. `by` names the program."""
    late = overdue(session, on)
    for release in late:
        _lapse(session, release, at=at, trail=trail, by=by)
    return len(late)


def _lapse(session: Session, release: Release, *, at: datetime, trail: Trail, by: str) -> None:
    left = release.state
    release.state = ReleaseState.LAPSED
    session.add(
        WorkflowStep(
            subject_type=RELEASES.subject_type,
            subject_id=release.id,
            step=ReleaseStep.LAPSE,
            from_state=left,
            to_state=release.state,
            actor_code="",
            actor_name=by,
            at=at,
            reason="",
        )
    )
    close_todos(session, RELEASES.subject_of(release), at=at)
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code="",
        actor_name=by,
        action=f"{RELEASES.subject_type}.{ReleaseStep.LAPSE}",
        result=Result.DONE,
        subject_type=RELEASES.subject_type,
        subject_code=release.code,
        division_code=release.division_code,
        facts={"from_state": left, "to_state": release.state, "valid_until": release.valid_until.isoformat()},
    )
