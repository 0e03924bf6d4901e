"""一页纸: everything that it says of an institution, a street or a district on a day, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.clock import WorkingCalendar
from registry.divisions.codes import LENGTH_OF_LEVEL, Level
from registry.divisions.queries import names_of
from registry.organisations.models import Organisation
from registry.policy.queries import parameter, working_calendar
from registry.profiles.queries import Profile, profile_of, profiles_in
from reports.documents.briefing import printed_name
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import Reading, organisation_share, share
from reports.profiles.missing import Gap, gaps_of

IDLE_DAYS = "one_page.idle_days"
"""Policy parameter: days without an activity after which the page says so."""


@dataclass(frozen=True)
class Entry:
    """One organisation on the page of a place."""

    profile: Profile
    gaps: Sequence[Gap]


@dataclass(frozen=True)
class OnePage:
    """What both forms of the page show; `entries` holds the one institution, or all of the place."""

    name: str
    division_code: str
    on: date
    computed_at: datetime
    reading: Reading
    entries: Sequence[Entry]
    places: dict[str, str]
    """Names of the divisions in which sites lie."""
    calendar: WorkingCalendar
    """Deadlines are counted in working days, as the inbox counts them."""
    organisation_code: str | None = None
    """None where the page is of a place."""

    @property
    def is_of_institution(self) -> bool:
        """Of one organisation, not of a place."""
        return self.organisation_code is not None

    @property
    def profile(self) -> Profile:
        """Of the one institution."""
        return self.entries[0].profile

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Of all of them."""
        return tuple(entry.profile for entry in self.entries)

    @property
    def has_examples(self) -> bool:
        """Made-up organisations are among them."""
        return any(profile.organisation.is_example for profile in self.profiles)

    def is_here(self, division_code: str) -> bool:
        """Whether something lies in the place that the page is of; all that an institution has is its own."""
        return self.is_of_institution or division_code.startswith(self.division_code)


def page_of_institution(session: Session, organisation: Organisation, *, on: date, at: datetime) -> OnePage:
    """One institution, wherever its sites lie."""
    rule = QUALIFIED_SHARE.default_rule
    reading = organisation_share(session, QUALIFIED_SHARE, organisation=organisation, on=on, rule=rule)
    found = [profile_of(session, organisation, on)]
    return OnePage(
        name=organisation.name,
        division_code=organisation.division_code,
        on=on,
        computed_at=at,
        reading=reading,
        entries=_entries(session, found, organisation.division_code, on),
        places=_places(session, found),
        calendar=working_calendar(session),
        organisation_code=organisation.code,
    )


def page_of_division(session: Session, division_code: str, *, on: date, at: datetime) -> OnePage:
    """A street, a district, or a division above."""
    rule = QUALIFIED_SHARE.default_rule
    found = profiles_in(session, division_code, on)
    return OnePage(
        name=printed_name(session, division_code, on),
        division_code=division_code,
        on=on,
        computed_at=at,
        reading=share(session, QUALIFIED_SHARE, division=division_code, on=on, rule=rule),
        entries=_entries(session, found, division_code, on),
        places=_places(session, found),
        calendar=working_calendar(session),
    )


def _entries(session: Session, found: Sequence[Profile], division_code: str, on: date) -> tuple[Entry, ...]:
    days = int(parameter(session, IDLE_DAYS, division_code, on))
    return tuple(Entry(profile, gaps_of(profile, idle_days=days)) for profile in found)


def _places(session: Session, found: Sequence[Profile]) -> dict[str, str]:
    """Each street with its district before it."""
    codes = {site.division_code for profile in found for site in profile.sites}
    codes |= {profile.organisation.division_code for profile in found}
    district = LENGTH_OF_LEVEL[Level.DISTRICT]
    names = names_of(session, codes | {code[:district] for code in codes})
    return {
        code: "".join(names.get(part, "") for part in dict.fromkeys((code[:district], code)))
        for code in codes
    }
