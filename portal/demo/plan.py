"""The demonstration world on paper: frozen rows that know each other by key, before any of them has a database id.

Everything here is invented and is written with `is_example`; the arithmetic of the qualified share is spelled out a
second time on these rows, so that the world can be designed to exact values without asking the code that it is to test.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from registry.organisations.models import OrganisationKind, Precision, SiteKind, StandingKind
from registry.workforce.models import (
    Catalogue,
    CertificateKind,
    EducationForm,
    EducationLevel,
    Engagement,
    Profession,
    Verification,
)

Ids = Mapping[str, int]
"""Database keys by the keys of a plan."""

STAFF = frozenset({Engagement.FULL_TIME, Engagement.PART_TIME, Engagement.DISPATCHED})


@dataclass(frozen=True)
class Course:
    """One line of study: the level, the catalogue with its code, and whether the proposed list counts it."""

    level: EducationLevel
    catalogue: Catalogue
    major_code: str
    major_name: str
    counts: bool = False


@dataclass(frozen=True)
class PlannedEducation:
    """A diploma or a degree; `verified_on` is None until it is verified."""

    course: Course
    obtained_on: date
    verified_on: date | None
    form: EducationForm = EducationForm.DIPLOMA
    verification: Verification = Verification.VERIFIED
    school: str = "示例大学"

    def counts_on(self, day: date) -> bool:
        """A counting diploma, obtained and verified by that day."""
        return (
            self.form is EducationForm.DIPLOMA
            and self.course.counts
            and self.obtained_on <= day
            and self.verified_on is not None
            and self.verified_on <= day
        )


@dataclass(frozen=True)
class PlannedCertificate:
    """A certificate with its latest registration; `valid_to` is the first day on which it is no longer valid."""

    kind: CertificateKind
    grade: str
    issued_on: date
    valid_from: date | None
    valid_to: date | None
    renewed: tuple[tuple[date, date], ...] = ()
    """Registrations before that one, from when to the first day after."""


@dataclass(frozen=True)
class PlannedPost:
    """A post at a site; `end_on` is the first day on which it is no longer held."""

    site: str
    start_on: date
    end_on: date | None = None
    profession: Profession = Profession.SOCIAL_WORKER
    engagement: Engagement = Engagement.FULL_TIME
    serves_programme: bool = True

    def held_on(self, day: date) -> bool:
        """Whether somebody holds it on that day."""
        return self.start_on <= day and (self.end_on is None or day < self.end_on)

    @property
    def is_staff(self) -> bool:
        """Volunteers and interns are outside both counting rules."""
        return self.engagement in STAFF


@dataclass(frozen=True)
class PlannedPerson:
    """A practitioner with everything that hangs on him."""

    key: str
    name: str
    birth_year: int
    posts: tuple[PlannedPost, ...]
    education: tuple[PlannedEducation, ...] = ()
    certificates: tuple[PlannedCertificate, ...] = ()

    def is_qualified_on(self, day: date) -> bool:
        """Whether a diploma counts on that day."""
        return any(item.counts_on(day) for item in self.education)


@dataclass(frozen=True)
class Stay:
    """One period at one place; a site that moved has two."""

    street: str
    address: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class PlannedSite:
    """A place; `street` is the responsible division, `located` the one where it lies if that is another."""

    key: str
    name: str
    street: str
    opened_on: date
    closed_on: date | None = None
    kind: SiteKind = SiteKind.REHABILITATION
    address: str = ""
    located: str | None = None
    precision: Precision | None = Precision.STREET
    earlier: tuple[Stay, ...] = ()


@dataclass(frozen=True)
class PlannedStanding:
    """What the organisation is to the registry, from when until when."""

    granted_on: date
    ended_on: date | None = None
    kind: StandingKind = StandingKind.PROVIDER

    def held_on(self, day: date) -> bool:
        """Whether the standing is in force on that day."""
        return self.granted_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True)
class PlannedOrganisation:
    """A legal entity with its sites and standings; without a credit code it can hold none."""

    key: str
    name: str
    division: str
    sites: tuple[PlannedSite, ...]
    standings: tuple[PlannedStanding, ...] = ()
    kind: OrganisationKind = OrganisationKind.SOCIAL_SERVICE
    has_uscc: bool = True
    opened_on: date | None = None
    closed_on: date | None = None

    def is_provider_on(self, day: date) -> bool:
        """Whether it is a listed provider on that day."""
        return any(item.kind is StandingKind.PROVIDER and item.held_on(day) for item in self.standings)


@dataclass(frozen=True)
class Plan:
    """Organisations and people of one part of the world; parts add up."""

    organisations: tuple[PlannedOrganisation, ...] = ()
    people: tuple[PlannedPerson, ...] = ()

    def __add__(self, other: "Plan") -> "Plan":
        return Plan(self.organisations + other.organisations, self.people + other.people)


@dataclass(frozen=True)
class Count:
    """So many qualified among so many staff."""

    qualified: int
    staff: int

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.qualified - other.qualified, self.staff - other.staff)


@dataclass(frozen=True)
class Census:
    """Counts the staff of a plan as the default counting rule reads: one person once, in listed providers only."""

    plan: Plan
    sites: dict[str, tuple[PlannedOrganisation, PlannedSite]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        places = {site.key: (owner, site) for owner in self.plan.organisations for site in owner.sites}
        object.__setattr__(self, "sites", places)

    def of_organisation(self, key: str, day: date, *, all_staff: bool = False) -> Count:
        """The staff of one institution."""
        return self._count(
            day, (site for site, (owner, _) in self.sites.items() if owner.key == key), all_staff
        )

    def of_division(self, code: str, day: date, *, all_staff: bool = False) -> Count:
        """The staff pooled over a division; everybody counts once."""
        return self._count(
            day, (key for key, (_, site) in self.sites.items() if site.street.startswith(code)), all_staff
        )

    def _count(self, day: date, site_keys: Iterable[str], all_staff: bool) -> Count:
        listed = {key for key in site_keys if self.sites[key][0].is_provider_on(day)}
        present = [person for person in self.plan.people if _works(person, listed, day, all_staff)]
        return Count(sum(person.is_qualified_on(day) for person in present), len(present))


def _works(person: PlannedPerson, sites: set[str], day: date, all_staff: bool) -> bool:
    return any(
        post.site in sites and post.held_on(day) and post.is_staff and (post.serves_programme or all_staff)
        for post in person.posts
    )
