"""The ordinary part of one district: what its table asks for, less what the named cases already bring."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from portal.demo.careers import Career, careers
from portal.demo.courses import PSYCHOLOGY
from portal.demo.districts import READINGS, District
from portal.demo.organisations import Institution, Street, institutions
from portal.demo.people import (
    Workplace,
    certificates,
    counting_education,
    other_education,
    person,
    person_name,
    unverified_education,
)
from portal.demo.plan import Census, Plan, PlannedEducation, PlannedPerson, PlannedPost
from portal.demo.staffing import placed
from registry.workforce.models import EducationForm, Engagement, Profession, Verification

BRANCHES = 0.2
"""A further site in every fifth street."""

STRAY_PENDING, STRAY_REJECTED, STRAY_DEGREES = 1, 1, 1
"""In each district: a diploma being verified, one that failed, and a degree that stands alone."""


def district_plan(
    rng: Random, district: District, streets: Sequence[Street], named: Plan, *, today: date
) -> Plan:
    """Institutions and people that bring the district exactly to its course; `named` lies in the same city."""
    census = Census(named)
    days = (*READINGS, today)
    course = [
        count - census.of_division(district.code, day)
        for count, day in zip(district.counts, days, strict=True)
    ]
    taken = {site.street for owner in named.organisations for site in owner.sites if owner.standings}
    open_streets = [street for street in streets if street.name not in district.blank_streets]
    wanted = [street for street in open_streets if street.code not in taken]
    branches = rng.sample(open_streets, round(len(open_streets) * BRANCHES))
    homes = institutions(rng, district, [*wanted, *branches], today=today)
    staff = _staff(rng, district, homes, careers(rng, course, days), today)
    others = (*_volunteers(rng, district, homes, today), *_other_business(rng, district, homes, today))
    people = tuple(replace(one, certificates=certificates(rng, one, today)) for one in (*staff, *others))
    return Plan(tuple(home.organisation for home in homes), people)


def _staff(
    rng: Random, district: District, homes: Sequence[Institution], course: Sequence[Career], today: date
) -> list[PlannedPerson]:
    workplaces = [Workplace(home.organisation) for home in homes]
    hired = placed(rng, course, homes, today=today, is_even=district.is_even)
    people = [person(rng, f"{district.code}-{i:04}", item, workplaces) for i, item in enumerate(hired)]
    return _with_open_questions(rng, district, people, today)


def _with_open_questions(
    rng: Random, district: District, people: list[PlannedPerson], today: date
) -> list[PlannedPerson]:
    """Diplomas that do not count, on people who do not count without them."""
    candidates = [
        i
        for i, one in enumerate(people)
        if one.posts[-1].end_on is None and not any(item.course.counts for item in one.education)
    ]
    extras = [
        *(
            unverified_education(rng, today, Verification.PENDING)
            for _ in range(district.pending + STRAY_PENDING)
        ),
        *(unverified_education(rng, today, Verification.REJECTED) for _ in range(STRAY_REJECTED)),
        *(_degree_alone(rng, today) for _ in range(STRAY_DEGREES)),
    ]
    for i, extra in zip(rng.sample(candidates, len(extras)), extras, strict=True):
        people[i] = replace(people[i], education=(*people[i].education, extra))
    return people


def _degree_alone(rng: Random, today: date) -> PlannedEducation:
    obtained_on = today - timedelta(days=rng.randint(300, 1500))
    return PlannedEducation(PSYCHOLOGY, obtained_on, obtained_on + timedelta(days=60), EducationForm.DEGREE)


def _volunteers(
    rng: Random, district: District, homes: Sequence[Institution], today: date
) -> list[PlannedPerson]:
    """Volunteers, and an intern for every fourth of them; some would count if volunteers did."""
    people = []
    for i in range(district.volunteers):
        site = rng.choice(rng.choice(homes).organisation.sites)
        start_on = max(site.opened_on, today - timedelta(days=rng.randint(40, 900)))
        is_intern = i % 4 == 3
        post = PlannedPost(
            site.key,
            start_on,
            profession=Profession.SOCIAL_WORKER if is_intern else Profession.VOLUNTEER,
            engagement=Engagement.INTERN if is_intern else Engagement.VOLUNTEER,
        )
        birth_year = today.year - (22 if is_intern else rng.randint(20, 70))
        people.append(PlannedPerson(f"{district.code}-v{i:02}", person_name(rng), birth_year, (post,)))
    return people


def _other_business(
    rng: Random, district: District, homes: Sequence[Institution], today: date
) -> list[PlannedPerson]:
    """Staff of the largest provider's other business: on its books, not assigned to this service."""
    site = max(homes, key=lambda home: home.size).organisation.sites[0]
    people = []
    for i in range(district.other_business):
        profession = rng.choice((Profession.NURSE, Profession.CARE_WORKER, Profession.ADMINISTRATION))
        start_on = min(max(site.opened_on, READINGS[0]) + timedelta(days=rng.randint(0, 300)), today)
        post = PlannedPost(site.key, start_on, profession=profession, serves_programme=False)
        birth_year = start_on.year - rng.randint(26, 50)
        education = other_education(rng, profession, birth_year)
        if i % 5 == 0:
            education = counting_education(rng, PSYCHOLOGY, birth_year, verified_by=start_on)
        people.append(
            PlannedPerson(f"{district.code}-b{i:02}", person_name(rng), birth_year, (post,), education)
        )
    return people
