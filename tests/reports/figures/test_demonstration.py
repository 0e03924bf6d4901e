"""Twenty days, every district, both figures, both rules, both ways to cut a past day: against the oracle."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.divisions.codes import Level
from registry.workforce.counting import Basis, Place
from reports.figures.definitions import FIGURES
from reports.figures.ledger import Standing, ledger
from reports.figures.readings import roll_up, share
from tests.reports.figures.oracle import Oracle
from tests.reports.figures.worlds import counts, part_counts

CITY = "31"
DAYS = [date(2023, 1, 1) + timedelta(days=75 * step) for step in range(19)] + [date(2025, 12, 31)]


@pytest.fixture(scope="module")
def oracle(demo_engine) -> Oracle:
    with demo_engine.connect() as connection:
        return Oracle(lambda sql: connection.exec_driver_sql(sql).fetchall())


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
@pytest.mark.parametrize("basis", Basis)
def test_every_district_on_twenty_days_equals_the_oracle(
    demo_session: Session, oracle: Oracle, figure, basis: Basis
) -> None:
    assert len(DAYS) == 20
    for rule in figure.rules:
        for day in DAYS:
            how = {"rule": str(rule.code), "basis": str(basis), "figure": figure.code}
            reading = share(demo_session, figure, division=CITY, on=day, rule=rule, basis=basis)
            assert len(reading.parts) == 16
            said = {CITY: counts(reading), **part_counts(reading)}
            assert said == oracle.pooled_in(said, day.isoformat(), **how), day


def test_every_institution_and_every_division_equals_the_oracle(
    demo_session: Session, oracle: Oracle
) -> None:
    figure = FIGURES["qualified-share"]
    for day in (date(2024, 6, 30), date(2026, 11, 23)):
        people = share(demo_session, figure, division=CITY, on=day, rule=figure.default_rule, by=Level.SITE)
        staffed = {code: pair for code, pair in part_counts(people).items() if pair != (0, 0)}
        assert staffed == oracle.institutions(CITY, day.isoformat())
        shares = roll_up(demo_session, figure, division=CITY, on=day, rule=figure.default_rule)
        said = {code: (one.numerator, one.denominator) for code, one in shares.items()}
        assert said == oracle.pooled_in(said, day.isoformat())


@pytest.mark.parametrize("district", ["310101", "310107", "310115", "310118"])
def test_the_rows_of_a_district_add_up_to_its_figure(demo_session: Session, district: str) -> None:
    for figure in FIGURES.values():
        for rule in figure.rules:
            for day in (date(2025, 12, 31), date(2026, 11, 23)):
                reading = share(demo_session, figure, division=district, on=day, rule=rule)
                rows = ledger(demo_session, figure, place=Place(district), on=day, rule=rule)
                standings = Counter(row.standing for row in rows)
                holders, staff = standings[Standing.HOLDER], standings[Standing.STAFF]
                assert (holders, holders + staff) == counts(reading)
