"""Nobody grants what he could not confirm: all roles against all roles, in places near and far.

What is expected is written here by hand, not read from the declaration.
"""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.positions import Charge
from registry.access.supervision import may_confirm, may_propose, refuse_impossible
from registry.errors import InvalidInput
from registry.organisations.models import Organisation

ABOVE = ("province", "city", "district", "street")
"""Civil affairs from above: each answers for itself and for what stands behind it."""
OF_ORGANISATIONS = {"station", "provider", "charity", "association"}
DEPARTMENTS = {"socialwork", "health", "police", "finance", "hr", "dpf"}
PLACES = ("31", "3101", "310101", "310101002", "310110", "3102", "32", "320101")


def expected(who: str, what: str, *, is_within: bool) -> bool:
    """Whether somebody in role `who` may let somebody have role `what`."""
    if who not in ABOVE or not is_within:
        return False
    if what in ABOVE:
        return ABOVE.index(who) <= ABOVE.index(what)
    if what in DEPARTMENTS:
        return who != "street"
    return what in OF_ORGANISATIONS


def actor(role: Role, place: str, organisation_id: int | None = None) -> Actor:
    return Actor(1, "a", "a", "李示例", role, place, organisation_id)


def charge(role: Role, place: str, home: str | None = None) -> Charge:
    of_one = role.value in OF_ORGANISATIONS
    return Charge(role, place, Organisation(id=7, division_code=home or place) if of_one else None)


def test_every_role_confirms_exactly_the_roles_that_his_level_answers_for() -> None:
    wrong = [
        (who, what, own, place)
        for who, what in itertools.product(Role, Role)
        for own, place in itertools.product(PLACES, PLACES)
        if may_confirm(actor(who, own), charge(what, place))
        != expected(who.value, what.value, is_within=place.startswith(own))
    ]

    assert wrong == []


@settings(max_examples=300, deadline=None)
@given(
    who=st.sampled_from(Role),
    what=st.sampled_from(Role),
    own=st.sampled_from(PLACES),
    place=st.sampled_from(PLACES),
    home=st.sampled_from(PLACES),
)
def test_no_chain_of_confirmations_lifts_anybody_above_its_first_link(
    who: Role, what: Role, own: str, place: str, home: str
) -> None:
    """Whatever the one whom I let in may confirm, I may confirm myself: powers never grow from hand to hand."""
    let_in = charge(what, place, home)
    if not may_confirm(actor(who, own), let_in):
        return
    second = actor(what, place)
    for further, code in itertools.product(Role, PLACES):
        if may_confirm(second, charge(further, code)):
            assert may_confirm(actor(who, own), charge(further, code))


@pytest.mark.parametrize("role", [role for role in Role if role.value in OF_ORGANISATIONS])
def test_an_organisation_asks_only_for_its_own_role_in_itself(role: Role) -> None:
    own = actor(role, "310101", 7)

    allowed = {what for what in Role if may_propose(own, charge(what, "310101"))}

    assert allowed == {role}
    assert not may_propose(own, charge(role, "31"))
    assert not may_propose(actor(role, "310101", 8), charge(role, "310101"))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_stands_at_its_level_and_administrators_at_none(role: Role) -> None:
    def is_possible(place: str) -> bool:
        try:
            refuse_impossible(charge(role, place))
        except InvalidInput:
            return False
        return True

    lengths = {
        "province": {2}, "city": {2, 4}, "district": {6}, "street": {9},
        "sysadmin": set(), "secadmin": set(), "auditadmin": set(),
        **dict.fromkeys(DEPARTMENTS, frozenset({2, 4, 6})),
    }  # fmt: skip
    possible = {len(place) for place in ("31", "3101", "310101", "310101002") if is_possible(place)}

    assert possible == lengths.get(role.value, {2, 4, 6, 9})
    assert not is_possible("0")


def test_a_position_reaches_no_farther_than_its_organisation() -> None:
    with pytest.raises(InvalidInput, match="单位"):
        refuse_impossible(charge(Role.STATION, "31", "310101"))
    with pytest.raises(InvalidInput, match="单位"):
        refuse_impossible(charge(Role.STATION, "310110", "310101"))
