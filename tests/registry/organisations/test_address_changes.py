"""What a change of address may ask for, and what its confirmation does to the site."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.divisions.models import DivisionKind
from registry.errors import InvalidInput, RequirementUnmet
from registry.organisations.address_change_queries import (
    open_change_of,
    place_names,
    street_groups,
)
from registry.organisations.address_changes import Proposal, faults, responsible_after
from registry.organisations.models import AddressChangeState, Precision, Site
from registry.organisations.workflow import AddressChangeStep
from tests.factories import make_address_change, make_division
from tests.registry.workflow.conftest import LUJIAZUI, PROPOSAL, PUDONG, WAITAN, Scene, scene

__all__ = ["scene"]

SAVE, SUBMIT, CONFIRM = AddressChangeStep.SAVE, AddressChangeStep.SUBMIT, AddressChangeStep.CONFIRM
TODAY = date(2026, 11, 23)


def fields_at_fault(scene: Scene, proposal: Proposal) -> list[str]:
    return [fault.field for fault in faults(scene.session, scene.site, proposal, today=TODAY)]


def test_a_sound_proposal_has_no_faults(scene: Scene) -> None:
    assert fields_at_fault(scene, PROPOSAL) == []


@pytest.mark.parametrize("code", ["310101099", "310101", "510104001", "31010100201", "", "abc"])
def test_an_unknown_street_or_one_outside_the_city_is_a_fault(scene: Scene, code: str) -> None:
    make_division(scene.session, "510104001")
    assert fields_at_fault(scene, replace(PROPOSAL, division_code=code)) == ["division_code"]


def test_a_pseudo_street_is_no_place_to_move_to(scene: Scene) -> None:
    make_division(scene.session, "310101400", kind=DivisionKind.FUNCTION_ZONE)
    assert fields_at_fault(scene, replace(PROPOSAL, division_code="310101400")) == ["division_code"]


def test_a_street_that_no_longer_exists_is_no_place_to_move_to(scene: Scene) -> None:
    make_division(scene.session, "310101020", valid_to=TODAY)
    assert fields_at_fault(scene, replace(PROPOSAL, division_code="310101020")) == ["division_code"]


@pytest.mark.parametrize(
    ("day", "is_fault"),
    [
        (date(2019, 12, 31), True),  # before the site opened
        (date(2020, 1, 1), True),  # the first day of the present place
        (date(2020, 1, 2), False),
        (date(2027, 1, 22), False),  # 60 days ahead
        (date(2027, 1, 23), True),
    ],
)
def test_the_day_of_the_move_lies_after_the_present_place_began_and_not_far_ahead(
    scene: Scene, day: date, is_fault: bool
) -> None:
    assert fields_at_fault(scene, replace(PROPOSAL, effective_on=day)) == ["effective_on"] * is_fault


def test_every_fault_is_told_at_once(scene: Scene) -> None:
    bad = replace(PROPOSAL, division_code="x", effective_on=date(2040, 1, 1))
    assert fields_at_fault(scene, bad) == ["division_code", "effective_on"]


def test_a_faulty_proposal_is_not_saved(scene: Scene) -> None:
    change = scene.change()
    with pytest.raises(InvalidInput):
        scene.take(change, SAVE, "provider", facts=replace(PROPOSAL, division_code="x"))
    assert change.address == "示例路88号"


def test_a_change_that_changes_nothing_is_not_submitted(scene: Scene) -> None:
    change = scene.change(address=scene.site.address, division_code=scene.site.division_code)
    with pytest.raises(RequirementUnmet, match="与现址相同"):
        scene.take(change, SUBMIT, "provider")


def test_a_confirmed_move_closes_the_present_place_and_opens_the_next(scene: Scene) -> None:
    confirm(scene, address="示例路99号", latitude=31.2304, longitude=121.4737)
    site = scene.site
    assert (site.address, site.division_code, site.located_code) == ("示例路99号", WAITAN, WAITAN)
    assert (site.latitude, site.longitude, site.precision) == (31.2304, 121.4737, Precision.EXACT)
    scene.session.expire(site)
    periods = [
        (place.address, place.division_code, place.valid_from, place.valid_to) for place in site.placements
    ]
    assert periods == [
        ("示例路1号", "310101002", date(2020, 1, 1), date(2026, 12, 1)),
        ("示例路99号", WAITAN, date(2026, 12, 1), None),
    ]
    assert [place.today_code for place in site.placements] == ["310101002", WAITAN]


def test_a_move_without_a_point_takes_the_old_point_away(scene: Scene) -> None:
    scene.site.latitude, scene.site.longitude, scene.site.precision = 31.0, 121.0, Precision.EXACT
    confirm(scene)
    assert (scene.site.latitude, scene.site.longitude, scene.site.precision) == (None, None, None)


def test_a_move_to_another_district_moves_the_responsibility(scene: Scene) -> None:
    confirm(scene, division_code=LUJIAZUI)
    assert (scene.site.division_code, scene.site.located_code) == (LUJIAZUI, LUJIAZUI)


@pytest.mark.parametrize(
    ("new_code", "responsible"),
    [
        ("310115012", "310101002"),  # stays in the district where it lies: its own district goes on answering
        ("310106011", "310106011"),  # moves to a third district
        ("310101013", "310101013"),  # comes home
    ],
)
def test_a_site_that_another_district_answers_for_keeps_it_while_it_stays_there(
    new_code: str, responsible: str
) -> None:
    site = Site(division_code="310101002", located_code="310115005")
    assert responsible_after(site, new_code) == responsible


def test_a_site_that_was_changed_elsewhere_meanwhile_is_not_moved(scene: Scene) -> None:
    change = scene.change()
    scene.take(change, SUBMIT, "provider")
    scene.site.address = "另一条路2号"
    scene.session.flush()
    with pytest.raises(RequirementUnmet, match="另行更改"):
        scene.take(change, CONFIRM, "district")
    assert change.state is AddressChangeState.SUBMITTED


def test_what_the_officer_compares_with_is_the_site_on_the_day_of_the_hand_in(scene: Scene) -> None:
    change = scene.change()
    scene.site.address = "另一条路2号"
    scene.session.flush()
    scene.take(change, SUBMIT, "provider")
    assert change.from_address == "另一条路2号"


def test_the_open_change_of_a_site_is_the_one_that_has_not_ended(scene: Scene) -> None:
    confirm(scene)
    assert open_change_of(scene.session, scene.site) is None
    change = make_address_change(scene.session, scene.site)
    assert open_change_of(scene.session, scene.site) is change


def test_the_choice_is_the_city_s_streets_under_their_districts(scene: Scene) -> None:
    make_division(scene.session, "510104001")
    groups = street_groups(scene.session, scene.site, TODAY)
    assert [(group.code, [code for code, _name in group.streets]) for group in groups] == [
        ("310101", ["310101002", WAITAN]),
        (PUDONG, [LUJIAZUI]),
    ]
    assert groups[0].name == "区划310101"


def test_a_place_is_named_by_its_district_and_its_street(session: Session) -> None:
    make_division(session, "310101", name="黄浦区")
    make_division(session, "310101002", name="南京东路街道")
    assert place_names(session, ["310101002", "310101", "990101001"]) == {
        "310101002": "黄浦区南京东路街道",
        "310101": "黄浦区",
        "990101001": "990101001",
    }


def confirm(scene: Scene, **facts: object) -> None:
    change = scene.change(**facts)
    scene.take(change, SUBMIT, "provider")
    scene.take(change, CONFIRM, "district")
