"""The ordinary providers of a district: their names, kinds, sites in its streets, and the days of their standings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.chance import drawn
from portal.demo.districts import READINGS, District
from portal.demo.plan import PlannedOrganisation, PlannedSite, PlannedStanding, Stay
from portal.demo.words import INSTITUTION_FORMS, INSTITUTION_WORDS, ROADS, SITE_WORDS
from registry.organisations.models import OrganisationKind, Precision, SiteKind

EXAMPLE = "（示例）"
NEWCOMERS = 0.3
"""The part of a district's institutions that were listed after the first reading."""

KINDS: tuple[tuple[OrganisationKind, int], ...] = (
    (OrganisationKind.SOCIAL_SERVICE, 64),
    (OrganisationKind.PUBLIC_INSTITUTION, 14),
    (OrganisationKind.HOSPITAL, 10),
    (OrganisationKind.ENTERPRISE, 8),
    (OrganisationKind.ASSOCIATION, 4),
)

PRECISIONS: tuple[tuple[Precision | None, int], ...] = (
    (Precision.STREET, 84),
    (Precision.EXACT, 12),
    (None, 4),
)


@dataclass(frozen=True)
class Street:
    """A street or town, as the register's divisions have it."""

    code: str
    name: str


@dataclass(frozen=True)
class Institution:
    """An ordinary provider with what decides who works there."""

    organisation: PlannedOrganisation
    size: float
    quality: float
    """How much it draws qualified people, between 0 and 1."""

    @property
    def listed_on(self) -> date:
        """The day on which it became a provider."""
        return self.organisation.standings[0].granted_on

    @property
    def opened_on(self) -> date:
        """The day on which its first site opened."""
        return self.organisation.sites[0].opened_on


def short_name(district: str) -> str:
    """浦东新区 is 浦东 in an institution's name, 黄浦区 is 黄浦."""
    return district.removesuffix("区").removesuffix("新")


def institutions(
    rng: Random, district: District, streets: Sequence[Street], *, today: date
) -> list[Institution]:
    """As many as the district's table says, with a site in each of the streets given."""
    places = _shuffled(rng, streets)
    shares = [
        places[i :: district.institutions] or [rng.choice(streets)] for i in range(district.institutions)
    ]
    words = rng.sample(INSTITUTION_WORDS, district.institutions)
    newcomers = round(district.institutions * NEWCOMERS)
    return [
        _institution(rng, district, f"{district.code}-{i:02}", words[i], shares[i], i < newcomers, today)
        for i in range(district.institutions)
    ]


def _institution(
    rng: Random, district: District, key: str, word: str, streets: Sequence[Street], is_new: bool, today: date
) -> Institution:
    kind = drawn(rng, KINDS)
    listed_on = _listed_on(rng, is_new, today)
    opened_on = listed_on - timedelta(days=rng.randint(90, 2200))
    name, site_kind = _name(rng, district, word, kind)
    sites = tuple(
        _site(
            rng,
            f"{key}-{i}",
            name,
            site_kind,
            street,
            opened_on if i == 0 else _branch_on(rng, listed_on, today),
        )
        for i, street in enumerate(streets)
    )
    organisation = PlannedOrganisation(
        key, name, streets[0].code, sites, (PlannedStanding(listed_on),), kind, opened_on=opened_on
    )
    return Institution(
        organisation, size=rng.choice((0.6, 0.8, 1.0, 1.0, 1.3, 1.8)), quality=rng.uniform(0.1, 0.75)
    )


def _name(rng: Random, district: District, word: str, kind: OrganisationKind) -> tuple[str, SiteKind]:
    if kind is OrganisationKind.HOSPITAL:
        return f"{short_name(district.name)}{word}康复医院{EXAMPLE}", SiteKind.HOSPITAL
    form, site_kind = rng.choice(INSTITUTION_FORMS)
    return f"{short_name(district.name)}{word}{form}{EXAMPLE}", SiteKind(site_kind)


def _listed_on(rng: Random, is_new: bool, today: date) -> date:
    low, high = (
        (READINGS[0], today - timedelta(days=150)) if is_new else (date(2021, 1, 4), date(2022, 12, 1))
    )
    return _month_of(low + timedelta(days=rng.randint(32, (high - low).days)))


def _branch_on(rng: Random, listed_on: date, today: date) -> date:
    """A second site opens with the first or, as often, some time later."""
    if rng.random() < 0.5:
        return listed_on
    return _month_of(listed_on + timedelta(days=rng.randint(31, max(32, (today - listed_on).days - 60))))


def _site(rng: Random, key: str, owner: str, kind: SiteKind, street: Street, opened_on: date) -> PlannedSite:
    return PlannedSite(
        key,
        f"{owner.removesuffix(EXAMPLE)}{plain_street(street)}{rng.choice(SITE_WORDS)}{EXAMPLE}",
        street.code,
        opened_on,
        kind=kind,
        address=address_in(rng, street),
        precision=drawn(rng, PRECISIONS),
        earlier=_earlier_stay(rng, street, opened_on),
    )


def _earlier_stay(rng: Random, street: Street, opened_on: date) -> tuple[Stay, ...]:
    """Some sites moved to another house of their street: two placements, one division."""
    moved_on = _month_of(opened_on + timedelta(days=rng.randint(200, 900)))
    if rng.random() > 0.06 or moved_on > READINGS[-1]:
        return ()
    return (Stay(street.code, address_in(rng, street), opened_on, moved_on),)


def plain_street(street: Street) -> str:
    """A street's name without its kind: 南京东路街道 is 南京东路; 庙镇 keeps it, one character is no name."""
    name = street.name.removesuffix("街道")
    return name if len(name) <= 2 else name.removesuffix("镇").removesuffix("乡")


def address_in(rng: Random, street: Street) -> str:
    """A house that does not exist, in a street or town that does."""
    return f"{street.name}{rng.choice(ROADS)}{rng.randint(1, 998)}号"


def _month_of(day: date) -> date:
    return day.replace(day=1)


def _shuffled(rng: Random, streets: Sequence[Street]) -> list[Street]:
    return rng.sample(list(streets), len(streets))
