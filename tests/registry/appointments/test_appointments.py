"""Appointments: one asks, another confirms, and only then does anybody hold anything."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.access.actors import Actor
from registry.access.delegations import actor_standing_in
from registry.access.models import Delegation, Extent, Position, Role, SignIn
from registry.access.positions import Charge
from registry.access.queries import account_by_username
from registry.access.sign_ins import begin_sign_in
from registry.appointments.models import AppointmentKind, AppointmentState
from registry.audit.models import AuditEntry
from registry.audit.verification import examine_trail
from registry.errors import InvalidInput, NotAllowed, NotVisible, ReasonMissing, RequirementUnmet, StepNotOpen
from registry.workflow.queries import open_steps, open_todos
from tests.factories import DAY, HUANGPU, NANJING_EAST_ROAD, NOW, make_account, make_position
from tests.registry.appointments.conftest import NEWCOMER, PUDONG, TRAIL, Office, Step


def refused_field(office: Office, who: str = "secadmin", **facts: object) -> str:
    """Which field the refusal names; nothing was kept."""
    with pytest.raises(InvalidInput) as refused, office.session.begin_nested():
        office.ask(who, **facts)
    return refused.value.field


def entries(office: Office, action: str) -> list[AuditEntry]:
    found = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(office.session.scalars(found))


def test_a_new_officer_holds_nothing_until_a_second_person_agrees(office: Office) -> None:
    appointment = office.ask()
    assert account_by_username(office.session, "wangmin") is None
    assert office.waits_for(appointment) == [(Role.DISTRICT, NANJING_EAST_ROAD, "复核岗位任命")]

    office.take(appointment, Step.CONFIRM, "district")

    account = account_by_username(office.session, "wangmin")
    assert [(one.role, one.division_code, one.began_on) for one in account.positions] == [
        (Role.STREET, NANJING_EAST_ROAD, DAY)
    ]
    assert (account.name, account.password_hash, account.password_set_at) == ("王示例", "!", None)
    assert appointment.state is AppointmentState.CONFIRMED
    assert office.waits_for(appointment) == [(Role.SECADMIN, NANJING_EAST_ROAD, "发放首次登录的一次性代码")]


def test_both_names_stand_in_the_trail(office: Office) -> None:
    maker, checker = office.people["secadmin"], office.people["district"]
    appointment = office.ask()
    office.take(appointment, Step.CONFIRM, "district")

    [asked], [confirmed] = entries(office, "appointment.ask"), entries(office, "appointment.confirm")

    assert (asked.actor_code, asked.subject_code) == (maker.code, appointment.code)
    assert (confirmed.actor_code, confirmed.actor_name) == (checker.code, checker.name)
    assert (confirmed.facts["asked by"], confirmed.facts["asked by name"]) == (maker.code, maker.name)
    assert confirmed.facts["role"] == "street"
    assert confirmed.facts["account"] == appointment.account.code
    assert examine_trail(office.session, key=TRAIL.key).broken is None


def test_what_is_sent_back_comes_to_its_maker_with_the_reason_and_can_be_asked_again(office: Office) -> None:
    appointment = office.ask()
    with pytest.raises(ReasonMissing):
        office.take(appointment, Step.REFUSE, "district")

    office.take(appointment, Step.REFUSE, "district", reason="姓名与到岗通知不符")

    assert appointment.state is AppointmentState.RETURNED
    assert [todo.title for todo in open_todos(office.session, office.actor("secadmin"))] == [
        "修改或撤回被退回的任命"
    ]
    office.take(appointment, Step.ASK, "secadmin", facts=replace(NEWCOMER, name="王示例二"))
    assert (appointment.state, appointment.name) == (AppointmentState.ASKED, "王示例二")
    assert [role for role, *_ in office.waits_for(appointment)] == [Role.DISTRICT]


def test_what_was_withdrawn_gives_nothing(office: Office) -> None:
    appointment = office.ask()

    office.take(appointment, Step.WITHDRAW, "secadmin")

    with pytest.raises(StepNotOpen):
        office.take(appointment, Step.CONFIRM, "district")
    assert account_by_username(office.session, "wangmin") is None
    assert office.waits_for(appointment) == []


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("secadmin", NotAllowed),  # its maker
        ("district secadmin", NotAllowed),  # sees it, confirms nothing
        ("health", NotVisible),
        ("district elsewhere", NotVisible),
        ("secadmin elsewhere", NotVisible),
        ("provider", NotVisible),
    ],
)
def test_nobody_but_a_regulator_who_answers_for_it_confirms(office: Office, who: str, refusal: type) -> None:
    appointment = office.ask()

    with pytest.raises(refusal) as refused:
        office.take(appointment, Step.CONFIRM, who)

    assert refused.type is refusal


def test_a_regulator_does_not_confirm_what_lies_above_him(office: Office) -> None:
    street = make_account(office.session, Role.STREET, division_code=NANJING_EAST_ROAD)
    appointment = office.ask(
        charge=Charge(Role.STATION, NANJING_EAST_ROAD, office.people["provider"].positions[0].organisation)
    )

    # The organisation is the district's, though the position lies in the street.
    assert [role for role, *_ in office.waits_for(appointment)] == [Role.DISTRICT]
    with pytest.raises(NotAllowed):
        office.take(appointment, Step.CONFIRM, Actor.of(street.positions[0]))


def test_nobody_confirms_his_own_appointment(office: Office) -> None:
    district = office.people["district"]
    appointment = office.ask(account=district, charge=Charge(Role.STREET, NANJING_EAST_ROAD))

    with pytest.raises(NotAllowed):
        office.take(appointment, Step.CONFIRM, "district")
    office.take(appointment, Step.CONFIRM, "second in the district")

    assert [one.role for one in district.positions] == [Role.DISTRICT, Role.STREET]


def test_the_maker_does_not_confirm_in_another_of_his_positions(office: Office) -> None:
    provider = office.people["provider"]
    make_position(office.session, provider, Role.DISTRICT)
    own = provider.positions[0]
    appointment = office.ask("provider", charge=Charge(own.role, own.division_code, own.organisation))

    as_district = Actor.of(provider.positions[1])

    assert Step.CONFIRM not in {step.step for step in open_steps(office.session, appointment, as_district)}
    with pytest.raises(NotAllowed):
        office.take(appointment, Step.CONFIRM, as_district)


def test_whoever_stands_in_confirms_no_appointment(office: Office) -> None:
    appointment = office.ask()
    delegation = Delegation(
        extent=Extent.FULL,
        from_on=DAY,
        until_on=DAY,
        reason="年休假",
        given_at=NOW,
        position=office.people["district"].positions[0],
        delegate=office.people["second in the district"],
    )
    office.session.add(delegation)
    office.session.flush()

    with pytest.raises(NotAllowed):
        office.take(appointment, Step.CONFIRM, actor_standing_in(delegation))


def test_a_unit_of_one_has_its_checker_above(office: Office) -> None:
    alone = make_account(office.session, Role.DISTRICT, division_code=PUDONG)
    office.people["district elsewhere"].is_active = False

    appointment = office.ask(account=alone, charge=Charge(Role.STREET, f"{PUDONG}005"))

    assert [role for role, *_ in office.waits_for(appointment)] == [Role.CITY]


def test_where_nobody_could_confirm_nothing_can_be_asked(office: Office) -> None:
    for who in ("city", "province", "district", "second in the district"):
        office.people[who].is_active = False

    with pytest.raises(RequirementUnmet, match="第二个人"):
        office.ask()


def test_an_organisation_asks_for_its_own_staff_and_its_regulator_confirms(office: Office) -> None:
    own = office.people["provider"].positions[0]
    appointment = office.ask("provider", charge=Charge(own.role, own.division_code, own.organisation))
    with pytest.raises(NotAllowed):
        office.take(appointment, Step.CONFIRM, "provider")

    office.take(appointment, Step.CONFIRM, "district")

    assert [(role, place) for role, place, _ in office.waits_for(appointment)] == [(Role.PROVIDER, HUANGPU)]
    with pytest.raises(NotVisible):
        office.take(appointment, Step.INVITE, "other provider")
    with pytest.raises(NotAllowed):
        office.take(appointment, Step.INVITE, "secadmin")
    office.take(appointment, Step.INVITE, "provider")


def test_an_organisation_hands_out_no_code_to_somebody_who_holds_more_than_its_own_position(
    office: Office,
) -> None:
    own = office.people["provider"].positions[0]
    appointment = office.ask("provider", charge=Charge(own.role, own.division_code, own.organisation))
    office.take(appointment, Step.CONFIRM, "district")
    make_position(office.session, appointment.account, Role.DISTRICT)
    office.session.refresh(appointment.account)

    with pytest.raises(NotAllowed, match="管不到"):
        office.take(appointment, Step.INVITE, "provider")


def test_an_organisation_asks_for_no_role_but_its_own_and_nowhere_else(office: Office) -> None:
    own = office.people["provider"].positions[0]
    other = office.people["other provider"].positions[0]

    assert (
        refused_field(office, "provider", charge=Charge(Role.STATION, HUANGPU, own.organisation))
        == "division_code"
    )
    with pytest.raises(NotVisible):
        office.ask("provider", charge=Charge(Role.PROVIDER, HUANGPU, other.organisation))
    with pytest.raises(NotVisible):
        office.ask("provider")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"charge": Charge(Role.SECADMIN, "31")}, "role"),
        ({"charge": Charge(Role.STREET, HUANGPU)}, "division_code"),
        ({"charge": Charge(Role.DISTRICT, "31")}, "division_code"),
        ({"charge": Charge(Role.HEALTH, NANJING_EAST_ROAD)}, "division_code"),
        ({"charge": Charge(Role.PROVIDER, HUANGPU)}, "organisation"),
        ({"begins_on": DAY - timedelta(days=1)}, "begins_on"),
        ({"begins_on": DAY + timedelta(days=367)}, "begins_on"),
        ({"explanation": " "}, "explanation"),
        ({"explanation": "字" * 201}, "explanation"),
        ({"name": " "}, "name"),
        ({"name": "名" * 51}, "name"),
        ({"username": ""}, "username"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(office: Office, facts: dict[str, object], field: str) -> None:
    assert refused_field(office, **facts) == field


def test_an_administrator_gets_no_business_position_and_no_business_person_his_name(office: Office) -> None:
    secadmin = office.people["district secadmin"]

    assert refused_field(office, account=secadmin) == "username"
    assert refused_field(office, name=secadmin.name) == "name"


def test_nobody_asks_for_himself_or_for_somebody_out_of_reach(office: Office) -> None:
    provider, elsewhere = office.people["provider"], office.people["district elsewhere"]
    own = provider.positions[0]
    charge = Charge(own.role, own.division_code, own.organisation)

    assert refused_field(office, "provider", account=provider, charge=charge) in ("username", "role")
    assert refused_field(office, "district secadmin", account=elsewhere) == "username"


def test_the_same_is_not_asked_for_twice(office: Office) -> None:
    district = office.people["district"]
    office.ask()
    office.ask(account=district)

    assert refused_field(office) == "username"
    assert refused_field(office, account=district) == "role"
    assert refused_field(office, account=district, charge=Charge(Role.DISTRICT, HUANGPU)) == "role"


def test_moving_ends_one_position_and_begins_another_on_the_day(office: Office) -> None:
    mover = office.people["second in the district"]
    old, day = mover.positions[0], DAY + timedelta(days=7)
    begin_sign_in(office.session, mover, at=NOW)
    appointment = office.ask(account=mover, replaces=old, charge=Charge(Role.DISTRICT, PUDONG), begins_on=day)
    assert appointment.kind is AppointmentKind.MOVE

    office.take(appointment, Step.CONFIRM, "district elsewhere")

    new = mover.positions[1]
    assert (old.ended_on, new.division_code, new.began_on) == (day, PUDONG, day)
    assert mover.positions_on(day - timedelta(days=1)) == [old]
    assert mover.positions_on(day) == [new]
    assert entries(office, "appointment.confirm")[0].facts["open work"] == 0
    assert [one.ended_at for one in office.session.scalars(sa.select(SignIn))] == [None], "not before the day"


def test_moving_today_ends_the_stays_and_counts_the_work_that_is_left(office: Office) -> None:
    mover = office.people["second in the district"]
    begin_sign_in(office.session, mover, at=NOW)
    office.ask()  # waits for the district
    appointment = office.ask(account=mover, replaces=mover.positions[0], charge=Charge(Role.DISTRICT, PUDONG))

    office.take(appointment, Step.CONFIRM, "district elsewhere")

    assert entries(office, "appointment.confirm")[0].facts["open work"] == 1
    assert [one.ended_at for one in office.session.scalars(sa.select(SignIn))] == [NOW]


def test_a_position_of_another_division_is_replaced_by_whoever_answers_for_both(office: Office) -> None:
    mover = office.people["second in the district"]
    make_position(office.session, mover, Role.DISTRICT, division_code=PUDONG)

    field = refused_field(
        office,
        "secadmin elsewhere",
        account=mover,
        replaces=mover.positions[0],
        charge=Charge(Role.STREET, f"{PUDONG}005"),
    )

    assert field == "replaces"


def test_the_code_is_handed_out_by_the_side_that_asked_and_not_by_whoever_confirmed(office: Office) -> None:
    appointment = office.ask()
    with pytest.raises(StepNotOpen):
        office.take(appointment, Step.INVITE, "secadmin")
    office.take(appointment, Step.CONFIRM, "district")
    with pytest.raises(NotAllowed):
        office.take(appointment, Step.INVITE, "district")

    office.take(appointment, Step.INVITE, "district secadmin")

    assert appointment.state is AppointmentState.INVITED
    assert office.waits_for(appointment) == []
    office.take(appointment, Step.INVITE, "secadmin")  # the first one ran out
    appointment.account.password_set_at = NOW
    with pytest.raises(NotAllowed, match="已经设置密码"):
        office.take(appointment, Step.INVITE, "secadmin")


def test_the_code_is_handed_out_on_the_first_day_and_not_before(office: Office) -> None:
    appointment = office.ask(begins_on=DAY + timedelta(days=7))
    office.take(appointment, Step.CONFIRM, "district")

    with pytest.raises(RequirementUnmet, match="2026-11-30"):
        office.take(appointment, Step.INVITE, "secadmin")

    office.take(appointment, Step.INVITE, "secadmin", at=NOW + timedelta(days=7))


def test_whoever_has_an_account_needs_no_code(office: Office) -> None:
    office.people["health"].password_set_at = NOW
    appointment = office.ask(account=office.people["health"], charge=Charge(Role.FINANCE, HUANGPU))

    office.take(appointment, Step.CONFIRM, "district")

    assert office.waits_for(appointment) == []


def test_a_name_that_somebody_took_meanwhile_stops_the_confirmation(office: Office) -> None:
    appointment = office.ask()
    make_account(office.session, Role.HR, username="wangmin")

    with pytest.raises(InvalidInput), office.session.begin_nested():
        office.take(appointment, Step.CONFIRM, "district")

    assert office.session.scalar(sa.select(sa.func.count()).where(Position.role == Role.STREET)) == 0
