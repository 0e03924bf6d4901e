"""Every write of the intake: the record of a preview, and the load: the whole file, or the rows without errors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.intake.bulk import without_collection
from registry.intake.declaration import Outcome
from registry.intake.journal import Journal
from registry.intake.mappings import wants_mapping
from registry.intake.models import (
    ASKS_COLUMNS,
    CHOICES,
    COLUMNS,
    CONTENT,
    DIFFERS,
    KNOWN,
    SEALED,
    SKIPPED,
    WORDS,
    IntakeRun,
    IntakeState,
)
from registry.intake.partial import as_ranges
from registry.intake.preview import Preview
from registry.intake.problems import facts_of
from registry.messages import N_, message

KEPT_PROBLEMS = 500
"""Problems kept with a run; the page says how many more there were, the annotated file shows all."""


def record_preview(session: Session, preview: Preview, *, actor: Actor, at: datetime) -> IntakeRun:
    """Keep what was found; the portal keeps the bytes under the run's code, unless they hold identity numbers."""
    run = IntakeRun(
        kind=preview.kind.code,
        file_name=preview.table.file_name[-200:],
        sha256=preview.table.sha256,
        **found_facts(preview),
        actor_code=actor.code,
        actor_name=actor.name,
        division_code=actor.division_code,
        organisation_id=actor.organisation_id,
        at=at,
    )
    session.add(run)
    session.flush()  # flush: the public code comes with the row
    return run


def found_facts(preview: Preview) -> dict[str, Any]:
    """What a run keeps of a preview, and what was said beside the file, so that it is judged so again."""
    problems = preview.problems
    return {
        "options": {
            "crs": preview.context.crs.value,
            SEALED: preview.fills_sealed_columns,
            COLUMNS: dict(preview.table.mapping) if preview.table.mapping is not None else None,
            WORDS: {key: dict(said) for key, said in preview.table.words.items()},
            CHOICES: dict(preview.context.choices),
            ASKS_COLUMNS: wants_mapping(preview.kind, preview.table),
            DIFFERS: bool(preview.differences),
            CONTENT: preview.table.content,
            KNOWN: preview.context.known.value,
            SKIPPED: preview.count(Outcome.SKIP),
        },
        "rows": len(preview.table.rows),
        "create": preview.count(Outcome.CREATE),
        "update": preview.count(Outcome.UPDATE),
        "same": preview.count(Outcome.SAME),
        "duplicate": preview.count(Outcome.DUPLICATE),
        "warnings": len(preview.warnings),
        "errors": len(preview.errors),
        "error_rows": preview.count(Outcome.ERROR),
        "problems": [facts_of(problem) for problem in problems[:KEPT_PROBLEMS]],
        "problems_left_out": max(0, len(problems) - KEPT_PROBLEMS),
        "state": IntakeState.PREVIEWED if preview.is_committable else IntakeState.REFUSED,
    }


def hold(session: Session, run: IntakeRun) -> IntakeState:
    """How the run stands once nobody else has it in hand: two clicks on one button go through one by one."""
    session.refresh(run, with_for_update=True)
    return run.state


def commit(
    session: Session,
    preview: Preview,
    *,
    run: IntakeRun,
    actor: Actor,
    at: datetime,
    trail: Trail,
    left_out: Sequence[int] = (),
) -> None:
    """Load every row, in the caller's transaction; raises InvalidInput where there is an error or the file differs.

    The preview must come from the same transaction, so that its look-ups are still true. `left_out` has the numbers
    of rows with errors that it does not hold any more, see partial.py.
    """
    _refuse_what_cannot_be_loaded(preview, run, left_out)
    wanted = [row for row in preview.judged if row.outcome in (Outcome.CREATE, Outcome.UPDATE)]
    try:
        with Journal(session, run).noting(), without_collection():
            preview.kind.apply(session, wanted, preview.lookups, preview.context)
            if preview.kind.followed_by is not None:
                preview.kind.followed_by(session, preview.lookups, actor, at, trail)
    except sa.exc.IntegrityError as error:  # somebody else wrote the same in between; the caller rolls back
        raise InvalidInput(
            "file", message(N_("预检之后登记库有了变动，没有导入任何一行；请重新上传。"))
        ) from error
    _note_load(run, preview, left_out, at)
    _record(session, run, actor=actor, at=at, trail=trail)


def _refuse_what_cannot_be_loaded(preview: Preview, run: IntakeRun, left_out: Sequence[int]) -> None:
    if not preview.is_committable:
        raise InvalidInput(
            "file",
            message(
                N_("文件中有%(count)s处错误，没有导入任何一行；请改好后重新上传。"), count=len(preview.errors)
            ),
        )
    awaited = IntakeState.REFUSED if left_out else IntakeState.PREVIEWED
    if run.sha256 != preview.table.sha256 or run.state not in (awaited, IntakeState.LOADING):
        raise InvalidInput("file", message(N_("这次预检已经导入过，或文件已经换了；请重新上传。")))


def _note_load(run: IntakeRun, preview: Preview, left_out: Sequence[int], at: datetime) -> None:
    """The counts of what was loaded, which may differ from what was previewed a while ago."""
    run.create, run.update = preview.count(Outcome.CREATE), preview.count(Outcome.UPDATE)
    run.same, run.duplicate = preview.count(Outcome.SAME), preview.count(Outcome.DUPLICATE)
    run.options = {**run.options, SKIPPED: preview.count(Outcome.SKIP)}
    run.error_rows = run.left_out = len(left_out)
    run.left_out_rows = as_ranges(left_out)
    run.state = IntakeState.COMMITTED
    run.committed_at = at


def _record(session: Session, run: IntakeRun, *, actor: Actor, at: datetime, trail: Trail) -> None:
    """One entry for the whole load: the file by its digest, and how many rows it changed."""
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
        facts={
            "kind": run.kind,
            "sha256": run.sha256,
            "create": run.create,
            "update": run.update,
            "left_out": run.left_out,
            **({"skipped": run.skipped} if run.skipped else {}),
        },
    )
