"""A provider that was listed before entries were filled in here gets its entry, so that it can be acted on."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.drafts.adopting import Adoption, adopt
from registry.organisations.models import Organisation, Site, Standing, StandingKind
from registry.provider_entries.models import IN_FORCE, EntryKind, EntryState, ProviderEntry
from registry.provider_entries.operations import confirming_division


def adopt_standings(session: Session, adoption: Adoption) -> int:
    """Every standing in force that has no entry gets one; how many did. Done again, it finds nothing to do."""
    found = _without_entry(session, adoption.on)
    return sum(adopt_standing(session, standing, adoption) is not None for standing in found)


def adopt_standing(session: Session, standing: Standing, adoption: Adoption) -> ProviderEntry | None:
    """In the library since the day of the standing, with no answers; None while the organisation has no site."""
    site = _site_of(standing.organisation, adoption.on)
    if site is None:
        return None
    entry = ProviderEntry(
        kind=EntryKind.ENTRY,
        state=EntryState.LISTED,
        organisation=standing.organisation,
        site=site,
        standing=standing,
        division_code=site.division_code,
        confirming_code=confirming_division(session, site.division_code, adoption.on),
        confirmed_on=standing.granted_on,
        answers={},
        base_answers={},
    )
    adopt(session, entry, standing.organisation.source, adoption)
    return entry


def _without_entry(session: Session, on: date) -> list[Standing]:
    has_entry = sa.exists().where(
        ProviderEntry.organisation_id == Standing.organisation_id, ProviderEntry.state.in_(IN_FORCE)
    )
    held = (Standing.granted_on <= on, sa.or_(Standing.ended_on.is_(None), Standing.ended_on > on))
    found = sa.select(Standing).where(Standing.kind == StandingKind.PROVIDER, *held, ~has_entry)
    of_owner = joinedload(Standing.organisation).selectinload(Organisation.sites)
    return list(session.scalars(found.options(of_owner).order_by(Standing.id)))


def _site_of(organisation: Organisation, on: date) -> Site | None:
    """The oldest that is open; where none is, the oldest."""
    still_open = [site for site in organisation.sites if site.closed_on is None or site.closed_on > on]
    return next(iter((*still_open, *organisation.sites)), None)
