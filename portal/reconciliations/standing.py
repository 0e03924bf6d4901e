"""What is known of a file's columns before anybody says anything of this one: for the page and the command alike."""

from dataclasses import replace

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.intake.mappings import nearest_mapping
from registry.intake.models import ColumnMapping
from registry.intake.tables import RawTable
from registry.reconciliations.columns import ForeignColumns, guessed, mapping_kind
from registry.reconciliations.models import Reconciliation
from registry.reconciliations.queries import identities_for


def standing_columns(session: Session, actor: Actor, run: Reconciliation, table: RawTable) -> ForeignColumns:
    """What was said of this file, else of the last one of the same system, else what the heads say."""
    if run.columns:
        return ForeignColumns.of_json(run.columns)
    said = guessed(run.kind, table.headers, remembered_columns(session, actor, run, table))
    ways = identities_for(actor, run.kind)
    return replace(said, identities=tuple(one for one in said.identities if one in ways))


def remembered_columns(
    session: Session, actor: Actor, run: Reconciliation, table: RawTable
) -> ColumnMapping | None:
    """What was said of the columns of this system where the actor stands."""
    return nearest_mapping(session, actor, kind=mapping_kind(run), headers=table.headers)
