"""A correction as their own file is made, for the page and the command alike."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.reconciliations import views
from registry.access.actors import Actor
from registry.access.exports import TakenAlong
from registry.access.masks import Field, Mask, mask_of
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import today
from registry.intake.tables import RawTable, TableFormat
from registry.reconciliations.columns import ForeignColumns
from registry.reconciliations.fields import KINDS, ComparedField
from registry.reconciliations.models import Reconciliation, ReconciliationFinding
from registry.reconciliations.ours import Whose, our_side
from reports.workbooks.exporting import Watermark

if TYPE_CHECKING:
    from reports.workbooks.correcting import CorrectedRow


def corrected_rows(
    session: Session,
    actor: Actor,
    run: Reconciliation,
    table: RawTable,
    findings: Sequence[ReconciliationFinding],
    *,
    at: datetime,
) -> "list[CorrectedRow]":
    """Their rows with what they have to change, as far as the actor may know it."""
    from reports.corrections import Corrections  # writing workbooks is not needed to start

    ours = our_side(session, run.kind, Whose(run.division_code, run.organisation_id), today(at))
    sources = views.sources_of(session, run)
    made = Corrections(
        kind=KINDS[run.kind],
        table=table,
        said=ForeignColumns.of_json(run.columns),
        ours={record.code: record for record in ours.records},
        sees=lambda field: _sees(actor, field),
        source_of=lambda key: views.source_of(sources, key),
        gettext=_,
    )
    return made.rows(findings)


def _sees(actor: Actor, field: ComparedField) -> bool:
    """What is masked for somebody is not written into a file of his."""
    masks = {
        "name": Field.STAFF_NAME,
        "birth_year": Field.STAFF_BIRTH_YEAR,
        "certificate_number": Field.STAFF_CERTIFICATE,
    }
    return not field.is_personal or mask_of(actor, masks[field.key]) is Mask.SHOW


def in_their_form(
    run: Reconciliation,
    table: RawTable,
    kind: str,
    rows: "Sequence[CorrectedRow]",
    about: Sequence[tuple[str, str]],
    mark: Watermark | None,
) -> bytes:
    """The bytes of a csv or an xlsx: a csv for a csv keeps its encoding and its delimiter."""
    from reports.workbooks.correcting import CorrectionFile, corrections_csv, corrections_xlsx

    is_theirs = kind == "csv" and table.format is TableFormat.CSV
    file = CorrectionFile(
        format=TableFormat(kind),
        sheet=table.sheet,
        headers=table.headers,
        rows=rows,
        note_heads=(_("更正说明"), _("权威来源")),
        encoding=table.encoding if is_theirs else "utf-8-sig",
        delimiter=table.delimiter if is_theirs else ",",
        more={_("来源系统"): run.system.name} | ({_("水印"): mark.below} if mark and kind == "csv" else {}),
    )
    if kind == "csv":
        return corrections_csv(file)
    return corrections_xlsx(file, about=about, gettext=_, mark=mark)


def record_places_taken(
    session: Session, taken: TakenAlong, *, actor: Actor, at: datetime, trail: Trail
) -> None:
    """A file without people leaves an entry; one with people goes the way of `access/exports.py`."""
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.RECONCILIATION_RUN,
        result=Result.DONE,
        subject_type=taken.subject_type,
        subject_code=taken.subject_code,
        division_code=taken.division_code,
        facts={**taken.facts, "rows": taken.rows},
    )
