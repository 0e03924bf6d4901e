"""The search of the public among 100,000 places, beside one scan of what their names read like."""

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import providers
from benchmarks.comparing import Comparison, interleaved, record
from benchmarks.databases import insert_many, prepared
from registry.directory.models import NameReading
from registry.directory.search import search_places
from registry.engine import make_engine
from registry.organisations.models import Site

ON = date(2026, 11, 23)
TYPED = {
    "a name that one place has": "jigou0007919",
    "a beginning that all have": "shilijigou",
    "one slip": "shilijigu0007919",
    "nothing": "zzzzzzzz",
}
SCANNED = "SELECT site_id, text FROM name_reading WHERE text LIKE ? ORDER BY text, site_id LIMIT 1000"
LIMIT = 6.0
"""Beside the scan stand whether a place serves on the day, what its page says, and with a slip a second scan."""


def fill(connection: sa.Connection) -> None:
    """The made-up city, its names read by rule: reading 100,000 takes a minute, and is no part of a search."""
    providers.fill(connection)
    site = Site.__table__.c
    number = sa.func.substr(site.name, 5)
    text = sa.literal(" ") + site.name + " shilijigou" + number + " sljg" + number
    facts: dict[str, object] = {"site_id": site.id, "name": site.name, "text": text}
    insert_many(connection, NameReading.__table__, sa.select(site.id), facts)


@pytest.fixture(scope="module")
def database() -> str:
    return prepared(fill, __file__)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = make_engine(database)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("about", TYPED)
def test_a_search_takes_little_longer_than_one_scan(session: Session, database: str, about: str) -> None:
    typed = TYPED[about]

    def scan() -> int:
        with sqlite3.connect(str(sa.make_url(database).database)) as plain:
            return len(plain.execute(SCANNED, (f"%{typed}%",)).fetchall())

    ours, scanning = interleaved((lambda: search_places(session, typed, ON), scan), rounds=7)

    work = f"search among 100,000 places: {about}"
    found = Comparison(work, "one scan of the names", ours, scanning, LIMIT, is_speedup=False)
    record(found)
    assert found.is_met
