"""Which sites the public is shown: a station by the filing of that very site, any other by its organisation's listing.

An operator runs several stations under one standing, so the standing alone says of none of them whether it is on file.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from registry.clock import today
from registry.directory.told import is_suspended
from registry.organisations.models import Site, SiteKind, Standing, StandingKind
from registry.periods import Period
from registry.station_filings.models import FilingState, StationFiling
from registry.station_filings.workflow import STATION_FILINGS
from registry.workflow.models import WorkflowStep


def is_shown(on: date) -> ColumnElement[bool]:
    """Sites that somebody answers for on a day, be they open or not."""
    is_station = Site.kind == SiteKind.STATION
    return sa.or_(
        sa.and_(is_station, sa.or_(_is_on_file(on), _stands_without_filings(on))),
        sa.and_(sa.not_(is_station), _holds(StandingKind.PROVIDER, on), sa.not_(is_suspended())),
    )


def is_suspended_site(session: Session, site: Site) -> bool:
    """Whether the listing that shows a site is suspended; a station is shown by no listing."""
    if site.kind is SiteKind.STATION:
        return False
    asked = sa.select(is_suspended()).select_from(Site).where(Site.id == site.id)
    return bool(session.scalar(asked))


def periods_shown(session: Session, site: Site) -> list[Period]:
    """When somebody answered, answers or will answer for a site; empty where it never was meant for the public."""
    if site.kind is not SiteKind.STATION:
        return _standings_of(site, StandingKind.PROVIDER)
    filings = sa.select(
        sa.exists(StationFiling.id).where(StationFiling.organisation_id == site.organisation_id)
    )
    standings = [] if session.scalar(filings) else _standings_of(site, StandingKind.STATION)
    return [*_filings_of(session, site), *standings]


def _is_on_file(on: date) -> ColumnElement[bool]:
    filed = sa.exists(StationFiling.id).where(
        StationFiling.site_id == Site.id,
        StationFiling.state == FilingState.FILED,
        StationFiling.standing_id == Standing.id,
        _is_held(on),
    )
    return filed.correlate(Site)


def _stands_without_filings(on: date) -> ColumnElement[bool]:
    """Stations whose standing was granted before stations filed anything."""
    filings = sa.exists(StationFiling.id).where(StationFiling.organisation_id == Site.organisation_id)
    return sa.and_(_holds(StandingKind.STATION, on), sa.not_(filings.correlate(Site)))


def _holds(kind: StandingKind, on: date) -> ColumnElement[bool]:
    held = sa.exists(Standing.id).where(
        Standing.organisation_id == Site.organisation_id, Standing.kind == kind, _is_held(on)
    )
    return held.correlate(Site)


def _is_held(on: date) -> ColumnElement[bool]:
    return sa.and_(Standing.granted_on <= on, sa.or_(Standing.ended_on.is_(None), Standing.ended_on > on))


def _standings_of(site: Site, kind: StandingKind) -> list[Period]:
    return [Period(one.granted_on, one.ended_on) for one in site.organisation.standings if one.kind is kind]


def _filings_of(session: Session, site: Site) -> list[Period]:
    """One for each filing that stands or was closed; what a change replaced goes on in the change."""
    filings = sa.select(StationFiling).where(
        StationFiling.site_id == site.id, StationFiling.state.in_((FilingState.FILED, FilingState.CLOSED))
    )
    found = session.scalars(filings.options(joinedload(StationFiling.standing)).order_by(StationFiling.id))
    return [_period_of(session, one, one.standing) for one in found if one.standing is not None]


def _period_of(session: Session, filing: StationFiling, standing: Standing) -> Period:
    is_closed = filing.state is FilingState.CLOSED
    closed_on = (_closed_on(session, filing) or standing.granted_on) if is_closed else None
    return Period.common((standing.granted_on,), (standing.ended_on, closed_on))


def _closed_on(session: Session, filing: StationFiling) -> date | None:
    """The day of the step that closed it; of a row without its history, the last day that stands on it."""
    closing = sa.select(sa.func.max(WorkflowStep.at)).where(
        WorkflowStep.subject_type == STATION_FILINGS.subject_type,
        WorkflowStep.subject_id == filing.id,
        WorkflowStep.to_state == FilingState.CLOSED,
    )
    at = session.scalar(closing)
    return today(at) if at is not None else filing.filed_on
