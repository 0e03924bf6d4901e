"""Rows of the authority's list of charities or associations: what they state, and what each would do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import lies_within
from registry.dossiers.facts import Relation, StatedFact, relation_of
from registry.dossiers.models import (
    CheckConclusion,
    Dossier,
    FactKind,
    ListEntry,
    RecognitionBasis,
    Registration,
)
from registry.dossiers.queries import WHOLE
from registry.intake.declaration import Change, Context, Findings, Outcome
from registry.intake.kinds.dossier_checks import check_row
from registry.intake.lookups import Divisions
from registry.organisations.models import Organisation, StandingKind
from registry.successions.queries import merged_into

Checks = tuple[tuple[int, CheckConclusion], ...]


class ListRow(NamedTuple):
    """One row; what is blank or could not be read is None."""

    number: int
    name: str | None
    uscc: str | None
    registrar: str | None
    registered_on: date | None
    division_code: str | None
    registration: Registration | None
    registration_on: date | None
    checks: Checks | None
    abnormal_on: date | None
    abnormal_until: date | None
    dishonest_on: date | None
    dishonest_until: date | None
    document: str | None
    listed_on: date | None
    recognition: RecognitionBasis | None = None
    recognised_on: date | None = None
    certificate: str | None = None
    certificate_on: date | None = None
    revoked_on: date | None = None


class KnownOrganisation(NamedTuple):
    """An organisation of the register."""

    id: int
    name: str
    division_code: str


@dataclass(frozen=True)
class DossierLookups:
    """Everything that rows are compared with, and what the load leaves to the workflow."""

    kind: StandingKind
    context: Context
    divisions: Divisions
    organisations: Mapping[str, KnownOrganisation]
    """By credit code."""
    dossiers: Mapping[str, Dossier]
    """Of this kind, by credit code."""
    merged: Mapping[int, tuple[str, date]]
    """Organisations that were merged into another: its name and the day."""
    rows: list[ListRow] = field(default_factory=list)
    """All rows of the file, also those that change nothing."""
    wanted: list[ListRow] = field(default_factory=list)
    """The rows that are loaded."""


COLUMN_OF = {
    FactKind.NAME: "name",
    FactKind.REGISTERED_ON: "registered_on",
    FactKind.REGISTRATION: "registration",
    FactKind.ANNUAL_CHECK: "checks",
    FactKind.RECOGNITION: "recognition",
    FactKind.CERTIFICATE: "certificate",
    FactKind.CERTIFICATE_REVOKED: "revoked_on",
    FactKind.ABNORMAL: "abnormal_on",
    FactKind.DISHONEST: "dishonest_on",
}
"""The column under which a fact is listed."""


def prepare(session: Session, context: Context, kind: StandingKind) -> DossierLookups:
    """A list has hundreds of rows, so whole dossiers are read."""
    columns = (Organisation.uscc, Organisation.id, Organisation.name, Organisation.division_code)
    known = session.execute(sa.select(*columns).where(Organisation.uscc.is_not(None)))
    found = session.scalars(sa.select(Dossier).where(Dossier.kind == kind).options(*WHOLE))
    return DossierLookups(
        kind=kind,
        context=context,
        divisions=Divisions.load(session, on=context.on),
        organisations={uscc or "": KnownOrganisation(key, name, code) for uscc, key, name, code in known},
        dossiers={dossier.organisation.uscc or "": dossier for dossier in found},
        merged=merged_into(session),
    )


def identity(row: ListRow) -> Any:
    """The credit code."""
    return row.uscc


def stated_by(row: ListRow) -> Iterator[StatedFact]:
    """What the row says, each fact with its day; where the list names none, with the day of the list."""
    if row.listed_on is None:
        return
    if row.name:
        yield StatedFact(FactKind.NAME, row.name, row.listed_on)
    if row.registrar:
        yield StatedFact(FactKind.REGISTRAR, row.registrar, row.listed_on)
    if row.registered_on:
        yield StatedFact(FactKind.REGISTERED_ON, row.registered_on.isoformat(), row.registered_on)
    if row.registration:
        yield StatedFact(FactKind.REGISTRATION, row.registration, row.registration_on or row.listed_on)
    for year, conclusion in row.checks or ():
        yield StatedFact(FactKind.ANNUAL_CHECK, conclusion, row.listed_on, year)
    yield from _of_charity(row)
    yield from _listings(FactKind.ABNORMAL, row.abnormal_on, row.abnormal_until)
    yield from _listings(FactKind.DISHONEST, row.dishonest_on, row.dishonest_until)


def _of_charity(row: ListRow) -> Iterator[StatedFact]:
    if row.recognised_on:
        basis = row.recognition or RecognitionBasis.RECOGNISED
        yield StatedFact(FactKind.RECOGNITION, basis, row.recognised_on)
    if row.certificate and row.certificate_on:
        yield StatedFact(FactKind.CERTIFICATE, row.certificate, row.certificate_on)
    if row.revoked_on:
        yield StatedFact(FactKind.CERTIFICATE_REVOKED, Registration.REVOKED, row.revoked_on)


def _listings(kind: FactKind, since: date | None, until: date | None) -> Iterator[StatedFact]:
    if since:
        yield StatedFact(kind, ListEntry.LISTED, since)
    if until:
        yield StatedFact(kind, ListEntry.REMOVED, until)


def judge(rows: Sequence[ListRow], lookups: DossierLookups, findings: Findings) -> list[Outcome]:
    """Checks that need more than one cell, then what each row would do."""
    lookups.rows.extend(rows)
    return [_judge_row(row, lookups, findings) for row in rows]


def _judge_row(row: ListRow, lookups: DossierLookups, findings: Findings) -> Outcome:
    check_row(row, lookups, findings)
    dossier = lookups.dossiers.get(row.uscc or "")
    if dossier is None:
        return Outcome.CREATE
    return Outcome.UPDATE if has_news(row, dossier) or is_seen_anew(row, dossier) else Outcome.SAME


def has_news(row: ListRow, dossier: Dossier) -> bool:
    """Whether the row states a fact that is not on file."""
    return any(relation_of(fact, dossier.facts)[0] is not Relation.SAME for fact in stated_by(row))


def is_seen_anew(row: ListRow, dossier: Dossier) -> bool:
    """Whether it only stands on another list than before."""
    seen = (row.registrar, row.document, row.listed_on, None)
    return seen != (dossier.registrar, dossier.document, dossier.listed_on, dossier.missing_on)


def changes(row: ListRow, lookups: DossierLookups) -> list[Change]:
    """What stands on the newer list otherwise: facts that are not on file yet, and the list itself."""
    dossier = lookups.dossiers.get(row.uscc or "")
    if dossier is None:
        return []
    seen = [
        Change(key, getattr(dossier, key), getattr(row, key))
        for key in ("registrar", "document", "listed_on")
        if getattr(row, key) != getattr(dossier, key)
    ]
    news = [(fact, relation_of(fact, dossier.facts)) for fact in stated_by(row)]
    return seen + [
        Change(COLUMN_OF[fact.kind], corrected.value if corrected else None, fact.value)
        for fact, (relation, corrected) in news
        if relation is not Relation.SAME and fact.kind is not FactKind.REGISTRAR
    ]


def reaches(lookups: DossierLookups, code: str | None) -> bool:
    """Whether a division lies where the loader answers."""
    return code is None or lies_within(code, lookups.context.division_code)
