"""What a step leaves to others, until when, and what closes it."""

from datetime import date, timedelta

import pytest

from registry.errors import NotVisible, StepNotOpen
from registry.organisations.models import AddressChange
from registry.organisations.workflow import AddressChangeStep
from registry.workflow.models import Todo
from registry.workflow.queries import count_open_notices, count_open_todos, open_todos, waiting_on
from registry.workflow.todos import acknowledge
from tests.factories import NOW
from tests.registry.workflow.conftest import LUJIAZUI, PROPOSAL, Scene

SAVE, SUBMIT, RETURN = AddressChangeStep.SAVE, AddressChangeStep.SUBMIT, AddressChangeStep.RETURN
CONFIRM, WITHDRAW = AddressChangeStep.CONFIRM, AddressChangeStep.WITHDRAW


def submitted(scene: Scene) -> AddressChange:
    change = scene.change()
    scene.take(change, SUBMIT, "provider")
    return change


def inbox(scene: Scene, who: str) -> list[Todo]:
    return open_todos(scene.session, scene.people[who])


def test_a_submitted_change_waits_for_every_officer_of_the_district(scene: Scene) -> None:
    change = submitted(scene)
    waiting = {who for who in scene.people if inbox(scene, who)}
    assert waiting == {"district", "colleague in the district"}
    (todo,) = inbox(scene, "district")
    assert (todo.subject_type, todo.subject_code, todo.subject_name) == (
        "address_change",
        change.code,
        scene.site.name,
    )
    assert todo.asked_by == scene.people["provider"].name


def test_the_term_is_counted_in_working_days_of_the_calendar(scene: Scene) -> None:
    # Monday 23 November; the 27th is a holiday here, so five working days end on Tuesday 1 December.
    submitted(scene)
    (todo,) = inbox(scene, "district")
    assert todo.due_on == date(2026, 12, 1)
    assert todo.is_estimated is False


def test_a_term_that_reaches_an_unpublished_year_is_estimated(scene: Scene) -> None:
    change = scene.change(effective_on=date(2027, 1, 20))
    scene.take(change, SUBMIT, "provider", at=NOW + timedelta(days=36))  # 29 December
    (todo,) = inbox(scene, "district")
    assert todo.due_on == date(2027, 1, 5)
    assert todo.is_estimated is True


def test_a_returned_change_waits_for_its_provider_alone(scene: Scene) -> None:
    change = submitted(scene)
    scene.take(change, RETURN, "district", reason="门牌号不全")
    waiting = {who for who in scene.people if inbox(scene, who)}
    assert waiting == {"provider"}
    (todo,) = inbox(scene, "provider")
    assert (todo.title, todo.due_on) == ("修改被退回的地址变更", None)


def test_saving_a_returned_change_does_not_answer_it(scene: Scene) -> None:
    change = submitted(scene)
    scene.take(change, RETURN, "district", reason="门牌号不全")
    scene.take(change, SAVE, "provider", facts=PROPOSAL)
    assert count_open_todos(scene.session, scene.people["provider"]) == 1


@pytest.mark.parametrize(("step", "who"), [(CONFIRM, "district"), (WITHDRAW, "provider")])
def test_the_step_that_answers_closes_the_to_do(scene: Scene, step: AddressChangeStep, who: str) -> None:
    change = submitted(scene)
    (todo,) = waiting_on(scene.session, change)
    scene.take(change, step, who)
    assert waiting_on(scene.session, change) == []
    scene.session.refresh(todo)
    assert todo.closed_at == NOW


def test_the_inbox_begins_with_the_earliest_deadline_and_ends_with_notices(scene: Scene) -> None:
    todo = submitted_todo(scene)
    others = [
        copy_of(todo, title="无期限"),
        copy_of(todo, title="先到期", due_on=date(2026, 11, 24)),
        copy_of(todo, title="知悉", is_notice=True),
    ]
    scene.session.add_all(others)
    scene.session.flush()
    titles = [item.title for item in inbox(scene, "district")]
    assert titles == ["先到期", "确认场所地址变更", "无期限", "知悉"]
    assert [item.title for item in open_todos(scene.session, scene.people["district"], limit=2)] == titles[:2]
    assert count_open_todos(scene.session, scene.people["district"]) == 3
    assert count_open_notices(scene.session, scene.people["district"]) == 1


def test_a_move_within_the_district_is_told_to_nobody(scene: Scene) -> None:
    change = submitted(scene)
    scene.take(change, CONFIRM, "district")
    assert not any(inbox(scene, who) for who in scene.people)


def test_the_receiving_district_is_told_of_the_site_until_somebody_there_has_read_it(scene: Scene) -> None:
    change = scene.change(division_code=LUJIAZUI)
    scene.take(change, SUBMIT, "provider")
    scene.take(change, CONFIRM, "district")
    assert {who for who in scene.people if inbox(scene, who)} == {"district elsewhere"}
    (notice,) = inbox(scene, "district elsewhere")
    assert (notice.is_notice, notice.subject_type, notice.subject_code) == (True, "site", scene.site.code)
    acknowledge(scene.session, notice.code, actor=scene.people["district elsewhere"], at=NOW)
    assert inbox(scene, "district elsewhere") == []


def test_a_to_do_is_not_closed_by_reading_it(scene: Scene) -> None:
    todo = submitted_todo(scene)
    with pytest.raises(StepNotOpen):
        acknowledge(scene.session, todo.code, actor=scene.people["district"], at=NOW)


@pytest.mark.parametrize("who", ["district elsewhere", "city", "provider"])
def test_what_waits_for_others_cannot_be_acknowledged(scene: Scene, who: str) -> None:
    todo = submitted_todo(scene)
    with pytest.raises(NotVisible):
        acknowledge(scene.session, todo.code, actor=scene.people[who], at=NOW)


def submitted_todo(scene: Scene) -> Todo:
    (todo,) = waiting_on(scene.session, submitted(scene))
    return todo


def copy_of(todo: Todo, **facts: object) -> Todo:
    same = ("subject_type", "subject_id", "subject_code", "subject_name", "asked_by", "role", "division_code")
    defaults = {name: getattr(todo, name) for name in same} | {"opened_at": NOW}
    return Todo(**(defaults | facts))
