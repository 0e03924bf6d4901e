"""Joins the file reader of reports with the intake of the registry, for the page and the command alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.intake.effects import counts_of, effects_between
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import today
from registry.divisions.codes import NATION
from registry.errors import NotVisible
from registry.intake.coordinates import Crs
from registry.intake.declaration import Context, WorkbookKind
from registry.intake.kinds import KINDS
from registry.intake.models import IntakeRun
from registry.intake.operations import commit
from registry.intake.preview import Preview, preview
from registry.policy.queries import parameter
from registry.sealing.providers import SealProvider

MAX_ROWS = "intake.max_rows"
"""The parameter with the most rows that one file may hold."""
KEEP_DAYS = "intake.keep_days"
"""The parameter with the days for which an uploaded file is kept."""


@dataclass(frozen=True)
class Upload:
    """A file as it was sent in, and what was said beside it."""

    file_name: str
    data: bytes
    crs: Crs = Crs.WGS84


def kind_of(code: str) -> WorkbookKind[Any]:
    """The kind of workbook with this code; NotVisible where there is none."""
    kinds: Mapping[str, WorkbookKind[Any]] = KINDS
    if code not in kinds:
        raise NotVisible
    return kinds[code]


def judged(
    session: Session,
    kind: WorkbookKind[Any],
    upload: Upload,
    *,
    actor: Actor,
    at: datetime,
    seals: SealProvider | None,
) -> Preview:
    """What loading the file would do; raises FileRefused where no table can be read from it."""
    from reports.workbooks.reading import read_table  # the reader costs a command that does not read nothing

    table = read_table(upload.data, upload.file_name, sheets=(kind.zh, kind.en))
    return preview(session, kind, table, context_of(session, actor, crs=upload.crs, at=at, seals=seals))


def judged_again(
    session: Session, run: IntakeRun, data: bytes, *, actor: Actor, at: datetime, seals: SealProvider
) -> Preview:
    """The kept file, judged by the register as it stands now."""
    upload = Upload(run.file_name, data, Crs(run.options["crs"]))
    return judged(session, kind_of(run.kind), upload, actor=actor, at=at, seals=seals)


def load(session: Session, run: IntakeRun, found: Preview, *, actor: Actor, trail: Trail) -> None:
    """Load what was judged in this transaction, and keep what it did to the share; InvalidInput for errors."""
    on = found.context.on
    before = counts_of(session, actor, on)
    commit(session, found, run=run, actor=actor, at=found.context.at, trail=trail)
    run.effects = effects_between(before, counts_of(session, actor, on))


def kept_since(session: Session, run: IntakeRun, at: datetime) -> datetime:
    """Files sent before this instant are forgotten."""
    return at - timedelta(days=int(parameter(session, KEEP_DAYS, run.division_code, today(at))))


def context_of(
    session: Session, actor: Actor, *, crs: Crs, at: datetime, seals: SealProvider | None
) -> Context:
    """How far the actor's rows may reach: his subtree, or his organisation wherever it lies."""
    on = today(at)
    own = actor.organisation_id if actor.role in (Role.PROVIDER, Role.STATION) else None
    return Context(
        at=at,
        on=on,
        max_rows=int(parameter(session, MAX_ROWS, actor.division_code, on)),
        crs=crs,
        seals=seals,
        division_code=actor.division_code if own is None else NATION,
        organisation_id=own,
    )
