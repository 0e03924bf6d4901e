"""Clocks of records: wound by the step that leaves something to others, paused by a return, stopped by the end."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from registry.clock import SHANGHAI
from registry.organisations.models import AddressChange
from registry.organisations.workflow import ADDRESS_CHANGES, AddressChangeStep
from registry.workflow.clocks import Urgency, paused_clocks, urgency_of
from registry.workflow.models import Clock, Todo
from registry.workflow.queries import waiting_on
from tests.factories import NOW, make_parameter
from tests.registry.workflow.conftest import PROPOSAL, Scene

SAVE, SUBMIT, RETURN = AddressChangeStep.SAVE, AddressChangeStep.SUBMIT, AddressChangeStep.RETURN
CONFIRM, WITHDRAW = AddressChangeStep.CONFIRM, AddressChangeStep.WITHDRAW
EVENING = datetime(2026, 11, 23, 19, 0, tzinfo=SHANGHAI)


def submitted(scene: Scene, at: datetime = NOW) -> AddressChange:
    change = scene.change()
    scene.take(change, SUBMIT, "provider", at=at)
    return change


def returned(scene: Scene, change: AddressChange, *, after: int) -> None:
    scene.take(change, RETURN, "district", reason="门牌号不全", at=NOW + timedelta(days=after))


def todo_of(scene: Scene, change: AddressChange) -> Todo:
    (todo,) = waiting_on(scene.session, change)
    return todo


def clocks(scene: Scene) -> list[Clock]:
    return list(scene.session.scalars(sa.select(Clock).order_by(Clock.id)))


def test_a_deadline_has_the_hour_of_the_cut_off(scene: Scene) -> None:
    make_parameter(scene.session, "workday.cut_off", "17:30")
    todo = todo_of(scene, submitted(scene))
    assert (todo.due_on, todo.due_at) == (date(2026, 12, 1), datetime(2026, 12, 1, 9, 30, tzinfo=UTC))


def test_without_a_cut_off_a_deadline_lasts_until_midnight(scene: Scene) -> None:
    todo = todo_of(scene, submitted(scene, EVENING))
    assert (todo.due_on, todo.due_at) == (date(2026, 12, 1), datetime(2026, 12, 1, 15, 59, 59, tzinfo=UTC))


def test_what_is_handed_in_after_the_cut_off_is_due_one_working_day_later(scene: Scene) -> None:
    make_parameter(scene.session, "workday.cut_off", "17:30")
    assert todo_of(scene, submitted(scene, EVENING)).due_on == date(2026, 12, 2)


def test_the_officers_term_goes_on_where_the_return_stopped_it(scene: Scene) -> None:
    change = submitted(scene)
    returned(scene, change, after=1)  # one of five working days is used
    assert [
        clock.reading.since for clock in paused_clocks(scene.session, ADDRESS_CHANGES.subject_of(change))
    ] == [None]
    scene.take(change, SAVE, "provider", facts=PROPOSAL, at=NOW + timedelta(days=7))
    scene.take(change, SUBMIT, "provider", at=NOW + timedelta(days=7))
    assert todo_of(scene, change).due_on == date(2026, 12, 4)  # Monday 30 November and four working days
    assert len(clocks(scene)) == 1


def test_a_paused_term_keeps_its_length_when_policy_changes(scene: Scene) -> None:
    change = submitted(scene)
    returned(scene, change, after=1)
    make_parameter(scene.session, "address_change.confirm_workdays", 20, valid_from=date(2026, 11, 25))
    scene.take(change, SUBMIT, "provider", at=NOW + timedelta(days=7))
    assert todo_of(scene, change).due_on == date(2026, 12, 4)


def test_the_providers_correction_has_no_clock(scene: Scene) -> None:
    change = submitted(scene)
    returned(scene, change, after=1)
    todo = todo_of(scene, change)
    assert (todo.clock_id, todo.due_on, todo.due_at) == (None, None, None)


def test_a_confirmed_change_stops_its_clock(scene: Scene) -> None:
    change = submitted(scene)
    scene.take(change, CONFIRM, "district")
    assert [clock.closed_at for clock in clocks(scene)] == [NOW]


def test_a_withdrawn_change_ends_the_term_that_stood_still(scene: Scene) -> None:
    change = submitted(scene)
    returned(scene, change, after=1)
    scene.take(change, WITHDRAW, "provider", at=NOW + timedelta(days=2))
    assert [clock.closed_at for clock in clocks(scene)] == [NOW + timedelta(days=2)]


def test_a_deadline_is_overdue_from_its_hour_on() -> None:
    due_at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    todo = Todo(due_on=date(2026, 12, 1), due_at=due_at)
    assert urgency_of(todo, due_at) is Urgency.TODAY
    assert urgency_of(todo, due_at + timedelta(seconds=1)) is Urgency.OVERDUE
    assert urgency_of(Todo(due_on=date(2026, 12, 1)), due_at + timedelta(hours=2)) is Urgency.TODAY
