"""Looking at people leaves an entry, committed before the page leaves: where it cannot be written, nothing is shown."""

from collections.abc import Mapping
from typing import Any

from portal.extensions import begin_writing, db
from portal.security import current_actor, current_trail
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.clock import utc_now


def record_sight(
    action: Action, *, subject_type: str, subject_code: str, division_code: str, facts: Mapping[str, Any]
) -> None:
    """To be called when the page is drawn: what was read is let go of, so that no writer waits for the drawing."""
    begin_writing()
    actor, trail = current_actor(), current_trail()
    record_entry(
        db.session(),
        key=trail.key,
        at=utc_now(),
        actor_code=actor.code,
        actor_name=actor.name,
        action=action,
        result=Result.DONE,
        subject_type=subject_type,
        subject_code=subject_code,
        division_code=division_code,
        facts=facts,
        request_id=trail.request_id,
    )
    db.session.commit()
