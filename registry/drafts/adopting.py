"""既有名单转入: what stood on a list before anything was filled in here gets its record, with no invented answer.

No step of the table leads there, because nobody asks or decides: the record is made as it stands, with its first
line of history and its entry in the trail.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.workflow.models import WorkflowStep
from registry.workflow_table import workflow_of

ADOPT = "adopt"


@dataclass(frozen=True)
class Adoption:
    """When it is brought over, by which program or person, and in which trail that is written."""

    on: date
    at: datetime
    by: str
    trail: Trail
    by_code: str = ""
    """The account; empty where no person did it."""


def adopt(session: Session, record: Any, source: str, adoption: Adoption) -> None:
    """Put a record that stands into the register; `source` names the list that it was on."""
    record.adopted_from, record.adopted_on = source, adoption.on
    session.add(record)
    session.flush()  # flush: the history needs the record's key
    session.add(_history_of(record, source, adoption))
    _record(session, record, source, adoption)


def _history_of(record: Any, source: str, adoption: Adoption) -> WorkflowStep:
    return WorkflowStep(
        subject_type=workflow_of(record).subject_type,
        subject_id=record.id,
        step=ADOPT,
        from_state="",
        to_state=record.state,
        actor_code=adoption.by_code,
        actor_name=adoption.by,
        at=adoption.at,
        reason=source,
    )


def _record(session: Session, record: Any, source: str, adoption: Adoption) -> None:
    workflow = workflow_of(record)
    record_entry(
        session,
        trail=adoption.trail,
        at=adoption.at,
        actor_code=adoption.by_code,
        actor_name=adoption.by,
        action=f"{workflow.subject_type}.{ADOPT}",
        result=Result.DONE,
        subject_type=workflow.subject_type,
        subject_code=record.code,
        division_code=workflow.place_of(record),
        facts={
            "from_state": "",
            "to_state": record.state,
            "number": record.standing.number,
            "source": source,
        },
    )
