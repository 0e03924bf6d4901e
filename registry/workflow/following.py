"""A step of one record that brings a step of another along, as the table of the first says."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry.policy.queries import working_calendar
from registry.workflow.operations import follow
from registry.workflow_table import Effect, Facts, Occasion, workflow_of

OtherOf = Callable[[Session, Any], Any]
"""The record that goes along, or None."""


def bringing(step: StrEnum, other_of: OtherOf, effect: Effect | None = None) -> Effect:
    """The effect, and with it a step of another record, where there is one in whose state the step is open."""

    def brought(session: Session, record: Any, occasion: Occasion) -> Facts:
        facts = effect(session, record, occasion) if effect is not None else {}
        other = other_of(session, record)
        if other is None or not _is_open(other, step):
            return facts
        follow(session, other, step, occasion, working_calendar(session))
        return {**facts, step.value: other.code}

    return brought


def _is_open(record: Any, step: StrEnum) -> bool:
    return step in {transition.step for transition in workflow_of(record).leaving(record.state)}
