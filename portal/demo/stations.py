"""Social-work stations: in every third street and in that of the demonstration accounts, with a few social workers.

They hold a standing as station, not as provider, so that nobody of theirs is in the 30% figure.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from portal.demo.courses import ADMINISTRATION, SOCIAL_WORK, SOCIAL_WORK_JUNIOR
from portal.demo.organisations import EXAMPLE, Street, address_in
from portal.demo.people import certificates, counting_education, person_name
from portal.demo.plan import (
    Plan,
    PlannedEducation,
    PlannedOrganisation,
    PlannedPerson,
    PlannedPost,
    PlannedSite,
    PlannedStanding,
)
from registry.organisations.models import Precision, SiteKind, StandingKind

EVERY = 3
ACCOUNTS_STREET = "310101013"
"""外滩街道: where the street, station and provider accounts of the demonstration live."""


def stations(rng: Random, streets: Sequence[Street], *, today: date) -> Plan:
    """One station in each street chosen."""
    chosen = [street for i, street in enumerate(streets) if i % EVERY == 1 or street.code == ACCOUNTS_STREET]
    plan = Plan()
    for street in chosen:
        plan += _station(rng, street, today)
    return plan


def station_key(street_code: str) -> str:
    """How a street's station is named inside the plan."""
    return f"station-{street_code}"


def _station(rng: Random, street: Street, today: date) -> Plan:
    key = station_key(street.code)
    filed_on = date(rng.randint(2021, 2025), rng.randint(1, 12), 1)
    name = f"{street.name}社会工作服务站{EXAMPLE}"
    site = PlannedSite(
        f"{key}/0",
        name,
        street.code,
        filed_on - timedelta(days=60),
        kind=SiteKind.STATION,
        address=address_in(rng, street),
        precision=Precision.STREET,
    )
    standing = PlannedStanding(filed_on, kind=StandingKind.STATION)
    owner = PlannedOrganisation(key, name, street.code, (site,), (standing,), opened_on=site.opened_on)
    staff = (_social_worker(rng, f"{key}-{i}", site, today) for i in range(rng.randint(1, 3)))
    return Plan((owner,), tuple(staff))


def _social_worker(rng: Random, key: str, site: PlannedSite, today: date) -> PlannedPerson:
    start_on = max(site.opened_on, date(2021, 3, 1)) + timedelta(days=rng.randint(0, 300))
    birth_year = start_on.year - rng.randint(25, 45)
    course = rng.choice((SOCIAL_WORK, SOCIAL_WORK_JUNIOR, ADMINISTRATION))
    education: tuple[PlannedEducation, ...] = counting_education(
        rng, course, birth_year, verified_by=start_on
    )
    post = PlannedPost(site.key, min(start_on, today), serves_programme=False)
    person = PlannedPerson(key, person_name(rng), birth_year, (post,), education)
    return replace(person, certificates=certificates(rng, person, today))
