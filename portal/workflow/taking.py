"""Takes a step of a record from its form; what stands against it is said on the page."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from portal.extensions import db
from portal.formatting import spoken_message
from portal.security import current_actor, current_trail
from portal.workflow.forms import StepForm
from registry.clock import utc_now
from registry.errors import InvalidInput, RequirementUnmet, StaleVersion
from registry.policy.queries import working_calendar
from registry.workflow.operations import take_step


def is_taken(
    record: Any,
    step: StrEnum,
    form: StepForm,
    *,
    reason: str | None = None,
    facts: Callable[[], Any] | None = None,
) -> bool:
    """Whether the step was taken and committed; `facts` reads what was typed, and may refuse it too."""
    try:
        _take(record, step, form, reason=reason, facts=facts)
    except (InvalidInput, RequirementUnmet, StaleVersion) as refusal:
        db.session.rollback()
        _say(form, refusal, record)
        return False
    db.session.commit()
    return True


def _take(
    record: Any, step: StrEnum, form: StepForm, *, reason: str | None, facts: Callable[[], Any] | None
) -> None:
    session = db.session()
    take_step(
        session,
        record,
        step,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
        calendar=working_calendar(session),
        reason=reason or "",
        facts=facts() if facts else None,
        version=form.version.data,
        idempotency_key=form.key.data,
    )


def _say(form: StepForm, refusal: InvalidInput | RequirementUnmet | StaleVersion, record: Any) -> None:
    """Beside the field, above the form, or as what others did meanwhile."""
    if isinstance(refusal, InvalidInput):
        form.refused(refusal)
    elif isinstance(refusal, StaleVersion):
        form.overtaken(record.version)
    else:
        form.form_errors.append(spoken_message(refusal.message) if refusal.message else str(refusal))
