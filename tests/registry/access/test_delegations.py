"""授权代办: dated, limited, never handed on, and both names in the trail."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.delegations import (
    Handover,
    actor_standing_in,
    change_position,
    extent_needed,
    give_delegation,
    powers_of,
    standing_in_for,
    take_back,
)
from registry.access.models import Account, Delegation, Extent, Role
from registry.access.operations import give_further_position
from registry.access.positions import Charge, colleagues, end_position
from registry.access.rules import may, readable
from registry.access.sign_ins import begin_sign_in, find_stay
from registry.access.strictness import DEMO, DENGBAO3
from registry.actions import Action
from registry.audit.models import AuditEntry
from registry.audit.trail import Principal, Trail
from registry.audit.verification import examine_trail
from registry.clock import today
from registry.errors import InvalidInput, NotAllowed, NotVisible, RequirementUnmet, StepNotOpen
from registry.workforce.models import Practitioner
from tests.factories import HUANGPU, NOW, make_account, make_organisation, make_parameter, make_position

KEY = b"a key of the test"
TRAIL = Trail(KEY)
DAY = today(NOW)


@pytest.fixture(autouse=True)
def _most_days(session: Session) -> None:
    make_parameter(session, "delegation.days", 31)


@pytest.fixture
def a(session: Session) -> Account:
    """The officer who goes on leave."""
    return make_account(session, Role.DISTRICT, name="张示例")


@pytest.fixture
def b(session: Session) -> Account:
    """Her B-post."""
    return make_account(session, Role.DISTRICT, name="李示例")


def given(
    session: Session, a: Account, b: Account, extent: Extent = Extent.FULL, days: int = 7, **facts
) -> Delegation:
    handover = Handover(
        delegate=b,
        extent=extent,
        from_on=facts.get("from_on", DAY),
        until_on=facts.get("from_on", DAY) + timedelta(days=days - 1),
        reason=facts.get("reason", "年休假"),
    )
    actor = facts.get("actor") or Actor.of(a.positions[0])
    return give_delegation(session, a.positions[0], handover, actor=actor, at=NOW, trail=TRAIL)


def test_the_delegate_acts_in_the_position_under_both_names(session: Session, a: Account, b: Account) -> None:
    actor = actor_standing_in(given(session, a, b))

    assert (actor.code, actor.name) == (b.code, "李示例")
    assert actor.principal == Principal(a.code, "张示例")
    assert (actor.role, actor.division_code) == (Role.DISTRICT, HUANGPU)
    assert actor.people == {a.code, b.code}


@pytest.mark.parametrize(
    ("extent", "read", "work", "take"),
    [(Extent.READ, True, False, False), (Extent.WORK, True, True, False), (Extent.FULL, True, True, True)],
)
def test_a_delegate_does_no_more_than_was_handed_over(
    session: Session, a: Account, b: Account, extent: Extent, read: bool, work: bool, take: bool
) -> None:
    actor = actor_standing_in(given(session, a, b, extent))

    assert may(actor, Action.PRACTITIONER_SEE) is read
    assert may(actor, Action.INTAKE_RUN) is work
    assert may(actor, Action.PRACTITIONER_EXPORT) is take
    assert not may(actor, Action.FIGURE_SIGN), "a signature is its person's own"
    assert not may(actor, Action.DELEGATION_GIVE), "nothing is handed on"
    assert may(actor, Action.SIGN_IN_KEEP), "and there is a way back"


@pytest.mark.parametrize("extent", Extent)
def test_no_extent_holds_more_than_the_position(extent: Extent) -> None:
    assert powers_of(extent) <= {action for action in Action if extent_needed(action) is not None}


def test_lists_know_the_limits_too(session: Session, a: Account, b: Account) -> None:
    actor = actor_standing_in(given(session, a, b, Extent.READ))

    seen = session.scalar(sa.select(readable(Practitioner, actor, Action.PRACTITIONER_EXPORT)))
    assert not seen


@pytest.mark.parametrize(
    ("day", "holds"),
    [(-1, False), (0, True), (6, True), (7, False)],
    ids=["before", "first", "last", "after"],
)
def test_a_delegation_holds_on_its_days_only(
    session: Session, a: Account, b: Account, day: int, holds: bool
) -> None:
    delegation = given(session, a, b)

    on = DAY + timedelta(days=day)
    assert delegation.holds_on(on) is holds
    assert (standing_in_for(session, b.id, on=on) == [delegation]) is holds


def test_it_ends_with_the_position_and_with_its_holder_s_account(
    session: Session, a: Account, b: Account
) -> None:
    delegation = given(session, a, b)

    a.is_active = False
    assert not delegation.holds_on(DAY)
    a.is_active = True
    end_position(
        session, a.positions[0], on=DAY, at=NOW, trail=TRAIL, by=Actor.of(a.positions[0]), reason="离职"
    )
    assert not delegation.holds_on(DAY)


def test_what_was_taken_back_is_over_at_once_and_only_once(session: Session, a: Account, b: Account) -> None:
    delegation = given(session, a, b)
    stay = find_stay(session, begin_sign_in(session, b, at=NOW), DEMO, at=NOW)
    assert stay is not None
    change_position(session, stay, a.positions[0], delegation, strictness=DEMO, at=NOW, trail=TRAIL)

    take_back(session, delegation, actor=Actor.of(a.positions[0]), at=NOW, trail=TRAIL)

    assert not delegation.holds_on(DAY)
    session.refresh(stay.sign_in)
    assert stay.sign_in.delegation_id is None
    with pytest.raises(StepNotOpen):
        take_back(session, delegation, actor=Actor.of(a.positions[0]), at=NOW, trail=TRAIL)


def test_nobody_takes_back_what_another_gave(session: Session, a: Account, b: Account) -> None:
    delegation = given(session, a, b)

    with pytest.raises(NotAllowed):
        take_back(session, delegation, actor=Actor.of(b.positions[0]), at=NOW, trail=TRAIL)


def test_whoever_stands_in_hands_nothing_on(session: Session, a: Account, b: Account) -> None:
    third = make_account(session, Role.DISTRICT)
    standing_in = actor_standing_in(given(session, a, b))

    with pytest.raises(NotAllowed):
        given(session, a, third, actor=standing_in)
    with pytest.raises(NotAllowed):
        given(session, a, third, actor=Actor.of(b.positions[0]))


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN])
def test_an_administrator_hands_nothing_over(session: Session, role: Role) -> None:
    with pytest.raises(NotAllowed):
        given(session, make_account(session, role), make_account(session, role))


def test_only_a_colleague_of_the_unit_stands_in(session: Session, a: Account, b: Account) -> None:
    elsewhere = make_account(session, Role.DISTRICT, division_code="310115")
    above = make_account(session, Role.CITY)

    for other in (elsewhere, above, a):
        with pytest.raises(InvalidInput) as refusal:
            given(session, a, other)
        assert refusal.value.field == "delegate"
    assert colleagues(session, a.positions[0], on=DAY) == [b]


def test_a_unit_of_one_person_turns_to_the_level_above(session: Session, a: Account) -> None:
    above = make_account(session, Role.CITY)

    assert colleagues(session, a.positions[0], on=DAY) == [above]
    assert given(session, a, above).delegate is above


def test_an_organisation_of_one_person_has_nobody_above_who_acts_for_it(session: Session) -> None:
    alone = make_account(session, Role.PROVIDER)
    make_account(session, Role.DISTRICT)
    make_account(session, Role.PROVIDER, organisation=make_organisation(session))

    assert colleagues(session, alone.positions[0], on=DAY) == []


def test_a_closed_account_stands_in_for_nobody(session: Session, a: Account, b: Account) -> None:
    b.is_active = False
    session.flush()

    with pytest.raises(InvalidInput):
        given(session, a, b)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"from_on": DAY - timedelta(days=1)}, "from_on"),
        ({"days": 0}, "until_on"),
        ({"days": 32}, "until_on"),
        ({"reason": "假"}, "reason"),
        ({"reason": "长" * 101}, "reason"),
    ],
)
def test_days_and_reasons_that_will_not_do_are_named(
    session: Session, a: Account, b: Account, facts: dict, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        given(session, a, b, **facts)

    assert refusal.value.field == field


def test_thirty_one_days_are_the_most(session: Session, a: Account, b: Account) -> None:
    assert given(session, a, b, days=31).until_on == DAY + timedelta(days=30)


def test_the_same_days_are_handed_to_the_same_person_once(session: Session, a: Account, b: Account) -> None:
    given(session, a, b)

    with pytest.raises(InvalidInput):
        given(session, a, b, from_on=DAY + timedelta(days=6))
    assert given(session, a, b, from_on=DAY + timedelta(days=7))


def test_a_person_changes_among_his_own_positions_only(session: Session, a: Account, b: Account) -> None:
    street = make_position(session, b, Role.STREET, division_code="310101002")
    stay = find_stay(session, begin_sign_in(session, b, at=NOW), DEMO, at=NOW)
    assert stay is not None

    change_position(session, stay, street, None, strictness=DEMO, at=NOW, trail=TRAIL)

    assert stay.sign_in.position_id == street.id
    with pytest.raises(NotVisible):
        change_position(session, stay, a.positions[0], None, strictness=DEMO, at=NOW, trail=TRAIL)
    mine = given(session, b, a)
    with pytest.raises(NotVisible):
        change_position(session, stay, b.positions[0], mine, strictness=DEMO, at=NOW, trail=TRAIL)


def test_one_comes_back_to_the_position_of_the_last_time(session: Session, b: Account) -> None:
    street = make_position(session, b, Role.STREET, division_code="310101002")
    first = find_stay(session, begin_sign_in(session, b, at=NOW), DEMO, at=NOW)
    assert first is not None
    assert first.position.role is Role.DISTRICT
    change_position(session, first, street, None, strictness=DEMO, at=NOW, trail=TRAIL)

    later = NOW + timedelta(hours=1)
    again = find_stay(session, begin_sign_in(session, b, at=later), DEMO, at=later)

    assert again is not None
    assert again.position is street


def test_a_stay_is_over_with_its_position(session: Session, b: Account) -> None:
    token = begin_sign_in(session, b, at=NOW)
    b.positions[0].ended_on = DAY
    session.flush()

    assert find_stay(session, token, DEMO, at=NOW) is None


def test_a_position_is_given_once_and_never_beside_administration(session: Session, b: Account) -> None:
    auditor = make_account(session, Role.AUDITADMIN, name="赵示例")
    charge = Charge(Role.DISTRICT, HUANGPU)

    for account in (b, auditor):
        with pytest.raises(InvalidInput):
            give_further_position(session, account, charge, at=NOW, trail=TRAIL, by="x")
    with pytest.raises(InvalidInput):
        give_further_position(session, b, Charge(Role.SECADMIN, "31"), at=NOW, trail=TRAIL, by="x")


def test_the_trail_names_both_and_seals_both(session: Session, a: Account, b: Account) -> None:
    delegation = given(session, a, b)
    stay = find_stay(session, begin_sign_in(session, b, at=NOW), DEMO, at=NOW)
    assert stay is not None
    in_her_name = Trail(KEY, principal=actor_standing_in(delegation).principal)
    change_position(session, stay, a.positions[0], delegation, strictness=DEMO, at=NOW, trail=in_her_name)

    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()

    assert entry is not None
    assert (entry.actor_name, entry.principal_name, entry.principal_code) == ("李示例", "张示例", a.code)
    assert examine_trail(session, key=KEY).broken is None


def test_a_delegate_who_left_the_unit_stands_in_no_longer(session: Session, a: Account) -> None:
    b = make_account(session, Role.DISTRICT, name="李示例")
    week = Handover(b, Extent.FULL, DAY, DAY + timedelta(days=6), "年休假")
    position = a.positions[0]
    delegation = give_delegation(session, position, week, actor=Actor.of(position), at=NOW, trail=TRAIL)
    make_position(session, b, Role.DISTRICT, division_code="310104")

    b.positions[0].ended_on = DAY

    assert not delegation.holds_on(DAY)
    assert standing_in_for(session, b.id, on=DAY) == []


def test_nobody_comes_past_the_second_factor_by_changing_his_position(session: Session, a: Account) -> None:
    b = make_account(session, Role.DISTRICT, name="李示例")
    make_position(session, b, Role.PROVIDER)
    token = begin_sign_in(session, b, at=NOW)
    stay = find_stay(session, token, DENGBAO3, at=NOW)

    with pytest.raises(RequirementUnmet, match="动态验证码"):
        change_position(session, stay, b.positions[0], None, strictness=DENGBAO3, at=NOW, trail=TRAIL)

    stay.sign_in.factor_at = NOW
    change_position(session, stay, b.positions[0], None, strictness=DENGBAO3, at=NOW, trail=TRAIL)
    assert stay.sign_in.position_id == b.positions[0].id
