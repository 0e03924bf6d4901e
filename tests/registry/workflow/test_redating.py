"""A year is published: estimates become certain, deadlines move, and the trail says how many."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import SHANGHAI
from registry.errors import NotAllowed
from registry.organisations.workflow import AddressChangeStep
from registry.policy.loading import load_policy
from registry.policy.queries import working_calendar
from registry.policy.schedules import Schedule, read_schedule
from registry.workflow.models import Clock, Todo
from registry.workflow.operations import take_step
from registry.workflow.queries import waiting_on
from registry.workflow.redating import Published, Redated, publish
from tests.factories import NANJING_EAST_ROAD, NOW, make_actor
from tests.registry.workflow.conftest import TRAIL, Scene
from tests.schedule_rows import HEADS, NOTICE, WHOLE_2027

NEW_YEARS_EVE = datetime(2026, 12, 30, 9, tzinfo=SHANGHAI)


def schedule() -> Schedule:
    return read_schedule(2027, NOTICE, HEADS, list(enumerate(WHOLE_2027, start=2)))


def published(session: Session, actor: Actor) -> Published:
    return publish(session, schedule(), actor=actor, at=NOW, trail=TRAIL)


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
        "opened_at": NEW_YEARS_EVE,
        "is_estimated": True,
        "due_on": date(2027, 1, 5),
    }
    todo = Todo(**(defaults | facts))
    session.add(todo)
    session.flush()
    return todo


@pytest.fixture
def city(session: Session) -> Actor:
    load_policy(session)
    return make_actor(session, Role.CITY, division_code="31")


def clock(session: Session, since: date, workdays: int = 5) -> Clock:
    made = Clock(subject_type="address_change", subject_id=1, term="address_change.confirm_workdays",
                 workdays=workdays, runs=[], since=since, opened_at=NOW)  # fmt: skip
    session.add(made)
    return made


def test_an_estimate_over_the_spring_festival_moves_and_becomes_certain(
    session: Session, city: Actor
) -> None:
    todo = add_todo(session, clock=clock(session, date(2027, 2, 3)), due_on=date(2027, 2, 10))
    assert published(session, city).redated == Redated(moved=1, confirmed=1)
    # 4; 5 to 10 are off; 11, 12, the swapped Saturday 13, Monday 15 February
    assert (todo.due_on, todo.is_estimated) == (date(2027, 2, 15), False)
    assert todo.due_at == datetime(2027, 2, 15, 17, 30, tzinfo=SHANGHAI)


def test_an_estimate_that_was_right_becomes_certain_where_it_stands(session: Session, city: Actor) -> None:
    todo = add_todo(session, clock=clock(session, date(2027, 3, 1)), due_on=date(2027, 3, 8))
    assert published(session, city).redated == Redated(moved=0, confirmed=1)
    assert (todo.due_on, todo.is_estimated) == (date(2027, 3, 8), False)


def test_an_estimate_of_before_clocks_is_counted_anew_too(session: Session, city: Actor) -> None:
    todo = add_todo(session, opened_at=datetime(2027, 2, 3, 9, tzinfo=SHANGHAI), due_on=date(2027, 2, 10))
    assert published(session, city).redated == Redated(moved=1, confirmed=1)
    assert todo.due_on == date(2027, 2, 15)


def test_a_day_of_receipt_that_turns_out_a_holiday_is_the_next_working_day(
    session: Session, city: Actor
) -> None:
    todo = add_todo(session, clock=clock(session, date(2027, 2, 8), workdays=1), due_on=date(2027, 2, 9))
    published(session, city)
    assert todo.due_on == date(2027, 2, 12)  # received on Thursday the 11th


def test_what_is_closed_told_or_without_a_term_stays(session: Session, city: Actor) -> None:
    left = [
        add_todo(session, closed_at=NOW),
        add_todo(session, is_notice=True),
        add_todo(session, due_on=None, is_estimated=False),
        add_todo(session, is_estimated=False),
    ]
    before = [todo.due_on for todo in left]
    assert published(session, city).redated == Redated(0, 0)
    assert [todo.due_on for todo in left] == before


def test_unread_reminders_follow_what_they_remind_of(session: Session, city: Actor) -> None:
    todo = add_todo(session, clock=clock(session, date(2027, 2, 3)), due_on=date(2027, 2, 10))
    reminder = add_todo(session, is_notice=True, reminds_id=todo.id, milestone=3)
    published(session, city)
    session.refresh(reminder)
    assert reminder.due_on == date(2027, 2, 15)


def test_the_trail_keeps_the_notice_its_days_and_what_moved(session: Session, city: Actor) -> None:
    add_todo(session, clock=clock(session, date(2027, 2, 3)), due_on=date(2027, 2, 10))
    published(session, city)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "calendar.change")).one()
    assert (entry.actor_code, entry.subject_code, entry.facts["source"]) == (city.code, "2027", NOTICE)
    assert (entry.facts["deadlines moved"], len(entry.facts["days added"])) == (1, len(WHOLE_2027))


def test_the_same_schedule_twice_leaves_one_entry(session: Session, city: Actor) -> None:
    published(session, city)
    assert published(session, city).changes.is_empty
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 1


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.STREET, Role.HEALTH, Role.SYSADMIN])
def test_others_publish_no_year(session: Session, role: Role) -> None:
    load_policy(session)
    with pytest.raises(NotAllowed):
        published(session, make_actor(session, role, division_code="310101"))


def test_a_term_that_stood_still_over_the_festival_counts_by_the_year_that_was_published(
    scene: Scene,
) -> None:
    load_policy(scene.session)
    change = scene.change(effective_on=date(2027, 3, 30))

    def step(name: AddressChangeStep, who: str, at: datetime, **more: str) -> None:
        calendar = working_calendar(scene.session)
        take_step(
            scene.session,
            change,
            name,
            actor=scene.people[who],
            at=at,
            trail=TRAIL,
            calendar=calendar,
            **more,
        )

    step(AddressChangeStep.SUBMIT, "provider", datetime(2027, 2, 3, 9, tzinfo=SHANGHAI))
    step(AddressChangeStep.RETURN, "district", datetime(2027, 2, 9, 9, tzinfo=SHANGHAI), reason="门牌号不全")
    published(scene.session, scene.people["city"])  # of the four working days by estimate, one was worked
    step(AddressChangeStep.SUBMIT, "provider", datetime(2027, 2, 22, 9, tzinfo=SHANGHAI))
    (todo,) = waiting_on(scene.session, change)
    assert (todo.due_on, todo.is_estimated) == (date(2027, 2, 26), False)
