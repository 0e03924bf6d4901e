"""A social worker's registration whose end nobody had told gets the end of the usual term, and nothing else does."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.migrating import downgrade_database, upgrade_database
from registry.engine import make_engine
from registry.workforce.models import Certificate, CertificateKind
from registry.workforce.registration import VALID_MONTHS
from tests.factories import make_certificate, make_parameter, make_practitioner, make_renewed

BEFORE = "0040"
OPEN = sa.text("UPDATE certificate SET valid_to = NULL WHERE number LIKE 'open-%'")
Database = tuple[str, sa.Engine]


def hold(session: Session, number: str, start: date | None, **facts: Any) -> Certificate:
    usual = {"number": number, "valid_from": start, "valid_to": date(2030, 1, 1)}
    return make_certificate(session, make_practitioner(session), **(usual | facts))


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """As the register stood before: registrations with an end and without one."""
    upgrade_database(empty_database_url)
    engine = make_engine(empty_database_url)
    with Session(engine) as session:
        hold(session, "open-2024", date(2024, 2, 29))
        hold(session, "open-2025", date(2025, 6, 1))
        hold(session, "open-nurse", date(2024, 1, 1), kind=CertificateKind.NURSE_LICENCE)
        hold(session, "never-registered", None, valid_to=None)
        told = hold(session, "told", date(2024, 1, 1))
        make_renewed(session, told, date(2020, 1, 1), date(2023, 1, 1))
        session.commit()
    downgrade_database(empty_database_url, BEFORE)
    with engine.begin() as connection:
        connection.execute(OPEN)
    yield empty_database_url, engine
    engine.dispose()


def ends(engine: sa.Engine) -> dict[str, date | None]:
    with Session(engine) as session:
        return dict(session.execute(sa.select(Certificate.number, Certificate.valid_to)).all())


def test_by_the_parameter_as_it_was_when_the_registration_began(database: Database) -> None:
    url, engine = database
    with Session(engine) as session:
        make_parameter(session, VALID_MONTHS, 36, valid_from=date(2009, 1, 1), valid_to=date(2025, 1, 1))
        make_parameter(session, VALID_MONTHS, 60, valid_from=date(2025, 1, 1))
        session.commit()

    upgrade_database(url)

    assert ends(engine) == {
        "open-2024": date(2027, 2, 28),
        "open-2025": date(2030, 6, 1),
        "open-nurse": None,
        "never-registered": None,
        "told": date(2030, 1, 1),
    }


def test_by_three_years_where_the_parameter_was_never_set(database: Database) -> None:
    url, engine = database

    upgrade_database(url)

    assert ends(engine)["open-2025"] == date(2028, 6, 1)
