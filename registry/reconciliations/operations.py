"""Every write of reconciliations: a file comes in, is compared, and what was found is reported or assigned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.base import new_codes
from registry.clock import today
from registry.errors import InvalidInput, StaleVersion
from registry.intake.bulk import insert_rows, without_collection
from registry.intake.mappings import remember
from registry.intake.problems import facts_of_message
from registry.intake.tables import RawTable
from registry.messages import N_, message
from registry.reconciliations.columns import ForeignColumns, check_columns, mapping_kind
from registry.reconciliations.comparing import Comparison, Found, compare
from registry.reconciliations.fields import KINDS
from registry.reconciliations.following import Mark, followed_up, marks_of, take_back_corrected
from registry.reconciliations.models import (
    CORRECTABLE,
    ComparisonState,
    Corrector,
    Outcome,
    Progress,
    Reconciliation,
    ReconciliationFinding,
    SourceSystem,
    SubjectKind,
)
from registry.reconciliations.ours import Whose, our_side, prefixes_of
from registry.reconciliations.queries import authorities_on, identities_for
from registry.reconciliations.readings import Surroundings
from registry.sealing.providers import SealProvider

Finding = ReconciliationFinding


@dataclass(frozen=True)
class Sent:
    """What somebody sent in to be compared."""

    system: SourceSystem
    kind: SubjectKind
    table: RawTable
    form_key: str


def take_in(session: Session, sent: Sent, *, actor: Actor, at: datetime, trail: Trail) -> Reconciliation:
    """Keep what came in; the same form again gives the same comparison. The portal keeps the bytes under its code."""
    authorize(actor, Action.RECONCILIATION_RUN)
    earlier = session.scalar(sa.select(Reconciliation).where(Reconciliation.form_key == sent.form_key))
    if earlier is not None:
        authorize(actor, Action.RECONCILIATION_RUN, earlier)
        return earlier
    table = sent.table
    run = Reconciliation(
        form_key=sent.form_key,
        kind=sent.kind,
        file_name=table.file_name[-200:],
        sha256=table.sha256,
        format=table.format.value,
        columns={},
        rows=len(table.rows),
        actor_code=actor.code,
        actor_name=actor.name,
        division_code=actor.division_code,
        organisation_id=actor.organisation_id,
        at=at,
        system=sent.system,
    )
    session.add(run)
    session.flush()  # flush: the public code comes with the row
    facts = {"system": sent.system.code, "kind": sent.kind, "sha256": run.sha256, "rows": run.rows}
    _record(session, run, Action.RECONCILIATION_RUN, facts, actor=actor, at=at, trail=trail)
    return run


def compare_file(
    session: Session,
    run: Reconciliation,
    table: RawTable,
    said: ForeignColumns,
    *,
    version: int,
    actor: Actor,
    at: datetime,
    seals: SealProvider,
    trail: Trail,
) -> None:
    """Compare the kept file with the register as it stands; StaleVersion where somebody did so in between."""
    authorize(actor, Action.RECONCILIATION_RUN, run)
    check_columns(run.kind, said, identities_for(actor, run.kind))
    session.refresh(run, with_for_update={"of": Reconciliation})
    if run.version != version:
        raise StaleVersion
    if run.sha256 != table.sha256:
        raise InvalidInput("file", message(N_("文件已经换了；请重新上传。")))
    _remember(session, run, table, said, actor=actor, at=at, trail=trail)
    found = _compared(session, run, table, said, at=at, seals=seals)
    if run.columns != said.as_json():
        take_back_corrected(session, run)
    kept = marks_of(session, run, found)
    session.execute(sa.delete(Finding).where(Finding.reconciliation_id == run.id))
    _keep_counts(run, found, said, at)
    session.flush()
    around = Surroundings(prefixes_of(session, run.division_code), said.synonyms(KINDS[run.kind]))
    kept = followed_up(session, run, found, around, at) | kept
    insert_rows(session, Finding, _rows_of(run, found, kept))
    facts = {"rows": run.rows, "matched": run.matched, "findings": len(found.findings)}
    _record(session, run, Deed.RECONCILIATION_COMPARE, facts, actor=actor, at=at, trail=trail)


def _remember(
    session: Session,
    run: Reconciliation,
    table: RawTable,
    said: ForeignColumns,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    """Offered with the next export of the same system; each comparison keeps its own copy, so the last word holds."""
    remember(
        session,
        kind=mapping_kind(run),
        headers=table.headers,
        columns=said.fields,
        words=said.words,
        seen=None,
        action=Action.RECONCILIATION_RUN,
        actor=actor,
        at=at,
        trail=trail,
    )


def _compared(
    session: Session,
    run: Reconciliation,
    table: RawTable,
    said: ForeignColumns,
    *,
    at: datetime,
    seals: SealProvider,
) -> Comparison:
    kind, on = KINDS[run.kind], today(at)
    authorities = authorities_on(session, run.kind, run.division_code, on)
    with without_collection():
        return compare(
            kind,
            table,
            said,
            our_side(session, run.kind, Whose(run.division_code, run.organisation_id), on),
            around=Surroundings(prefixes_of(session, run.division_code), said.synonyms(kind), seals),
            authorities={field: one.system_id for field, one in authorities.items()},
            system_id=run.system_id,
        )


def _keep_counts(run: Reconciliation, found: Comparison, said: ForeignColumns, at: datetime) -> None:
    run.state, run.compared_at, run.columns = ComparisonState.COMPARED, at, said.as_json()
    run.matched = found.matched
    run.only_theirs = found.count(Outcome.ONLY_THEIRS)
    run.ambiguous = found.count(Outcome.AMBIGUOUS)
    run.unreadable = found.count(Outcome.UNREADABLE)
    run.only_ours = found.count(Outcome.ONLY_OURS)
    run.fields_compared, run.fields_same = found.fields_compared, found.fields_same


def _rows_of(run: Reconciliation, found: Comparison, marks: Mapping[str, Mark]) -> list[dict[str, Any]]:
    nothing = {"progress": Progress.NEW, "reported_at": None, "reported_by": "", "corrected_at": None}
    codes = new_codes(len(found.findings))
    return [
        _row_of(one) | {"code": code, "reconciliation_id": run.id} | marks.get(one.matter, nothing)
        for one, code in zip(found.findings, codes, strict=True)
    ]


def _row_of(one: Found) -> dict[str, Any]:
    return {
        "outcome": one.outcome,
        "corrector": one.corrector,
        "matter": one.matter,
        "row": one.row,
        "field": one.field,
        "subject_code": one.record.code if one.record else "",
        "name": one.name,
        "theirs": one.theirs,
        "ours": one.ours,
        "evidence": one.evidence,
        "note": facts_of_message(one.note) if one.note else [],
    }


def report(
    session: Session,
    run: Reconciliation,
    findings: Sequence[ReconciliationFinding],
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> int:
    """已报: somebody told them; how many this is news of. Only what they have to correct can be told them."""
    authorize(actor, Action.RECONCILIATION_RUN, run)
    news = [one for one in findings if one.progress is Progress.NEW and one.corrector is Corrector.THEM]
    for one in news:
        one.progress, one.reported_at, one.reported_by = Progress.REPORTED, at, actor.name
    if news:
        facts = {"system": run.system.code, "findings": len(news)}
        _record(session, run, Deed.RECONCILIATION_REPORT, facts, actor=actor, at=at, trail=trail)
    return len(news)


def assign(
    session: Session,
    run: Reconciliation,
    findings: Sequence[ReconciliationFinding],
    corrector: Corrector,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> int:
    """Somebody decides who corrects; what was reported already stays with them. How many this changed."""
    authorize(actor, Action.RECONCILIATION_RUN, run)
    news = [
        one
        for one in findings
        if one.outcome in CORRECTABLE and one.progress is Progress.NEW and one.corrector is not corrector
    ]
    for one in news:
        one.corrector = corrector
    if news:
        facts = {"corrector": corrector, "findings": len(news)}
        _record(session, run, Deed.RECONCILIATION_ASSIGN, facts, actor=actor, at=at, trail=trail)
    return len(news)


def forget_details(session: Session, before: datetime) -> None:
    """What they wrote goes with their file: of findings of files sent before then, counts and our own records stay."""
    old = sa.select(Reconciliation.id).where(Reconciliation.at < before)
    theirs = sa.update(Finding).where(Finding.reconciliation_id.in_(old), Finding.theirs != "")
    session.execute(theirs.values(theirs=""))
    strangers = sa.update(Finding).where(
        Finding.reconciliation_id.in_(old), Finding.subject_code == "", Finding.name != ""
    )
    session.execute(strangers.values(name=""))


def _record(
    session: Session,
    run: Reconciliation,
    deed: Action | Deed,
    facts: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=deed,
        result=Result.DONE,
        subject_type=Reconciliation.__tablename__,
        subject_code=run.code,
        division_code=run.division_code,
        facts=facts,
    )
