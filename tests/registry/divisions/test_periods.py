"""Names and residents of divisions that changed."""

from datetime import date

from sqlalchemy.orm import Session

from registry.divisions.models import Population
from registry.divisions.population import Residents, residents_of
from registry.divisions.queries import name_of
from tests.factories import make_division


def test_a_name_follows_its_day(session: Session) -> None:
    make_division(session, "310101", name="旧名", valid_to=date(2024, 1, 1))
    make_division(session, "310101", name="新名", valid_from=date(2024, 1, 1))

    assert name_of(session, "310101", date(2023, 12, 31)) == "旧名"
    assert name_of(session, "310101", date(2024, 1, 1)) == "新名"
    assert name_of(session, "310101") == "新名"


def test_residents_of_a_place_that_nobody_counted_are_unknown(session: Session) -> None:
    make_division(session, "310101002")
    session.add(Population(division_code="310101", year=2020, residents=662_030, source="测试"))
    session.flush()

    counted = residents_of(session, ["310101", "310101002"], 2020)

    assert counted == {"310101": Residents(662_030, is_example=False)}
    assert residents_of(session, ["310101"], 2019) == {}


def test_residents_are_an_example_where_any_part_of_them_is(session: Session) -> None:
    make_division(session, "310101001")
    session.add(Population(division_code="310101001", year=2020, residents=9, source="测试", is_example=True))
    session.flush()

    assert residents_of(session, ["310101001"], 2020) == {"310101001": Residents(9, is_example=True)}
