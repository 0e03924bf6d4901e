"""A district's monthly roster for the intake: what its two institutions know already, what is new, and seven faults.

Loaded without the faults, it lifts the provider account's institution from 5 of 17 to 9 of 20, and 黄浦区 from 26 of 95
to 30 of 98: past the target.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.identifiers import example_identity_number, example_phone
from portal.demo.identities import PHONES
from portal.demo.named_providers import site_key
from portal.demo.writing import Written
from registry.organisations.models import Site
from registry.vocabulary import term
from registry.workforce.models import (
    Catalogue,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    Major,
    Post,
    Practitioner,
    Profession,
    Verification,
)

Row = dict[str, Any]
"""Cells by the keys of the workbook's columns."""

PROVIDER, NEIGHBOUR = "one-short", "310101-03"
GRADUATES = 2
"""Staff of the provider whose new diploma the roster brings."""

NEWCOMERS = (
    ("示例900001", "傅以宁", 1997, "外滩", True),
    ("示例900002", "梁沐阳", 1995, "外滩", True),
    ("示例900003", "秦红梅", 1978, "豫园", False),
)
"""Register number, name, year of birth, site, and whether the diploma counts."""


def roster(session: Session, written: Written, *, today: date) -> list[Row]:
    """The rows as they should be: all posts held today in both institutions, two diplomas, three newcomers."""
    known = [_post_row(*facts) for facts in _posts(session, written, today)]
    own = _posts(session, written, today, owners=(PROVIDER,))
    candidates = [facts for facts in own if not _studied_what_counts(session, facts[0])]
    graduates = [_post_row(*facts) | _diploma(today) for facts in candidates[-GRADUATES:]]
    codes = {name: written.sites[site_key(PROVIDER, number)] for number, name in enumerate(("外滩", "豫园"))}
    sites = dict(session.execute(sa.select(Site.id, Site.code)).all())
    newcomers = [
        _newcomer(number, name, birth_year, sites[codes[place]], today, counts=counts)
        for number, name, birth_year, place, counts in NEWCOMERS
    ]
    graduated = {row["person_no"] for row in graduates}
    return [*(row for row in known if row["person_no"] not in graduated), *graduates, *newcomers]


def with_faults(rows: Sequence[Row]) -> list[Row]:
    """The same rows with one fault of each kind, on rows of the provider; two are about the same institution twice."""
    faulty = [dict(row) for row in rows]
    newcomers, known = faulty[-len(NEWCOMERS) :], faulty
    newcomers[0] |= {"site_code": None, "uscc": "523101010000123450"}
    newcomers[1] |= {"site_code": "zzzzzzzzzz"}
    newcomers[2] |= {"start_on": "2026/2/30"}
    known[2] |= {"profession": "心理师"}
    known[4] |= {"name": None}
    known[6] |= {"end_on": known[6]["start_on"] - timedelta(days=1)}
    twice = dict(known[8]) | {"profession": term(Profession.ADMINISTRATION).zh, "start_on": date(2026, 11, 1)}
    return [*faulty[: -len(newcomers)], twice, *newcomers]


def _posts(
    session: Session,
    written: Written,
    today: date,
    owners: Sequence[str] = (PROVIDER, NEIGHBOUR),
) -> list[Any]:
    """Person, post and site code of the posts held today."""
    held = sa.and_(Post.start_on <= today, sa.or_(Post.end_on.is_(None), Post.end_on > today))
    statement = (
        sa.select(Practitioner, Post, Site.code)
        .join(Post, Post.practitioner_id == Practitioner.id)
        .join(Site, Site.id == Post.site_id)
        .where(held, Site.organisation_id.in_([written.organisations[key] for key in owners]))
        .order_by(Practitioner.person_no)
    )
    return list(session.execute(statement))


def _studied_what_counts(session: Session, person: Practitioner) -> bool:
    studied = sa.exists().where(
        Education.practitioner_id == person.id,
        Education.major_code == Major.code,
        Education.catalogue == Major.catalogue,
        Major.counts.is_(True),
    )
    return bool(session.scalar(sa.select(studied)))


def _post_row(person: Practitioner, post: Post, site_code: str) -> Row:
    return {
        "person_no": person.person_no,
        "name": person.name,
        "birth_year": person.birth_year,
        "site_code": site_code,
        "profession": term(post.profession).zh,
        "engagement": term(post.engagement).zh,
        "serves_programme": "是" if post.serves_programme else "否",
        "start_on": post.start_on,
        "end_on": post.end_on,
    }


def _diploma(today: date) -> Row:
    """A diploma in social work from the open university, verified last week."""
    return {
        "form": term(EducationForm.DIPLOMA).zh,
        "level": term(EducationLevel.BACHELOR).zh,
        "catalogue": term(Catalogue.UNDERGRADUATE).zh,
        "major_code": "030302",
        "major_name": "社会工作",
        "school": "示例开放大学",
        "obtained_on": date(today.year, 7, 1),
        "verification": term(Verification.VERIFIED).zh,
        "verified_on": today - timedelta(days=7),
    }


def _newcomer(number: str, name: str, birth_year: int, site_code: str, today: date, *, counts: bool) -> Row:
    profession = Profession.SOCIAL_WORKER if counts else Profession.CARE_WORKER
    last_digits = int(number[-6:])
    row: Row = {
        "person_no": number,
        "name": name,
        "birth_year": birth_year,
        "identity_number": example_identity_number(birth_year, last_digits),
        "phone": example_phone(last_digits % PHONES),
        "site_code": site_code,
        "profession": term(profession).zh,
        "engagement": term(Engagement.FULL_TIME).zh,
        "serves_programme": "是",
        "start_on": today.replace(day=1),
    }
    return row | _diploma(today) if counts else row
