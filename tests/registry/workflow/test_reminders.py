"""Reminders before a deadline and word to the level above after it: once each, whatever happens to the nights."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.clock import SHANGHAI
from registry.organisations.models import AddressChange
from registry.organisations.workflow import AddressChangeStep
from registry.policy.loading import load_policy
from registry.policy.queries import working_calendar
from registry.workflow.models import Todo
from registry.workflow.queries import open_todos
from registry.workflow.reminders import Reminded, remind
from registry.workflow.todos import acknowledge
from tests.factories import HUANGPU, NANJING_EAST_ROAD, NOW, make_actor, make_organisation, make_parameter
from tests.registry.workflow.conftest import Scene

SUBMIT, RETURN, CONFIRM = AddressChangeStep.SUBMIT, AddressChangeStep.RETURN, AddressChangeStep.CONFIRM
NOTHING = Reminded(0, 0)
DUE = date(2026, 11, 20)
"""A Friday; the 9th is a Monday nine working days before it."""


@pytest.fixture
def policy(session: Session) -> Session:
    make_parameter(session, "reminder.workdays", [7, 3, 1, 0])
    make_parameter(session, "escalation.workdays", 3)
    return session


def add_todo(session: Session, **facts: object) -> Todo:
    defaults: dict[str, object] = {
        "subject_type": "address_change",
        "subject_id": 1,
        "subject_code": "abcd2345",
        "subject_name": "示例服务点",
        "title": "确认场所地址变更",
        "asked_by": "李示例",
        "role": Role.DISTRICT,
        "division_code": NANJING_EAST_ROAD,
        "opened_at": datetime(2026, 11, 9, 9, tzinfo=SHANGHAI),
        "due_on": DUE,
    }
    todo = Todo(**(defaults | facts))
    session.add(todo)
    session.flush()
    return todo


def night(session: Session, on: date) -> Reminded:
    return remind(session, on=on, at=datetime.combine(on, time(0, 20), SHANGHAI))


def notices(session: Session) -> list[Todo]:
    found = sa.select(Todo).where(Todo.is_notice, Todo.closed_at.is_(None))
    return list(session.scalars(found.order_by(Todo.id).execution_options(populate_existing=True)))


def days(start: date, count: int) -> list[date]:
    return [start + timedelta(days=n) for n in range(count)]


def test_reminders_come_seven_three_one_and_no_days_before_and_word_above_three_after(
    policy: Session, tell: Callable[[str], None]
) -> None:
    make_actor(policy, Role.CITY, division_code="31")
    add_todo(policy)
    made = {on: count for on in days(date(2026, 11, 9), 30) if (count := night(policy, on)) != NOTHING}
    reminder, escalation = Reminded(1, 0), Reminded(0, 1)
    assert made == {
        date(2026, 11, 11): reminder,  # 12, 13, 16, 17, 18, 19, 20: seven working days
        date(2026, 11, 17): reminder,
        date(2026, 11, 19): reminder,
        date(2026, 11, 20): reminder,
        date(2026, 11, 25): escalation,
    }
    tell(f"clocks: 30 nights of one to-do, {len(made)} notices, none twice")


def test_a_night_done_twice_makes_no_notice_twice(policy: Session) -> None:
    add_todo(policy)
    assert [night(policy, date(2026, 11, 17)) for _ in range(3)] == [Reminded(1, 0), NOTHING, NOTHING]


def test_missed_nights_are_made_up_for_with_the_latest_reminder_alone(policy: Session) -> None:
    add_todo(policy)
    assert night(policy, date(2026, 11, 18)) == Reminded(1, 0)  # 7 and 3 were missed
    assert [one.milestone for one in notices(policy)] == [3]
    assert night(policy, date(2026, 11, 19)) == Reminded(1, 0)


def test_a_new_reminder_takes_the_place_of_an_unread_one(policy: Session) -> None:
    add_todo(policy)
    for on in days(date(2026, 11, 9), 12):
        night(policy, on)
    assert [one.milestone for one in notices(policy)] == [0]


def test_nobody_is_reminded_of_a_day_that_lies_before_the_beginning(policy: Session) -> None:
    add_todo(policy, opened_at=datetime(2026, 11, 17, 9, tzinfo=SHANGHAI))  # three working days before
    assert night(policy, date(2026, 11, 17)) == NOTHING
    assert night(policy, date(2026, 11, 18)) == NOTHING
    assert night(policy, date(2026, 11, 19)) == Reminded(1, 0)


def test_a_deadline_behind_the_spring_festival_is_called_to_mind_on_working_days(session: Session) -> None:
    load_policy(session)
    add_todo(session, opened_at=datetime(2026, 2, 9, 9, tzinfo=SHANGHAI), due_on=date(2026, 2, 25))
    made = [on for on in days(date(2026, 2, 9), 18) if night(session, on) != NOTHING]
    calendar = working_calendar(session)
    assert all(calendar.is_working_day(on) for on in made)
    assert made == [date(2026, 2, 13), date(2026, 2, 24), date(2026, 2, 25)]  # opened with seven left: no T-7


def test_what_has_no_deadline_is_left_alone(policy: Session) -> None:
    add_todo(policy, due_on=None)
    add_todo(policy, is_notice=True)
    add_todo(policy, closed_at=NOW)
    assert night(policy, date(2026, 12, 31)) == NOTHING


def test_without_policy_nobody_is_reminded(session: Session) -> None:
    add_todo(session)
    assert night(session, date(2026, 12, 31)) == NOTHING


@pytest.mark.parametrize(
    ("role", "place", "told", "where"),
    [
        (Role.STREET, NANJING_EAST_ROAD, Role.DISTRICT, NANJING_EAST_ROAD),
        (Role.DISTRICT, NANJING_EAST_ROAD, Role.CITY, NANJING_EAST_ROAD),
        (Role.CITY, HUANGPU, Role.PROVINCE, HUANGPU),
        (Role.HEALTH, HUANGPU, Role.HEALTH, "3101"),
        (Role.SECADMIN, "3101", Role.SECADMIN, "31"),
    ],
)
def test_the_level_above_is_told(policy: Session, role: Role, place: str, told: Role, where: str) -> None:
    add_todo(policy, role=role, division_code=place)
    assert night(policy, date(2026, 11, 25)).escalations == 1
    (notice,) = [one for one in notices(policy) if one.milestone == -3]
    assert (notice.role, notice.division_code, notice.organisation_id) == (told, where, None)


def test_of_a_units_to_do_its_district_is_told(policy: Session) -> None:
    owner = make_organisation(policy)
    add_todo(policy, role=Role.PROVIDER, organisation_id=owner.id)
    night(policy, date(2026, 11, 25))
    told = {(one.milestone, one.role, one.organisation_id) for one in notices(policy)}
    assert told == {(0, Role.PROVIDER, owner.id), (-3, Role.DISTRICT, None)}


def test_a_level_that_nobody_holds_is_passed_over(policy: Session) -> None:
    make_actor(policy, Role.PROVINCE, division_code="31")
    add_todo(policy)
    night(policy, date(2026, 11, 25))
    assert [one.role for one in notices(policy) if one.milestone == -3] == [Role.PROVINCE]


@pytest.mark.parametrize("role", [Role.PROVINCE, Role.HEALTH])
def test_above_the_province_there_is_nobody_to_tell(policy: Session, role: Role) -> None:
    add_todo(policy, role=role, division_code="31")
    assert night(policy, date(2026, 11, 25)).escalations == 0


def submitted(scene: Scene) -> AddressChange:
    make_parameter(scene.session, "reminder.workdays", [7, 3, 1, 0])
    make_parameter(scene.session, "escalation.workdays", 3)
    change = scene.change(effective_on=date(2026, 12, 31))
    scene.take(change, SUBMIT, "provider")
    return change


@pytest.mark.parametrize(("step", "more"), [(CONFIRM, {}), (RETURN, {"reason": "门牌号不全"})])
def test_closing_and_pausing_put_the_reminders_away_and_stop_them(
    scene: Scene, step: AddressChangeStep, more: dict[str, str]
) -> None:
    change = submitted(scene)
    assert night(scene.session, date(2026, 12, 10)) == Reminded(1, 1)
    scene.take(change, step, "district", at=NOW + timedelta(days=17), **more)
    assert notices(scene.session) == []
    assert night(scene.session, date(2026, 12, 31)) == NOTHING


def test_an_officer_reads_his_reminder_and_it_does_not_come_back(scene: Scene) -> None:
    submitted(scene)
    district = scene.people["district"]
    night(scene.session, date(2026, 12, 1))
    reminder = open_todos(scene.session, district)[-1]
    assert (reminder.is_notice, reminder.title, reminder.due_on) == (
        True,
        "确认场所地址变更",
        reminder.due_on,
    )
    acknowledge(scene.session, reminder.code, actor=district, at=NOW)
    assert night(scene.session, date(2026, 12, 1)) == NOTHING
    assert len(open_todos(scene.session, district)) == 1


def test_the_city_finds_what_its_district_left_undone(scene: Scene) -> None:
    submitted(scene)
    night(scene.session, date(2026, 12, 10))
    (told,) = open_todos(scene.session, scene.people["city"])
    assert (told.is_notice, told.milestone) == (True, -3)
    assert open_todos(scene.session, scene.people["city elsewhere"]) == []


def test_what_waits_on_two_desks_of_a_unit_is_told_above_once(policy: Session) -> None:
    unit = make_organisation(policy, name="示例心园")
    make_actor(policy, Role.DISTRICT, division_code=HUANGPU)
    for role in (Role.STATION, Role.PROVIDER):
        add_todo(policy, role=role, organisation_id=unit.id)
    add_todo(policy, role=Role.PROVIDER, organisation_id=unit.id, subject_id=2)
    assert night(policy, date(2026, 11, 25)).escalations == 2
    assert sorted(notice.subject_id for notice in notices(policy) if (notice.milestone or 0) < 0) == [1, 2]
    assert night(policy, date(2026, 11, 26)) == NOTHING
