"""What somebody says of a file after its first preview: which heads fill which columns, and which values are kept.

The same run is judged anew; nothing is loaded by it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.operations import found_facts, hold
from registry.intake.preview import Preview
from registry.intake.three_way import DifferenceKind
from registry.messages import N_, message


def hold_open(session: Session, run: IntakeRun) -> None:
    """InvalidInput where the run was loaded in between: nothing more is said of it."""
    if hold(session, run) not in (IntakeState.PREVIEWED, IntakeState.REFUSED):
        raise InvalidInput("file", message(N_("这个文件已经导入，不能再改；请重新上传。")))


def judge_anew(run: IntakeRun, preview: Preview) -> None:
    """The run keeps what is found now, and what was said."""
    if run.sha256 != preview.table.sha256:
        raise InvalidInput("file", message(N_("这次预检已经导入过，或文件已经换了；请重新上传。")))
    for name, value in found_facts(preview).items():
        setattr(run, name, value)


def choose(
    session: Session, run: IntakeRun, preview: Preview, *, actor: Actor, at: datetime, trail: Trail
) -> None:
    """Keep what was chosen of the conflicts of a file that came back; one entry says how often which side was kept."""
    judge_anew(run, preview)
    conflicts = [one for one in preview.differences if one.kind is DifferenceKind.CONFLICT]
    chosen: Mapping[str, Any] = {
        "conflicts": len(conflicts),
        "file": sum(one.chosen == "file" for one in conflicts),
        "register": sum(one.chosen == "register" for one in conflicts),
    }
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.INTAKE_RUN,
        result=Result.DONE,
        subject_type=IntakeRun.__tablename__,
        subject_code=run.code,
        division_code=actor.division_code,
        facts={"kind": run.kind, "sha256": run.sha256, **chosen},
    )
