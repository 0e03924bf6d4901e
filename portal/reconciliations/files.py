"""The exports that were sent: read with the intake's reader, kept sealed with its uploads, forgotten with them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.extensions import db
from portal.intake.judging import KEEP_DAYS, MAX_ROWS
from portal.intake.kept import uploaded_files
from registry.access.actors import Actor
from registry.access.masks import sees_whole_names
from registry.clock import today
from registry.errors import InvalidInput
from registry.intake.tables import RawTable
from registry.messages import N_, message
from registry.policy.queries import parameter
from registry.reconciliations.columns import ForeignColumns
from registry.reconciliations.fields import KINDS
from registry.reconciliations.models import Reconciliation, SubjectKind
from registry.reconciliations.operations import forget_details


def table_in(session: Session, data: bytes, file_name: str, *, division_code: str, at: datetime) -> RawTable:
    """The table of a file; FileRefused where none can be read, InvalidInput where it is longer than policy lets it."""
    from reports.workbooks.reading import read_table  # the reader costs a start that reads nothing

    table = read_table(data, file_name)
    most = int(parameter(session, MAX_ROWS, division_code, today(at)))
    if len(table.rows) > most:
        sentence = N_("共%(rows)s行，超过一次%(limit)s行的上限，请拆成几个文件。")
        raise InvalidInput("file", message(sentence, rows=len(table.rows), limit=most))
    return table


def kept_table(run: Reconciliation, at: datetime) -> RawTable | None:
    """The file again; None where its time is over."""
    data = uploaded_files().read(run)
    if data is None:
        return None
    return table_in(db.session(), data, run.file_name, division_code=run.division_code, at=at)


def forget_old(run: Reconciliation, at: datetime) -> None:
    """Whatever was kept for longer than policy says goes now, the file and what was quoted from it."""
    days = int(parameter(db.session(), KEEP_DAYS, run.division_code, today(at)))
    before = at - timedelta(days=days)
    uploaded_files().forget(before)
    forget_details(db.session(), before)


def may_take_file(actor: Actor, run: Reconciliation) -> bool:
    """Whoever sent it has it back; others where it holds nobody's number and they see whole names."""
    if run.actor_code == actor.code or run.kind is not SubjectKind.PRACTITIONERS:
        return True
    said, kind = ForeignColumns.of_json(run.columns), KINDS[run.kind]
    is_sealed = any(kind.field(key).is_sealed for key in said.fields)
    return sees_whole_names(actor) and not is_sealed
