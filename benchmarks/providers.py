"""A made-up city: 100,000 organisations in 16 districts and 208 streets, two people at each, and one account.

For the peers the same rows lie in one flat table that holds every shown value ready: they have the easier work.
"""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks.comparing import FOLDER
from benchmarks.databases import insert_many, numbers
from registry.access.models import Account, Role
from registry.divisions.codes import Level
from registry.divisions.models import Division, DivisionKind
from registry.organisations.models import (
    Organisation,
    OrganisationKind,
    Site,
    SiteKind,
    SitePlacement,
    Standing,
    StandingKind,
)
from registry.policy.models import Grade, Target
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

ORGANISATIONS = 100_000
DISTRICTS, STREETS = 16, 13
KINDS = tuple(OrganisationKind)
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SINCE = date(2020, 1, 1)
SOURCE = "示例：性能基准"
SCATTER = 7_919

CHOSEN = OrganisationKind.SOCIAL_SERVICE
"""The kind that the measured page filters by, beside being listed."""

FLAT = """
    CREATE TABLE provider (
        id INTEGER PRIMARY KEY, code TEXT, name TEXT, kind TEXT, uscc TEXT, district TEXT, street TEXT, number TEXT,
        standing TEXT, sites INTEGER, staff INTEGER, qualified INTEGER, verdict TEXT
    );
    CREATE INDEX provider_kind ON provider (kind, standing, name, id);
    CREATE INDEX provider_name ON provider (name, id);
    CREATE TABLE member (id INTEGER PRIMARY KEY, username TEXT);
    INSERT INTO member VALUES (1, 'bench');
"""


def fill(connection: sa.Connection) -> None:
    """Everything in one transaction."""
    _write_divisions(connection)
    _write_policy(connection)
    _write_organisations(connection)
    _write_people(connection)
    account = {
        "code": "bench", "username": "bench", "name": "示例", "password_hash": "!", "role": Role.CITY,
        "division_code": "31", "created_at": AT,
    }  # fmt: skip
    connection.execute(sa.insert(Account), [account])


def flat_copy(database: str) -> Path:
    """The same rows as the peers keep them."""
    own = Path(str(sa.make_url(database).database))
    file = FOLDER / "data" / f"flat-{own.name}"
    if not file.exists():
        with sqlite3.connect(own) as connection:
            rows = connection.execute(FLATTENED).fetchall()
        with sqlite3.connect(file) as connection:
            connection.executescript(FLAT)
            connection.executemany(f"INSERT INTO provider VALUES ({', '.join('?' * 13)})", rows)
    return file


FLATTENED = """
    SELECT organisation.id, organisation.code, organisation.name, organisation.kind, organisation.uscc,
        district.name, street.name, standing.number,
        CASE WHEN standing.id IS NULL THEN 'none' ELSE 'listed' END, 1, 2,
        (SELECT count(*) FROM education WHERE practitioner_id IN (2 * organisation.id - 1, 2 * organisation.id)),
        CASE WHEN EXISTS (SELECT 1 FROM education WHERE practitioner_id
            IN (2 * organisation.id - 1, 2 * organisation.id)) THEN 'met' ELSE 'not_met' END
    FROM organisation
    JOIN division AS street ON street.code = organisation.division_code
    JOIN division AS district ON district.code = street.parent_code
    LEFT JOIN standing ON standing.organisation_id = organisation.id
"""


def street_codes() -> list[str]:
    return [
        f"3101{district:02d}{street:03d}"
        for district in range(1, DISTRICTS + 1)
        for street in range(1, STREETS + 1)
    ]


def _write_divisions(connection: sa.Connection) -> None:
    found: dict[str, tuple[str, Level, DivisionKind, str | None]] = {
        "31": ("示例市", Level.PROVINCE, DivisionKind.PROVINCE, None),
        "3101": ("市辖区", Level.CITY, DivisionKind.PSEUDO, "31"),
    }
    for code in street_codes():
        district, street = int(code[4:6]), int(code[6:])
        found[code[:6]] = (f"示例{district}区", Level.DISTRICT, DivisionKind.DISTRICT, "3101")
        found[code] = (
            f"示例{district}区{street}街道",
            Level.TOWNSHIP,
            DivisionKind.SUBDISTRICT,
            code[:6],
        )
    rows = [
        {"code": code, "name": name, "level": level, "kind": kind, "parent_code": parent}
        | {"valid_from": date(2000, 1, 1), "source": SOURCE}
        for code, (name, level, kind, parent) in found.items()
    ]
    connection.execute(sa.insert(Division), rows)


def _write_policy(connection: sa.Connection) -> None:
    major = {
        "catalogue": Catalogue.UNDERGRADUATE, "code": "030302", "name": "社会工作", "family": MajorFamily.SOCIAL_WORK,
        "counts": True, "note": "", "valid_from": date(2000, 1, 1), "source": SOURCE, "grade": Grade.DESIGN,
    }  # fmt: skip
    target = {
        "figure_code": "qualified-share", "division_code": "31", "numerator": 3, "denominator": 10,
        "valid_from": SINCE, "assessed_on": date(2025, 12, 31), "source": SOURCE, "grade": Grade.DESIGN,
    }  # fmt: skip
    connection.execute(sa.insert(Major), [major])
    connection.execute(sa.insert(Target), [target])


def _write_organisations(connection: sa.Connection) -> None:
    """Every third is no provider; names are scattered so that their order is not that of the keys."""
    codes = street_codes()
    kept = {"source": SOURCE, "is_example": False, "updated_at": AT, "version": 1}
    everyone = range(1, ORGANISATIONS + 1)
    organisations, sites, placements, standings = [], [], [], []
    for i in everyone:
        code, name, uscc = (
            codes[i * SCATTER % len(codes)],
            f"示例机构{i * SCATTER % 1_000_003:07d}",
            f"{i:018d}",
        )
        kind = KINDS[i % len(KINDS)]
        organisations.append(
            {"id": i, "code": _letters(i), "name": name, "kind": kind, "uscc": uscc, "division_code": code}
            | kept
        )
        sites.append(
            {
                "id": i,
                "code": _letters(i),
                "name": name,
                "kind": SiteKind.REHABILITATION,
                "address": "示例路1号",
            }
            | {"division_code": code, "located_code": code, "organisation_id": i}
            | kept
        )
        placements.append(
            {
                "division_code": code,
                "today_code": code,
                "address": "示例路1号",
                "valid_from": SINCE,
                "site_id": i,
            }
        )
        if i % 3:
            standings.append(
                {"number": f"JK{i}", "kind": StandingKind.PROVIDER, "granted_on": SINCE}
                | {"organisation_id": i, "uscc": uscc}
            )
    for model, rows in (
        (Organisation, organisations),
        (Site, sites),
        (SitePlacement, placements),
        (Standing, standings),
    ):
        connection.execute(sa.insert(model), rows)


def _letters(number: int) -> str:
    """A public code that addresses accept."""
    return str(number).translate(str.maketrans("0123456789", "abcdefghjk")).rjust(6, "m")


def _write_people(connection: sa.Connection) -> None:
    """Two at each organisation; every third person has the diploma that counts."""
    number = numbers(2 * ORGANISATIONS)
    i = number.c.i
    text = sa.cast(i, sa.String)
    every = sa.select(number)
    people = {
        "id": i, "code": sa.literal("p") + text, "person_no": sa.literal("P") + text, "name": sa.literal("示例") + text,
        "birth_year": 1990, "source": SOURCE, "is_example": False, "updated_at": AT, "version": 1,
    }  # fmt: skip
    posts = {
        "profession": Profession.SOCIAL_WORKER, "engagement": Engagement.FULL_TIME, "serves_programme": True,
        "start_on": SINCE, "practitioner_id": i,
    }  # fmt: skip
    posts["site_id"] = (i + 1) // 2
    education = {
        "form": EducationForm.DIPLOMA, "level": EducationLevel.BACHELOR, "catalogue": Catalogue.UNDERGRADUATE,
        "major_code": "030302", "major_name": "社会工作", "school": "示例大学", "obtained_on": date(2012, 7, 1),
        "verification": Verification.VERIFIED, "verified_on": SINCE, "practitioner_id": i,
    }  # fmt: skip
    insert_many(connection, Practitioner.__table__, every, people)
    insert_many(connection, Post.__table__, every, posts)
    insert_many(connection, Education.__table__, every.where(i % 3 == 0), education)
