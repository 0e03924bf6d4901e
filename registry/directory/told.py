"""What institutions and stations told of themselves for the public: a telephone, hours and whom to ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.organisations.models import Site
from registry.provider_entries.models import IN_FORCE, ProviderEntry
from registry.station_filings.models import FilingState, StationFiling

_SUSPENDED_NOW = (ProviderEntry.suspended_on.is_not(None), ProviderEntry.state.in_(IN_FORCE))


@dataclass(frozen=True)
class Told:
    """Empty where nothing was told."""

    phone: str = ""
    hours: str = ""
    contact: str = ""

    @classmethod
    def from_answers(cls, answers: Mapping[str, Any]) -> "Told":
        """Of the answers of an entry or a filing; both ask for these under the same keys."""
        return cls(*(str(answers.get(key, "")) for key in ("phone", "hours", "contact")))


NOTHING_TOLD = Told()


def told_of(session: Session, sites: Sequence[Site]) -> dict[int, Told]:
    """By site: the filing of a station, else the entry that its organisation is listed by for this very site."""
    ids = [site.id for site in sites]
    entries = sa.select(ProviderEntry.site_id, ProviderEntry.answers).where(
        ProviderEntry.site_id.in_(ids), ProviderEntry.state.in_(IN_FORCE)
    )
    filings = sa.select(StationFiling.site_id, StationFiling.answers).where(
        StationFiling.site_id.in_(ids), StationFiling.state == FilingState.FILED
    )
    found = (*session.execute(entries), *session.execute(filings))
    return {site_id: Told.from_answers(answers) for site_id, answers in found}


def is_suspended() -> ColumnElement[bool]:
    """Sites of an organisation whose listing is suspended: nobody is sent there meanwhile."""
    suspended = sa.exists(ProviderEntry.id).where(
        ProviderEntry.organisation_id == Site.organisation_id, *_SUSPENDED_NOW
    )
    return suspended.correlate(Site)


def lapsed_of(session: Session, sites: Sequence[Site], on: date) -> dict[int, date]:
    """The last valid day of listings that were not renewed in time, by organisation; they are listed all the same."""
    found = sa.select(ProviderEntry.organisation_id, ProviderEntry.valid_until).where(
        ProviderEntry.organisation_id.in_({site.organisation_id for site in sites}),
        ProviderEntry.state.in_(IN_FORCE),
        ProviderEntry.valid_until < on,
    )
    return {key: day for key, day in session.execute(found) if day is not None}
