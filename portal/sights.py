"""Looking at people leaves an entry, committed before the page leaves: where it cannot be written, nothing is shown."""

from collections.abc import Mapping
from typing import Any

from portal.extensions import begin_writing, db
from portal.security import current_actor, current_trail
from registry.access.alarms import raise_alarm
from registry.access.masks import Field, Mask, mask_of
from registry.actions import Action, Deed
from registry.audit.listing import midnight
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.queries import facts_told
from registry.clock import today, utc_now


def record_sight(
    action: Action | Deed,
    *,
    subject_type: str,
    subject_code: str,
    division_code: str,
    facts: Mapping[str, Any],
) -> None:
    """To be called when the page is drawn: what was read is let go of, so that no writer waits for the drawing."""
    begin_writing()
    actor, trail, at = current_actor(), current_trail(), utc_now()
    record_entry(
        db.session(),
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=action,
        result=Result.DONE,
        subject_type=subject_type,
        subject_code=subject_code,
        division_code=division_code,
        facts=facts,
    )
    if action is Action.PRACTITIONER_SEE:
        raise_alarm(db.session(), actor, at=at, trail=trail)
    db.session.commit()


def record_list_sight(
    *, subject_type: str, subject_code: str, division_code: str, question: Mapping[str, Any], rows: int
) -> None:
    """A list with names was looked at: one entry a day for each reader and question, if it showed anybody by name.

    Turning pages and changing the order ask the same question. Who stood in it, the register says for the day.
    """
    actor = current_actor()
    mask = mask_of(actor, Field.STAFF_NAME)
    if mask is Mask.NONE or not rows:
        return
    earlier = facts_told(
        db.session(),
        Deed.PRACTITIONER_LIST.value,
        actor_code=actor.code,
        subject_code=subject_code,
        since=midnight(today()),
    )
    if any(told["question"] == question for told in earlier):
        return
    record_sight(
        Deed.PRACTITIONER_LIST,
        subject_type=subject_type,
        subject_code=subject_code,
        division_code=division_code,
        facts={"question": dict(question), "rows": rows, "name": mask.value},
    )
