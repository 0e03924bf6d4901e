"""Taking a released file: the step that uses it up and the entry of the export, in one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.exports import Purpose, TakenAlong, record_export_up_to
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.releases.models import Release
from registry.releases.operations import Wanted
from registry.releases.workflow import ReleaseStep
from registry.workflow.operations import take_step
from registry.workflow.queries import history


def take_release(
    session: Session,
    release: Release,
    wanted: Wanted,
    taken: TakenAlong,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    calendar: WorkingCalendar,
) -> None:
    """Refused as any step is, and with TooManyExports beyond the day's number: then the caller rolls back."""
    take_step(
        session,
        release,
        ReleaseStep.TAKE,
        actor=actor,
        at=at,
        trail=trail,
        calendar=calendar,
        facts=wanted,
    )
    facts = {**taken.facts, "release": release.code, **_released_by(session, release)}
    along = TakenAlong(taken.subject_type, taken.subject_code, taken.division_code, taken.rows, facts)
    purpose = Purpose(release.reason, release.note)
    record_export_up_to(session, release.rows, along, purpose, actor=actor, at=at, trail=trail)


def _released_by(session: Session, release: Release) -> dict[str, str]:
    steps = [step for step in history(session, release) if step.step == ReleaseStep.RELEASE]
    return {"released by": steps[-1].actor_code, "released by name": steps[-1].actor_name}
