"""Every read of reconciliations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.sql.elements import ColumnElement

from registry.access.actors import Actor
from registry.access.masks import sees_whole_names
from registry.access.rules import may, readable
from registry.actions import Action
from registry.divisions.codes import NATION, ancestors, within
from registry.listing import PAGE_SIZE, Count, Page
from registry.reconciliations.fields import KINDS
from registry.reconciliations.models import (
    Corrector,
    Evidence,
    FieldAuthority,
    Outcome,
    Progress,
    Reconciliation,
    ReconciliationFinding,
    SourceSystem,
    SubjectKind,
)

SHOWN_RUNS = 20

Finding = ReconciliationFinding


def systems_for(session: Session, division_code: str) -> list[SourceSystem]:
    """The systems that somebody above, here or below entered, by name."""
    around = sa.or_(
        SourceSystem.division_code.in_((NATION, *ancestors(division_code))),
        within(SourceSystem.division_code, division_code),
    )
    return list(session.scalars(sa.select(SourceSystem).where(around).order_by(SourceSystem.name)))


def authorities_on(
    session: Session, kind: SubjectKind, division_code: str, on: date
) -> dict[str, FieldAuthority]:
    """By field, what is in force on a day: the nearest division that says something wins."""
    statement = (
        sa.select(FieldAuthority)
        .where(
            FieldAuthority.kind == kind,
            FieldAuthority.division_code.in_((NATION, *ancestors(division_code), division_code)),
            FieldAuthority.valid_from <= on,
            sa.or_(FieldAuthority.valid_to.is_(None), FieldAuthority.valid_to > on),
        )
        .options(joinedload(FieldAuthority.system))
        .order_by(sa.func.length(FieldAuthority.division_code), FieldAuthority.valid_from)
    )
    return {one.field: one for one in session.scalars(statement)}


def recent_reconciliations(session: Session, actor: Actor) -> list[Reconciliation]:
    """The last ones that the actor may see, the newest first."""
    return list(
        session.scalars(
            sa.select(Reconciliation)
            .where(readable(Reconciliation, actor, Action.RECONCILIATION_RUN))
            .options(joinedload(Reconciliation.system))
            .order_by(Reconciliation.id.desc())
            .limit(SHOWN_RUNS)
        )
    )


def same_matter(run: Reconciliation) -> ColumnElement[bool]:
    """Comparisons of the same system, kind and place."""
    owner = Reconciliation.organisation_id
    return sa.and_(
        Reconciliation.system_id == run.system_id,
        Reconciliation.kind == run.kind,
        Reconciliation.division_code == run.division_code,
        owner.is_(None) if run.organisation_id is None else owner == run.organisation_id,
        Reconciliation.id != run.id,
    )


def identities_for(actor: Actor, kind: SubjectKind) -> tuple[Evidence, ...]:
    """By what the actor may look people up: what his role may not know, he does not find people by either."""
    usable = [one.evidence for one in KINDS[kind].identities]
    if kind is SubjectKind.PRACTITIONERS:
        if not may(actor, Action.IDENTITY_SEARCH):
            usable.remove(Evidence.IDENTITY_NUMBER)
        if not sees_whole_names(actor):
            usable.remove(Evidence.CERTIFICATE_NUMBER)
            usable.remove(Evidence.NAME_AND_YEAR)
    return tuple(usable)


@dataclass(frozen=True)
class Wanted:
    """What of the findings is asked for; None asks for all."""

    outcome: Outcome | None = None
    corrector: Corrector | None = None
    progress: Progress | None = None
    field: str = ""

    def conditions(self, run: Reconciliation) -> list[ColumnElement[bool]]:
        """On the findings of one comparison."""
        asked = (
            (Finding.outcome, self.outcome),
            (Finding.corrector, self.corrector),
            (Finding.progress, self.progress),
            (Finding.field, self.field or None),
        )
        own = [Finding.reconciliation_id == run.id]
        return own + [column == value for column, value in asked if value is not None]


def findings_page(session: Session, run: Reconciliation, wanted: Wanted, number: int) -> Page:
    """One page, in the order of their rows; what only we have comes last."""
    conditions = wanted.conditions(run)
    count = session.scalar(sa.select(sa.func.count()).select_from(Finding).where(*conditions)) or 0
    statement = _in_order(conditions).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    rows = list(session.scalars(statement))
    return Page(rows, Count(count), number, has_next=number * PAGE_SIZE < count)


def findings_of(session: Session, run: Reconciliation, wanted: Wanted) -> list[ReconciliationFinding]:
    """All of them, in the same order."""
    return list(session.scalars(_in_order(wanted.conditions(run))))


def left_to_them(
    session: Session, run: Reconciliation, progress: Progress | None = None
) -> list[ReconciliationFinding]:
    """What they have to correct; of a part of their list, nothing that only we have."""
    found = findings_of(session, run, Wanted(corrector=Corrector.THEM, progress=progress))
    if not run.seems_partial:
        return found
    return [one for one in found if one.outcome is not Outcome.ONLY_OURS]


def findings_named(
    session: Session, run: Reconciliation, codes: Sequence[str]
) -> list[ReconciliationFinding]:
    """Those of one comparison that somebody ticked."""
    own = sa.select(Finding).where(Finding.reconciliation_id == run.id, Finding.code.in_(codes))
    return list(session.scalars(own.order_by(Finding.id)))


def _in_order(conditions: Sequence[ColumnElement[bool]]) -> sa.Select[ReconciliationFinding]:
    return (
        sa.select(Finding)
        .where(*conditions)
        .order_by(Finding.row.is_(None), Finding.row, Finding.name, Finding.id)
    )


def counts_of(session: Session, run: Reconciliation) -> Mapping[tuple[Outcome, Corrector, Progress], int]:
    """How many findings there are of each sort."""
    sort = (Finding.outcome, Finding.corrector, Finding.progress)
    statement = sa.select(*sort, sa.func.count()).where(Finding.reconciliation_id == run.id).group_by(*sort)
    return {
        (outcome, corrector, progress): count
        for outcome, corrector, progress, count in session.execute(statement)
    }


def reported_before(session: Session, run: Reconciliation) -> list[ReconciliationFinding]:
    """What was reported after an earlier export and was not seen corrected since, in the order of time."""
    statement = (
        sa.select(Finding)
        .join(Finding.reconciliation)
        .where(same_matter(run), Finding.progress.in_((Progress.REPORTED, Progress.UNCHANGED)))
        .where(Reconciliation.id < run.id)
        .options(contains_eager(Finding.reconciliation))
        .order_by(Finding.id)
    )
    return list(session.scalars(statement))


def corrected_since(session: Session, run: Reconciliation) -> int:
    """How many matters that were reported this export shows corrected."""
    statement = (
        sa.select(sa.func.count(Finding.matter.distinct()))
        .join(Finding.reconciliation)
        .where(same_matter(run), Finding.corrected_at == run.compared_at)
    )
    return session.scalar(statement) or 0
