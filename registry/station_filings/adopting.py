"""Stations whose operator was on file before filings were filled in here get their filing, and can be acted on."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.drafts.adopting import Adoption, adopt
from registry.organisations.models import Site, SiteKind, Standing, StandingKind
from registry.station_filings.models import FilingKind, FilingState, StationFiling


def adopt_standings(session: Session, adoption: Adoption) -> int:
    """Every open station of an operator whose standing has no filing at all gets one; how many did."""
    found = _without_filing(session, adoption.on)
    for site, standing in found:
        adopt_standing(session, standing, site, adoption)
    return len(found)


def adopt_standing(session: Session, standing: Standing, site: Site, adoption: Adoption) -> StationFiling:
    """On file since the day of the operator's standing, with no answers."""
    filing = StationFiling(
        kind=FilingKind.FILING,
        state=FilingState.FILED,
        organisation=site.organisation,
        site=site,
        standing=standing,
        division_code=site.division_code,
        filed_on=standing.granted_on,
        answers={},
        base_answers={},
    )
    adopt(session, filing, site.source, adoption)
    return filing


def _without_filing(session: Session, on: date) -> list[tuple[Site, Standing]]:
    """A standing that took its way here has filings: a new station of its operator is not on file with it."""
    has_filing = sa.exists().where(StationFiling.standing_id == Standing.id)
    found = (
        sa.select(Site, Standing)
        .join(Standing, Standing.organisation_id == Site.organisation_id)
        .where(Site.kind == SiteKind.STATION, Standing.kind == StandingKind.STATION, ~has_filing)
        .where(Standing.granted_on <= on, sa.or_(Standing.ended_on.is_(None), Standing.ended_on > on))
        .where(sa.or_(Site.closed_on.is_(None), Site.closed_on > on))
        .where(sa.or_(Site.opened_on.is_(None), Site.opened_on <= on))
        .options(joinedload(Site.organisation))
        .order_by(Site.id, Standing.id)
    )
    newest = dict(session.execute(found).all())
    return list(newest.items())
