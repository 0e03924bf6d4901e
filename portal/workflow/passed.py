"""A link to a step that is not open any more: who was there first, and when."""

from enum import StrEnum
from typing import Any

from flask import flash
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import moment, word
from registry.workflow.models import WorkflowStep
from registry.workflow.queries import history
from registry.workflow_table import workflow_of


def tell_what_was_done(session: Session, record: Any, step: StrEnum, steps: type[StrEnum]) -> None:
    """Above the record, to which such a link leads: the step that moved it on, where the state has no such step."""
    workflow = workflow_of(record)
    transition = workflow.transition(step)
    if transition is not None and record.state in transition.from_states:
        flash(_("这一步不由您的岗位办理，下面是现在的内容。"))
        return
    moved = [taken for taken in history(session, record) if taken.from_state != taken.to_state]
    if moved:
        flash(_said(moved[-1], steps))


def _said(taken: WorkflowStep, steps: type[StrEnum]) -> str:
    done = word(steps(taken.step))
    return str(
        _(
            "已由%(name)s于%(time)s办理“%(step)s”，这一步不能再办。下面是现在的内容。",
            name=taken.actor_name,
            time=moment(taken.at),
            step=done,
        )
    )
