"""A made-up country: 1,000,000 practitioners with posts at one provider in each of 40,000 townships.

Codes are synthetic and fill five levels: the country, 31 provinces, 333 cities, 2,850 districts, 40,000 townships.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import sqlalchemy as sa

from benchmarks.databases import insert_many, numbers
from registry.organisations.models import (
    Organisation,
    OrganisationKind,
    Site,
    SiteKind,
    SitePlacement,
    Standing,
    StandingKind,
)
from registry.policy.models import Grade
from registry.workforce.models import (
    Catalogue,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    Major,
    MajorFamily,
    Post,
    Practitioner,
    Profession,
    Verification,
)

PROVINCES, CITIES, DISTRICTS, TOWNSHIPS = 31, 333, 2_850, 40_000
PEOPLE = 1_000_000
SEVERAL = 5_000
"""So many of them have a second post in another township."""

DAY = date(2026, 11, 23)
SINCE = date(2020, 1, 1)
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SOURCE = "示例：性能基准"
STEP = 7_919
"""A prime that scatters people over townships."""


def township_codes() -> list[str]:
    """Nine digits each, numbered inside each district as official codes are."""
    return [
        f"{_number(district, DISTRICTS, CITIES, PROVINCES)}{_rank(township, TOWNSHIPS, DISTRICTS):03d}"
        for township in range(TOWNSHIPS)
        for district in [township * DISTRICTS // TOWNSHIPS]
    ]


def fill(connection: sa.Connection) -> None:
    """Everything in one transaction."""
    write_providers(connection, township_codes())
    write_majors(connection)
    _write_people(connection)


def _number(district: int, districts: int, cities: int, provinces: int) -> str:
    city = district * cities // districts
    province = city * provinces // cities
    return f"{11 + province}{_rank(city, cities, provinces):02d}{_rank(district, districts, cities):02d}"


def _rank(place: int, places: int, above: int) -> int:
    """The place's number, from 1, inside the place above it."""
    parent = place * above // places
    return place - -(-parent * places // above) + 1


def write_providers(connection: sa.Connection, townships: Sequence[str]) -> None:
    """Providers, sites and placements share their number with the township."""
    codes = list(enumerate(townships, start=1))
    organisations = [
        {
            "id": i,
            "code": f"o{i}",
            "name": f"示例机构{i}",
            "kind": OrganisationKind.SOCIAL_SERVICE,
            "uscc": f"{i:018d}",
            "division_code": code,
            "source": SOURCE,
            "is_example": True,
            "updated_at": AT,
            "version": 1,
        }
        for i, code in codes
    ]
    sites = [
        {
            "id": i,
            "code": f"s{i}",
            "name": f"示例站点{i}",
            "kind": SiteKind.REHABILITATION,
            "address": "示例路1号",
            "division_code": code,
            "located_code": code,
            "source": SOURCE,
            "is_example": True,
            "updated_at": AT,
            "version": 1,
            "organisation_id": i,
        }
        for i, code in codes
    ]
    standings = [
        {
            "number": f"JK{i}",
            "kind": StandingKind.PROVIDER,
            "granted_on": SINCE,
            "organisation_id": i,
            "uscc": f"{i:018d}",
        }
        for i, _code in codes
    ]
    placements = [
        {"division_code": code, "today_code": code, "address": "示例路1号", "valid_from": SINCE, "site_id": i}
        for i, code in codes
    ]
    for model, rows in (
        (Organisation, organisations),
        (Site, sites),
        (Standing, standings),
        (SitePlacement, placements),
    ):
        connection.execute(sa.insert(model), rows)


def write_majors(connection: sa.Connection) -> None:
    """Social work alone."""
    major = {
        "catalogue": Catalogue.UNDERGRADUATE,
        "code": "030302",
        "name": "社会工作",
        "family": MajorFamily.SOCIAL_WORK,
        "counts": True,
        "note": "",
        "valid_from": date(2000, 1, 1),
        "source": SOURCE,
        "grade": Grade.DESIGN,
    }
    connection.execute(sa.insert(Major), [major])


def _write_people(connection: sa.Connection) -> None:
    """Everybody has a post; one in ten another business; two in five a diploma, three of four of them in the major."""
    number = numbers(PEOPLE)
    i = number.c.i
    text = sa.cast(i, sa.String)
    people = {
        "id": i,
        "code": sa.literal("p") + text,
        "person_no": sa.literal("P") + text,
        "name": sa.literal("示例") + text,
        "birth_year": sa.literal(1960) + i % 40,
        "source": SOURCE,
        "is_example": True,
        "updated_at": AT,
        "version": 1,
    }
    posts = {
        "code": sa.literal("w") + text,
        "profession": Profession.SOCIAL_WORKER,
        "engagement": Engagement.FULL_TIME,
        "serves_programme": i % 10 != 0,
        "direct_service": True,
        "start_on": SINCE,
        "practitioner_id": i,
        "site_id": i * STEP % TOWNSHIPS + 1,
    }
    second_posts = posts | {
        "code": sa.literal("v") + text,
        "engagement": Engagement.PART_TIME,
        "site_id": i * STEP * 3 % TOWNSHIPS + 1,
    }
    education = {
        "code": sa.literal("e") + text,
        "form": EducationForm.DIPLOMA,
        "level": EducationLevel.BACHELOR,
        "catalogue": Catalogue.UNDERGRADUATE,
        "major_code": sa.case((i % 4 == 0, "020101"), else_="030302"),
        "major_name": "示例专业",
        "school": "示例大学",
        "obtained_on": date(2012, 7, 1),
        "verification": Verification.VERIFIED,
        "verified_on": SINCE,
        "practitioner_id": i,
    }
    every, some = sa.select(number), sa.select(number).where(i <= SEVERAL)
    insert_many(connection, Practitioner.__table__, every, people)
    insert_many(connection, Post.__table__, every, posts)
    insert_many(connection, Post.__table__, some, second_posts)
    insert_many(connection, Education.__table__, every.where(i % 5 < 2), education)
