"""既有名单转入 every night: a standing that was granted past the entries and filings gets its record."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.settings import Settings
from registry.audit.trail import Trail
from registry.clock import today
from registry.drafts.adopting import Adoption
from registry.provider_entries.adopting import adopt_standings as adopt_providers
from registry.station_filings.adopting import adopt_standings as adopt_stations

PROVIDERS, STATIONS = "providers", "stations"
BY = "portal jobs"


def parts_of_night() -> tuple[str, ...]:
    """Providers, then stations."""
    return (PROVIDERS, STATIONS)


def do_part(settings: Settings, session: Session, part: str, _on: date, at: datetime) -> int:
    """How many got a record today, which is the day of a night that is made up for as well."""
    adoption = Adoption(today(at), at, BY, Trail(settings.audit_key.encode()))
    return (adopt_providers if part == PROVIDERS else adopt_stations)(session, adoption)
