"""What was begun and not handed in yet: of every kind of record that its noun declares to have drafts.

It waits for nobody, so it is no to-do; whoever was interrupted still has to find it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import may, readable
from registry.drafts.models import DraftEdit
from registry.workflow.models import WorkflowStep
from registry.workflow_table import DRAFTS, WORKFLOWS, Subject

NEVER = datetime.min.replace(tzinfo=UTC)
SHOWN = 20
"""Of each kind: more are found in the list of the kind."""


@dataclass(frozen=True)
class Unfinished:
    """One draft, and when something of it was last kept."""

    subject: Subject
    saved_at: datetime | None
    """None where nothing says when it was made."""


def unfinished_of(session: Session, actor: Actor) -> list[Unfinished]:
    """The drafts that the actor may go on with, those kept last first."""
    found = [one for model in DRAFTS for one in _unfinished(session, model, actor)]
    return sorted(found, key=lambda one: one.saved_at or NEVER, reverse=True)


def _unfinished(session: Session, model: Any, actor: Actor) -> list[Unfinished]:
    workflow = WORKFLOWS[model]
    if not may(actor, workflow.start.action):
        return []
    drafts = sa.select(model).where(
        model.state == workflow.start.to_state, readable(model, actor, workflow.start.action)
    )
    records = session.scalars(drafts.options(*DRAFTS[model]).order_by(model.id.desc()).limit(SHOWN)).all()
    kept = _kept_at(session, workflow.subject_type, [record.id for record in records])
    return [Unfinished(workflow.subject_of(record), kept.get(record.id)) for record in records]


def _kept_at(session: Session, subject_type: str, ids: Sequence[int]) -> dict[int, datetime]:
    """When the last answer was kept, or the last step taken, such as the first: drawing it up."""
    found: dict[int, datetime] = {}
    for model in (WorkflowStep, DraftEdit) if ids else ():
        newest = (
            sa.select(model.subject_id, sa.func.max(model.at))
            .where(model.subject_type == subject_type, model.subject_id.in_(ids))
            .group_by(model.subject_id)
        )
        for subject_id, at in session.execute(newest):
            found[subject_id] = max(at, found.get(subject_id, at))
    return found
