"""Joins the file reader of reports with the intake of the registry, for the page and the command alike."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.intake.effects import counts_of, effects_between
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.rules import authorize
from registry.audit.trail import Trail
from registry.clock import today
from registry.divisions.codes import NATION
from registry.errors import NotVisible
from registry.intake.coordinates import Crs
from registry.intake.declaration import Context, Known, WorkbookKind
from registry.intake.kinds import KINDS
from registry.intake.likeness import told_by_likeness
from registry.intake.mappings import as_mapped
from registry.intake.models import CHOICES, COLUMNS, KNOWN, WORDS, IntakeRun
from registry.intake.noting import Noting, NotingOfAll, nobody_waits, silent
from registry.intake.operations import commit
from registry.intake.preview import Preview, holds_identity_numbers, preview
from registry.intake.round_trip import owner_of
from registry.intake.tables import RawTable
from registry.intake.undoing import Undoing, undo
from registry.messages import N_
from registry.organisations.models import Organisation
from registry.policy.queries import parameter, parameter_if_set
from registry.sealing.providers import SealProvider

MAX_ROWS = "intake.max_rows"
"""The parameter with the most rows that one file may hold."""
JOB_ROWS = "intake.job_rows"
"""The parameter with the rows above which a file is checked, loaded and undone by a worker; unset, nothing is."""
KEEP_DAYS = "intake.keep_days"
"""The parameter with the days for which an uploaded file is kept."""

NOT_KEPT = N_("这个文件没有保存，或已清理；请重新上传。")


@dataclass(frozen=True)
class Upload:
    """A file as it was sent in, and what was said beside it."""

    file_name: str
    data: bytes
    crs: Crs = Crs.WGS84
    said: Mapping[str, Any] | None = None
    """The options of its run; None for a file that comes for the first time."""
    organisation_id: int | None = None
    """Whose file it is: somebody above who loads it reaches no further than the organisation."""
    known: Known = Known.UPDATE
    """What was chosen of rows that the register has; what its run says goes before."""


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
    """What loading the file would do; raises FileRefused where no table can be read from it, NotAllowed for others."""
    authorize(actor, kind.action)
    table = read(kind, upload)
    return judged_table(
        session,
        kind,
        table,
        crs=upload.crs,
        actor=actor,
        at=at,
        seals=seals,
        said=upload.said,
        organisation_id=upload.organisation_id,
        known=upload.known,
    )


def read(kind: WorkbookKind[Any], upload: Upload) -> RawTable:
    """The table of a file; raises FileRefused where none can be read from it."""
    from reports.workbooks.reading import read_table  # the reader costs a command that does not read nothing

    return read_table(upload.data, upload.file_name, sheets=(kind.zh, kind.en))


def judged_table(
    session: Session,
    kind: WorkbookKind[Any],
    table: RawTable,
    *,
    crs: Crs,
    actor: Actor,
    at: datetime,
    seals: SealProvider | None,
    noting: Noting = silent,
    said: Mapping[str, Any] | None = None,
    organisation_id: int | None = None,
    known: Known = Known.UPDATE,
) -> Preview:
    """The same of a table that is read already; raises NotAllowed where the kind is for others."""
    authorize(actor, kind.action)
    asked = replace(context_of(session, actor, crs=crs, at=at, seals=seals), noting=noting, known=known)
    context = as_taken(asked, table)
    context = _as_of(session, context, organisation_id)
    if said is None:
        table = as_mapped(session, kind, table, actor)
    else:
        table = replace(table, mapping=said.get(COLUMNS), words=said.get(WORDS, {}))
        context = replace(context, choices=said.get(CHOICES, {}), known=Known(said.get(KNOWN, Known.UPDATE)))
    return told_by_likeness(preview(session, kind, table, context), KINDS.values())


def _as_of(session: Session, context: Context, organisation_id: int | None) -> Context:
    """An organisation's file says what the organisation may say, whoever loads it: its diplomas wait to be verified."""
    if organisation_id is None:
        return context
    owner = session.get_one(Organisation, organisation_id).code
    return replace(context, division_code=NATION, organisation_id=organisation_id, owner=owner)


def as_taken(context: Context, table: RawTable) -> Context:
    """What the register writes out holds WGS-84, whatever is said beside the file when it comes back."""
    return replace(context, crs=Crs.WGS84) if table.hidden else context


def is_for_a_worker(
    session: Session, kind: WorkbookKind[Any], table: RawTable, *, actor: Actor, at: datetime
) -> bool:
    """Whether the file is too long to be waited for; one that may not be kept is judged at once all the same."""
    most = parameter_if_set(session, JOB_ROWS, actor.division_code, today(at))
    return most is not None and len(table.rows) > int(most) and not holds_identity_numbers(kind, table)


def judged_again(
    session: Session,
    run: IntakeRun,
    data: bytes,
    *,
    actor: Actor,
    at: datetime,
    seals: SealProvider,
    said: Mapping[str, Any] | None = None,
) -> Preview:
    """The kept file, judged by the register as it stands now; `said` is what somebody says anew."""
    upload = Upload(
        run.file_name, data, Crs(run.options["crs"]), {**run.options, **(said or {})}, run.organisation_id
    )
    return judged(session, kind_of(run.kind), upload, actor=actor, at=at, seals=seals)


def load(
    session: Session,
    run: IntakeRun,
    found: Preview,
    *,
    actor: Actor,
    trail: Trail,
    left_out: Sequence[int] = (),
) -> None:
    """Load what was judged in this transaction, and keep what it did to the share; InvalidInput for errors."""
    at = found.context.at
    with _effects_kept(session, run, actor, at):
        commit(session, found, run=run, actor=actor, at=at, trail=trail, left_out=left_out)


def undo_load(
    session: Session,
    run: IntakeRun,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    noting: NotingOfAll = nobody_waits,
) -> Undoing:
    """Undo a load, and keep what that did to the share; InvalidInput where it cannot be undone."""
    authorize(actor, kind_of(run.kind).action)
    with _effects_kept(session, run, actor, at):
        return undo(session, run, actor=actor, at=at, trail=trail, noting=noting)


def is_undone_by_a_worker(session: Session, run: IntakeRun, at: datetime) -> bool:
    """Whether the load is too long to be undone while somebody waits."""
    most = parameter_if_set(session, JOB_ROWS, run.division_code, today(at))
    return most is not None and run.create + run.update > int(most)


@contextmanager
def _effects_kept(session: Session, run: IntakeRun, actor: Actor, at: datetime) -> Iterator[None]:
    on = today(at)
    before = counts_of(session, actor, on)
    yield
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
        owner=owner_of(session, actor),
    )
