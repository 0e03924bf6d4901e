"""A made-up district: 2,000 practitioners at 40 providers; the recipe is that of the country, cut to size."""

from datetime import date

import sqlalchemy as sa

from benchmarks import workforce
from benchmarks.databases import insert_many, numbers
from registry.workforce.models import (
    Catalogue,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    Post,
    Practitioner,
    Profession,
    Verification,
)

PEOPLE, PROVIDERS = 2_000, 40
CODE = "310101"
DAY = workforce.DAY
NEW = date(2026, 11, 3)
"""One in fifty began then."""


def fill(connection: sa.Connection) -> None:
    """Everything in one transaction."""
    codes = [f"{CODE}{place:03d}" for place in range(1, PROVIDERS + 1)]
    workforce.write_providers(connection, codes)
    workforce.write_majors(connection)
    _write_people(connection)


def _write_people(connection: sa.Connection) -> None:
    number = numbers(PEOPLE)
    i = number.c.i
    text = sa.cast(i, sa.String)
    people = {
        "id": i,
        "code": sa.literal("p") + text,
        "person_no": sa.literal("P") + text,
        "name": sa.literal("示例") + text,
        "birth_year": sa.literal(1960) + i % 40,
        "source": workforce.SOURCE,
        "is_example": True,
        "updated_at": workforce.AT,
        "version": 1,
    }
    posts = {
        "code": sa.literal("w") + text,
        "profession": Profession.SOCIAL_WORKER,
        "engagement": Engagement.FULL_TIME,
        "serves_programme": i % 10 != 0,
        "direct_service": True,
        "start_on": sa.case((i % 50 == 0, sa.literal(NEW)), else_=sa.literal(workforce.SINCE)),
        "practitioner_id": i,
        "site_id": i % PROVIDERS + 1,
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
        "verified_on": workforce.SINCE,
        "practitioner_id": i,
    }
    every = sa.select(number)
    insert_many(connection, Practitioner.__table__, every, people)
    insert_many(connection, Post.__table__, every, posts)
    insert_many(connection, Education.__table__, every.where(i % 5 < 2), education)
