"""The named cases as a plan: institutions, the people written out by hand, and ordinary staff up to each course."""

from dataclasses import replace
from datetime import date
from random import Random

from portal.demo.careers import careers
from portal.demo.districts import READINGS
from portal.demo.named_people import groups, named_people
from portal.demo.named_providers import NAMED_PROVIDERS, NamedProvider, Streets, named_organisation
from portal.demo.people import Workplace, certificates, person
from portal.demo.plan import Census, Count, Plan, PlannedOrganisation, PlannedPerson
from portal.demo.staffing import Placed, Stint

TWO_DISTRICTS = ((2, 6), (1, 5))
"""The staff of each site of the institution that works in two districts, unchanged over the years."""


def named_plan(rng: Random, streets: Streets, *, today: date) -> Plan:
    """All named cases of the world."""
    owners = {row.key: named_organisation(rng, row, streets) for row in NAMED_PROVIDERS}
    written = (*named_people(today), *groups(rng, today))
    census = Census(Plan(tuple(owners.values()), written))
    people = list(written)
    for row in NAMED_PROVIDERS:
        people += _with_certificates(rng, _ordinary_staff(rng, row, owners[row.key], census, today), today)
    people += _with_certificates(rng, _staff_of_two_districts(rng, owners["two-districts"]), today)
    return Plan(tuple(owners.values()), tuple(people))


def _ordinary_staff(
    rng: Random, row: NamedProvider, owner: PlannedOrganisation, census: Census, today: date
) -> list[PlannedPerson]:
    """What the course asks for beyond the people who are written out."""
    days = (*READINGS, today)[: len(row.course)]
    course = [
        count - census.of_organisation(row.key, day) for count, day in zip(row.counts, days, strict=True)
    ]
    found = careers(rng, course, days, opened_on=owner.sites[0].opened_on) if course else []
    if row.left_on is not None and len(row.course) <= len(READINGS):
        found = [replace(career, end_on=career.end_on or row.left_on) for career in found]
    placed = [Placed(career, (Stint(0, career.start_on, career.end_on),)) for career in found]
    return [person(rng, f"{row.key}-{i:02}", item, [Workplace(owner)]) for i, item in enumerate(placed)]


def _staff_of_two_districts(rng: Random, owner: PlannedOrganisation) -> list[PlannedPerson]:
    people = []
    for site, (qualified, staff) in zip(owner.sites, TWO_DISTRICTS, strict=True):
        workplace = [Workplace(replace(owner, sites=(site,)))]
        steady = careers(rng, (Count(qualified, staff),), READINGS[:1], opened_on=site.opened_on)
        people += [
            person(rng, f"{site.key}-{i}", Placed(career, (Stint(0, career.start_on, None),)), workplace)
            for i, career in enumerate(steady)
        ]
    return people


def _with_certificates(rng: Random, people: list[PlannedPerson], today: date) -> list[PlannedPerson]:
    return [replace(one, certificates=certificates(rng, one, today)) for one in people]
