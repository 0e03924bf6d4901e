"""The shipped divisions: what the lists hold, counted by hand."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import Level, within
from registry.divisions.loading import load_divisions
from registry.divisions.models import Division, DivisionKind, Population
from registry.divisions.population import Residents, residents_of
from registry.divisions.queries import divisions_at
from tests.factories import DAY, NOW

CENSUS_DAY = date(2020, 11, 1)


def test_shanghai_has_215_real_streets_of_234_rows(china: Session) -> None:
    kinds = sa.select(Division.kind, sa.func.count()).where(within(Division.code, "31"))
    counts = dict(china.execute(kinds.where(Division.level == Level.TOWNSHIP).group_by(Division.kind)).all())

    assert counts == {
        DivisionKind.SUBDISTRICT: 107,
        DivisionKind.TOWN: 106,
        DivisionKind.TOWNSHIP: 2,
        DivisionKind.FUNCTION_ZONE: 19,
    }
    assert len(divisions_at(china, "31", Level.TOWNSHIP, DAY)) == 215


def test_the_country_has_34_provinces_and_2978_counties(china: Session) -> None:
    assert len(divisions_at(china, "0", Level.PROVINCE, DAY)) == 34
    assert len(divisions_at(china, "0", Level.DISTRICT, DAY)) == 2978


@pytest.mark.parametrize(("code", "count"), [("31", 24_870_895), ("36", 45_188_635), ("51", 83_674_866)])
def test_county_residents_add_up_to_their_province(china: Session, code: str, count: int) -> None:
    of_counties = sa.select(sa.func.sum(Population.residents)).where(
        within(Population.division_code, code), sa.func.length(Population.division_code) == 6
    )

    assert china.scalar(of_counties) == count
    assert residents_of(china, [code], 2020)[code] == Residents(count, is_example=False)


def test_every_counted_county_existed_on_the_day_of_the_census(china: Session) -> None:
    existed = {division.code for code in ("31", "36", "51") for division in _all_counties(china, code)}

    counted = china.scalars(
        sa.select(Population.division_code).where(sa.func.length(Population.division_code) == 6)
    )

    assert set(counted) == existed


def _all_counties(session: Session, code: str) -> list[Division]:
    return divisions_at(session, code, Level.DISTRICT, CENSUS_DAY, shown_only=False)


def test_function_zones_of_the_census_ended_before_the_list_of_2023(china: Session) -> None:
    zones = {"511071", "511771", "511971"}

    assert zones <= {division.code for division in _all_counties(china, "51")}
    now = {division.code for division in divisions_at(china, "51", Level.DISTRICT, DAY, shown_only=False)}
    assert not zones & now


def test_a_county_that_became_a_city_keeps_its_residents(china: Session) -> None:
    found = residents_of(china, ["513402", "513425"], 2020)

    assert {code: one.count for code, one in found.items()} == {"513402": 390_531, "513425": 390_531}


def test_cities_without_meaning_are_pseudo(china: Session) -> None:
    pseudo = china.scalars(sa.select(Division.name).where(Division.kind == DivisionKind.PSEUDO))

    assert set(pseudo) == {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def test_loading_twice_adds_nothing(china: Session) -> None:
    before = china.scalar(sa.select(sa.func.count()).select_from(Division))

    assert load_divisions(china, at=NOW, by="测试") == 0
    assert (
        china.scalar(sa.select(sa.func.count()).select_from(Division)) == before == 34 + 342 + 2978 + 5112 + 4
    )
