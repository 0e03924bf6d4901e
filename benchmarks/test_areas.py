"""The public's lists of a province with 100,000 places, beside one count of these places by district."""

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import providers
from benchmarks.comparing import Comparison, interleaved, record
from benchmarks.databases import prepared
from portal.public.areas import area_of
from registry.divisions.codes import Level
from registry.divisions.models import Division, DivisionKind
from registry.engine import make_engine

ON = date(2026, 11, 23)
PROVINCE, EMPTY_STREET = "31", "310201001"
EMPTY = (
    ("3102", Level.CITY, DivisionKind.CITY, "31"),
    ("310201", Level.DISTRICT, DivisionKind.DISTRICT, "3102"),
    (EMPTY_STREET, Level.TOWNSHIP, DivisionKind.SUBDISTRICT, "310201"),
)
"""A street without any place, in a city without any."""
COUNTED = """
    SELECT substr(located_code, 1, 6), count(*) FROM site
    WHERE located_code >= '31' AND located_code < '32' AND EXISTS (
        SELECT 1 FROM standing
        WHERE standing.organisation_id = site.organisation_id AND kind = 'provider' AND granted_on <= '2026-11-23'
    )
    GROUP BY substr(located_code, 1, 6)
"""
LIMIT = 4.0
"""Beside the count stand what a station's filing and a suspension say of each place, and a dozen places themselves."""


def fill(connection: sa.Connection) -> None:
    """The made-up city and beside it one where nothing is."""
    providers.fill(connection)
    rows = [
        {"code": code, "name": f"示例{code}", "level": level, "kind": kind, "parent_code": parent}
        | {"valid_from": date(2000, 1, 1), "source": providers.SOURCE}
        for code, level, kind, parent in EMPTY
    ]
    connection.execute(sa.insert(Division), rows)


@pytest.fixture(scope="module")
def database() -> str:
    return prepared(fill, __file__)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = make_engine(database)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("code", [PROVINCE, EMPTY_STREET])
def test_a_list_takes_little_longer_than_one_count(session: Session, database: str, code: str) -> None:
    def count() -> int:
        with sqlite3.connect(str(sa.make_url(database).database)) as plain:
            return len(plain.execute(COUNTED).fetchall())

    ours, counting = interleaved((lambda: area_of(session, code, ON), count), rounds=7)

    work = f"the public's page of {code} among 100,000 places"
    found = Comparison(work, "one count of the places by district", ours, counting, LIMIT, is_speedup=False)
    record(found)
    assert found.is_met


def test_a_street_without_places_shows_twelve_of_the_province_and_counts_the_rest(session: Session) -> None:
    found = area_of(session, EMPTY_STREET, ON)

    assert found.around is not None
    assert found.around.code == PROVINCE
    assert len(found.elsewhere) == 12
    assert found.more_elsewhere == 66_667 - 12
