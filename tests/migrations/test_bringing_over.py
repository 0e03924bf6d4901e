"""Migration 0028: what stood before entries and filings were filled in here gets its record, and nothing twice."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.migrating import downgrade_database, upgrade_database
from registry.engine import make_engine
from registry.organisations.models import SiteKind, StandingKind
from tests import entry_factories, factories

BEFORE = "0026"
Rows = list[dict[str, Any]]


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[sa.Engine]:
    """A database as it was before, with whatever a test puts there while it is upgraded."""
    upgrade_database(empty_database_url)
    made = make_engine(empty_database_url)
    yield made
    made.dispose()


def brought_over(engine: sa.Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    downgrade_database(url, BEFORE)
    upgrade_database(url)


def rows(engine: sa.Engine, table: str, columns: str) -> Rows:
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"SELECT {columns} FROM {table} ORDER BY id")).mappings()
        return [dict(row) for row in found]


def days(found: Rows) -> Rows:
    """SQLite gives days as text."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in found
    ]


def test_a_listed_provider_gets_one_entry_at_its_oldest_open_site(engine: sa.Engine) -> None:
    with Session(engine) as session:
        organisation = factories.make_organisation(session, source="2019年机构名录")
        factories.make_site(session, organisation, closed_on=date(2024, 1, 1))
        factories.make_site(session, organisation)
        factories.make_standing(session, organisation, granted_on=date(2021, 3, 5))
        factories.make_parameter(session, "provider_entry.confirming_division", "31", division_code="31")
        session.commit()

    brought_over(engine)
    brought_over(engine)

    columns = "kind, state, confirming_code, confirmed_on, submitted_at, valid_until, adopted_from, site_id"
    assert days(rows(engine, "provider_entry", columns)) == [
        {
            "kind": "entry",
            "state": "listed",
            "confirming_code": "31",
            "confirmed_on": "2021-03-05",
            "submitted_at": None,
            "valid_until": None,
            "adopted_from": "2019年机构名录",
            "site_id": 2,
        }
    ]
    assert rows(engine, "workflow_step", "subject_type, step, from_state, to_state, actor_name, reason") == [
        {
            "subject_type": "provider_entry",
            "step": "adopt",
            "from_state": "",
            "to_state": "listed",
            "actor_name": "portal upgrade",
            "reason": "2019年机构名录",
        }
    ]


def test_without_a_parameter_the_city_confirms(engine: sa.Engine) -> None:
    with Session(engine) as session:
        factories.make_provider(session)
        session.commit()

    brought_over(engine)

    assert rows(engine, "provider_entry", "confirming_code") == [{"confirming_code": "3101"}]


def test_what_ended_or_has_no_site_gets_none(engine: sa.Engine) -> None:
    with Session(engine) as session:
        left = factories.make_organisation(session)
        factories.make_site(session, left)
        factories.make_standing(session, left, ended_on=date(2024, 1, 1))
        factories.make_standing(session, factories.make_organisation(session))
        charity = factories.make_organisation(session)
        factories.make_site(session, charity)
        factories.make_standing(session, charity, kind=StandingKind.CHARITY)
        session.commit()

    brought_over(engine)

    assert rows(engine, "provider_entry", "id") == []


def test_every_open_station_of_an_operator_on_file_gets_its_filing(engine: sa.Engine) -> None:
    with Session(engine) as session:
        operator = factories.make_organisation(session)
        kind = SiteKind.STATION
        for closed_on in (None, None, date(2024, 1, 1)):
            factories.make_site(session, operator, kind=kind, source="社工站名册", closed_on=closed_on)
        factories.make_site(session, operator)
        factories.make_standing(session, operator, kind=StandingKind.STATION)
        session.commit()

    brought_over(engine)

    assert rows(engine, "station_filing", "site_id, state, adopted_from") == [
        {"site_id": 1, "state": "filed", "adopted_from": "社工站名册"},
        {"site_id": 2, "state": "filed", "adopted_from": "社工站名册"},
    ]


def test_a_standing_with_its_record_is_left_alone(engine: sa.Engine) -> None:
    with Session(engine) as session:
        site = factories.make_provider(session)
        standing = site.organisation.standings[0]
        entry_factories.make_entry(session, site, state="leaving", standing=standing)
        station = factories.make_site(session, factories.make_organisation(session), kind=SiteKind.STATION)
        standing = factories.make_standing(session, station.organisation, kind=StandingKind.STATION)
        entry_factories.make_filing(session, station, state="filed", standing=standing)
        factories.make_site(session, station.organisation, kind=SiteKind.STATION)
        session.commit()

    brought_over(engine)

    assert rows(engine, "provider_entry", "state, adopted_from") == [
        {"state": "leaving", "adopted_from": None}
    ]
    assert rows(engine, "station_filing", "state, adopted_from") == [{"state": "filed", "adopted_from": None}]
