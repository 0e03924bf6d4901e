"""What a typed code means, and what lies around it, on the shipped divisions."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.divisions.codes import Level
from registry.divisions.queries import (
    breadcrumbs,
    children,
    division_at,
    divisions_at,
    level_below,
    look_up,
    name_of,
    names_of,
    resolve,
    search,
    successors,
)
from registry.errors import UnknownDivision
from tests.factories import DAY


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31", "31"),
        ("310000", "31"),
        ("310100", "3101"),
        ("310101", "310101"),
        (" 310101 ", "310101"),
        ("310101000000", "310101"),
        ("310101002", "310101002"),
        ("310101002000", "310101002"),
        ("441900", "441900"),
        ("4419", "4419"),
        ("460400", "460400"),
        ("820000", "82"),
    ],
)
def test_a_typed_code_means_the_division_that_exists(china: Session, typed: str, code: str) -> None:
    found = look_up(china, typed, DAY)

    assert (found.division.code, found.warning) == (code, None)


@pytest.mark.parametrize(
    "typed", ["", "3", "99", "310102", "310101999", "999999", "31010", "黄浦区", "-31", "３１"]
)
def test_a_code_that_no_list_knows_is_refused(china: Session, typed: str) -> None:
    with pytest.raises(UnknownDivision):
        resolve(china, typed, DAY)


@pytest.mark.parametrize(("typed", "code"), [("810001", "81"), ("710100", "71"), ("820000001", "82")])
def test_a_finer_code_of_taiwan_hong_kong_and_macao_falls_back_with_a_warning(
    china: Session, typed: str, code: str
) -> None:
    found = look_up(china, typed, DAY)

    assert found.division.code == code
    assert found.warning is not None
    assert found.division.name in str(found.warning)
    assert typed in str(found.warning)


def test_an_old_code_leads_to_its_successor_with_a_warning(china: Session) -> None:
    found = look_up(china, "513425", DAY)

    assert found.division.code == "513402"
    assert str(found.warning) == "区划代码513425（会理县）现为513402（会理市）。"
    assert successors(china, "513425", DAY) == ("513402",)


def test_an_old_code_means_itself_on_a_day_when_it_existed(china: Session) -> None:
    assert resolve(china, "513425", date(2021, 1, 19)).name == "会理县"
    assert successors(china, "513425", date(2021, 1, 19)) == ("513425",)


def test_a_code_asked_for_before_it_began_is_taken_at_its_beginning(china: Session) -> None:
    found = look_up(china, "513402", date(2020, 1, 1))

    assert found.division.name == "会理市"
    assert "2021-01-20" in str(found.warning)
    assert division_at(china, "513402", date(2020, 1, 1)) is None


def test_a_zone_that_ended_without_a_successor_is_refused_by_name(china: Session) -> None:
    with pytest.raises(UnknownDivision, match="内江经济开发区"):
        resolve(china, "511071", DAY)


def test_the_children_of_shanghai_are_its_16_districts(china: Session) -> None:
    below = children(china, "31", DAY)

    assert len(below) == 16
    assert {division.level for division in below} == {Level.DISTRICT}
    assert [division.code for division in children(china, "3101", DAY)] == [
        division.code for division in below
    ]


def test_without_skipping_the_child_of_shanghai_is_the_pseudo_city(china: Session) -> None:
    assert [division.code for division in children(china, "31", DAY, shown_only=False)] == ["3101"]


def test_the_children_of_a_province_are_its_cities(china: Session) -> None:
    assert len(children(china, "36", DAY)) == 11
    assert len(children(china, "0", DAY)) == 34


def test_the_children_of_chongqing_are_the_districts_of_both_pseudo_cities(china: Session) -> None:
    below = children(china, "50", DAY)

    assert len(below) == 38
    assert [division.code for division in below] == sorted(division.code for division in below)


def test_function_zones_are_not_among_the_children(china: Session) -> None:
    shown = {division.code for division in children(china, "310115", DAY)}
    every = {division.code for division in children(china, "310115", DAY, shown_only=False)}

    assert "310115401" in every - shown  # 芦潮港农场


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("0", Level.PROVINCE),
        ("31", Level.DISTRICT),
        ("36", Level.CITY),
        ("310101", Level.TOWNSHIP),
        ("310101002", None),
        ("81", None),
    ],
)
def test_a_drill_down_leads_to_the_next_shown_level(china: Session, code: str, level: Level | None) -> None:
    assert level_below(china, code, DAY) == level


def test_a_level_inside_a_place_leaves_pseudo_units_out(china: Session) -> None:
    assert divisions_at(china, "31", Level.CITY, DAY) == []
    assert len(divisions_at(china, "310101", Level.TOWNSHIP, DAY)) == 10


def test_breadcrumbs_skip_the_pseudo_city(china: Session) -> None:
    assert [division.name for division in breadcrumbs(china, "310101002", DAY)] == [
        "上海市",
        "黄浦区",
        "南京东路街道",
    ]


def test_names_are_those_of_the_day_or_the_last_ones(china: Session) -> None:
    assert names_of(china, ["31", "513425", "99"], DAY) == {"31": "上海市", "513425": "会理县"}
    assert name_of(china, "99") == "99"


@pytest.mark.parametrize(
    ("text", "first"),
    [("南京东", "310101002"), ("310101", "310101"), ("njdljd", "310101002"), ("HPQ", "310101")],
)
def test_a_search_finds_names_codes_and_initials(china: Session, text: str, first: str) -> None:
    assert search(china, text, DAY, within_code="31")[0].code == first


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "查无此地", "zzzzz"])
def test_a_search_for_nothing_finds_nothing(china: Session, text: str) -> None:
    assert search(china, text, DAY) == []


def test_a_search_stays_in_its_place_and_within_its_limit(china: Session) -> None:
    found = search(china, "街道", DAY, within_code="3101", limit=7)

    assert len(found) == 7
    assert all(division.code.startswith("3101") for division in found)
