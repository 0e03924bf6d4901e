"""Typed division codes find the division that stands on the day of the load, or the nearest help."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.intake.lookups import Divisions, division_code
from registry.intake.problems import Doubt
from registry.parsing import Cell, CellProblem
from tests.factories import make_division

TODAY = date(2026, 11, 23)


@pytest.fixture
def divisions(session: Session) -> Divisions:
    for code in ("31", "3101", "310101", "310101002", "44", "4419", "441900", "81"):
        make_division(session, code, name=f"区划{code}")
    make_division(session, "310108", name="原闸北区", valid_to=date(2025, 1, 1))
    return Divisions.load(session, on=TODAY)


def found(divisions: Divisions, typed: Cell) -> str | Doubt:
    return divisions.find(division_code(typed))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("310101", "310101"),
        (310101.0, "310101"),
        ("310000", "31"),
        ("310101002000", "310101002"),
        ("３１０１０１", "310101"),
        (" 310 101 ", "310101"),
        ("441900", "441900"),
        ("310100", "3101"),
    ],
)
def test_a_code_is_brought_to_its_canonical_form(divisions: Divisions, typed: Cell, code: str):
    assert found(divisions, typed) == code


def test_an_unknown_code_is_answered_with_the_nearest_division_above(divisions: Divisions):
    with pytest.raises(CellProblem) as caught:
        found(divisions, "310199")
    assert "没有这个区划代码" in str(caught.value.message)
    assert "“区划3101”（3101）" in str(caught.value.message)


def test_a_code_of_no_province_is_answered_with_how_codes_look(divisions: Divisions):
    with pytest.raises(CellProblem) as caught:
        found(divisions, "990101")
    assert "310101" in str(caught.value.remedy)


@pytest.mark.parametrize("typed", ["黄浦区", "3101O1", "31010", "1", "3101010020001"])
def test_what_is_no_code_is_refused(typed: Cell):
    with pytest.raises(CellProblem) as caught:
        division_code(typed)
    assert "2、4、6、9或12位" in str(caught.value.message)


def test_a_division_that_ended_is_refused_with_the_day(divisions: Divisions):
    with pytest.raises(CellProblem) as caught:
        found(divisions, "310108")
    assert "2025-01-01" in str(caught.value.message)


def test_a_finer_code_in_hong_kong_falls_back_to_it_with_a_warning(divisions: Divisions):
    doubt = found(divisions, "810008")
    assert isinstance(doubt, Doubt)
    assert doubt.value == "81"
    assert "记到“区划81”" in str(doubt.message)
