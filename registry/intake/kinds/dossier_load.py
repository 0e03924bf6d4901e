"""Loads a list: organisations that are new, then each dossier through its workflow, then who is not named any more."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.divisions.codes import within
from registry.dossiers.models import Dossier, DossierState
from registry.dossiers.operations import Source, new_dossier, put_on_file
from registry.dossiers.workflow import DossierStep
from registry.intake.declaration import Context, Judged
from registry.intake.kinds.dossier_rows import DossierLookups, ListRow, has_news, stated_by
from registry.organisations.models import Organisation, OrganisationKind
from registry.organisations.operations import Origin, open_organisation
from registry.policy.queries import working_calendar
from registry.workflow.operations import start, take_step

KIND_OF_REGISTRAR = {
    "51": OrganisationKind.ASSOCIATION,
    "52": OrganisationKind.SOCIAL_SERVICE,
    "53": OrganisationKind.FOUNDATION,
}


def apply(
    session: Session, judged: Sequence[Judged[ListRow]], lookups: DossierLookups, context: Context
) -> None:
    """The organisations; what is on file of them goes through the workflow, which has to know who acts."""
    lookups.wanted.extend(entry.row for entry in judged)
    for row in lookups.wanted:
        if row.uscc not in lookups.organisations:
            open_organisation(
                session,
                name=row.name or "",
                kind=KIND_OF_REGISTRAR[(row.uscc or "")[:2]],
                division_code=row.division_code or "",
                origin=Origin(row.document or ""),
                at=context.at,
                uscc=row.uscc,
                opened_on=row.registered_on,
            )


def put_dossiers_on_file(
    session: Session, lookups: DossierLookups, actor: Actor, at: datetime, trail: Trail
) -> None:
    """Each row that is loaded, by its own steps."""
    calendar = working_calendar(session)
    for row, organisation in _organisations(session, lookups):
        dossier = lookups.dossiers.get(row.uscc or "")
        if dossier is None:
            _bring_in(session, row, organisation, lookups, actor, at, trail, calendar)
        else:
            _renew(session, row, dossier, actor, at, trail, calendar)
    _mark_missing(session, lookups)


def _organisations(session: Session, lookups: DossierLookups) -> Iterator[tuple[ListRow, Organisation]]:
    codes = [row.uscc for row in lookups.wanted]
    found = session.scalars(sa.select(Organisation).where(Organisation.uscc.in_(codes))).all()
    by_code = {organisation.uscc: organisation for organisation in found}
    for row in lookups.wanted:
        yield row, by_code[row.uscc]


def _source(row: ListRow, actor: Actor, at: datetime) -> Source:
    return Source(row.document or "", cast("date", row.listed_on), at, actor.name)  # the column is required


def _bring_in(
    session: Session,
    row: ListRow,
    organisation: Organisation,
    lookups: DossierLookups,
    actor: Actor,
    at: datetime,
    trail: Trail,
    calendar: WorkingCalendar,
) -> None:
    source = _source(row, actor, at)
    dossier = new_dossier(organisation, lookups.kind, row.registrar or "", source)
    start(session, dossier, actor=actor, at=at, trail=trail, calendar=calendar)
    put_on_file(session, dossier, stated_by(row), source)


def _renew(
    session: Session,
    row: ListRow,
    dossier: Dossier,
    actor: Actor,
    at: datetime,
    trail: Trail,
    calendar: WorkingCalendar,
) -> None:
    """A list that says nothing new leaves the check standing."""
    source, is_news = _source(row, actor, at), has_news(row, dossier)
    dossier.registrar = row.registrar or dossier.registrar
    dossier.document, dossier.listed_on, dossier.missing_on = source.document, source.listed_on, None
    put_on_file(session, dossier, stated_by(row), source)
    if is_news:
        step = DossierStep.CORRECT_BY_LIST if dossier.state is DossierState.DIFFERS else DossierStep.RENEW
        take_step(session, dossier, step, actor=actor, at=at, trail=trail, calendar=calendar)


def _mark_missing(session: Session, lookups: DossierLookups) -> None:
    """Of the same registrar and where the loader answers: a newer list does not name it. Nothing is deleted."""
    named = {row.uscc for row in lookups.rows}
    for registrar in {row.registrar for row in lookups.rows if row.registrar}:
        newest = max(row.listed_on for row in lookups.rows if row.listed_on and row.registrar == registrar)
        earlier = sa.select(Dossier).where(
            Dossier.kind == lookups.kind,
            Dossier.registrar == registrar,
            Dossier.listed_on < newest,
            within(Dossier.division_code, lookups.context.division_code),
        )
        for dossier in session.scalars(earlier).all():
            if dossier.organisation.uscc not in named:
                dossier.missing_on = newest
    session.flush()
