"""Twenty days, every district, both figures, both rules, both ways to cut a past day: against the oracle."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import Level
from registry.organisations.models import Organisation
from registry.workforce.counting import Basis, Place
from reports.figures.definitions import FIGURES, REGISTERED_SHARE
from reports.figures.ledger import Standing, ledger
from reports.figures.readings import roll_up, share
from reports.figures.shares import Measure
from reports.figures.trend import trend
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


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_street_and_every_institution_on_twenty_days_equals_the_oracle(
    demo_session: Session, oracle: Oracle, figure, record_property
) -> None:
    """Every cell of every figure by both rules: how many were compared stands in the report of the run."""
    compared, different = 0, []
    for rule in figure.rules:
        for day in DAYS:
            how = {"rule": str(rule.code), "figure": figure.code}
            shares = roll_up(demo_session, figure, division=CITY, on=day, rule=rule)
            said = {code: (one.numerator, one.denominator) for code, one in shares.items()}
            people = share(demo_session, figure, division=CITY, on=day, rule=rule, by=Level.SITE)
            houses = {code: pair for code, pair in part_counts(people).items() if pair[0] or pair[1]}
            known = oracle.pooled_in(said, day.isoformat(), **how)
            known_houses = {
                code: pair
                for code, pair in oracle.institutions(CITY, day.isoformat(), **how).items()
                if pair[0] or pair[1]
            }
            professions = {one.value: count for one, count in people.professions}
            known_professions = (
                oracle.professions(CITY, day.isoformat(), **how) if figure.code == "staff" else {}
            )
            for ours, theirs in (
                (said, known),
                (houses, known_houses),
                (professions, known_professions),
            ):
                compared += len(ours.keys() | theirs.keys())
                different += [
                    (day, rule.code, code)
                    for code in ours.keys() | theirs.keys()
                    if ours.get(code) != theirs.get(code)
                ]
    record_property("cells", compared)
    assert compared > 5_000
    assert different == []


@pytest.mark.parametrize("district", ["310101", "310107", "310115", "310118"])
def test_the_rows_of_a_district_add_up_to_its_figure(demo_session: Session, district: str) -> None:
    for figure in (one for one in FIGURES.values() if one.measure is not Measure.DENSITY):
        for rule in figure.rules:
            for day in (date(2025, 12, 31), date(2026, 11, 23)):
                reading = share(demo_session, figure, division=district, on=day, rule=rule)
                rows = ledger(demo_session, figure, place=Place(district), on=day, rule=rule)
                standings = Counter(row.standing for row in rows)
                holders, staff = standings[Standing.HOLDER], standings[Standing.STAFF]
                assert (holders, holders + staff) == counts(reading)


def test_a_registration_was_renewed_half_a_year_late_and_the_trend_shows_it(demo_session: Session) -> None:
    """许国强 alone makes the difference: his colleagues' papers are others, or lasted."""
    own = sa.select(Organisation.id).where(Organisation.name == "黄浦暖阳社区康复服务中心（示例）")
    place, rule = Place(organisation_id=demo_session.scalars(own).one()), REGISTERED_SHARE.default_rule

    points = trend(demo_session, REGISTERED_SHARE, place=place, on=date(2026, 11, 23), rule=rule)

    of_2023 = [point.share.numerator for point in points if point.on.year == 2023]
    april, gap, november = of_2023[3], of_2023[4:10], of_2023[10]
    assert [before for before, after in pairwise(gap) if before != after] == []
    assert (april - gap[0], november - gap[-1]) == (1, 1)
