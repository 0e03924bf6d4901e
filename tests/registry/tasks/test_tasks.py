"""部门任务单: who asks whom, by when, and what may happen to it."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.rules import may
from registry.actions import Action
from registry.audit.models import AuditEntry
from registry.clock import SHANGHAI
from registry.errors import InvalidInput, NotAllowed, NotVisible, ReasonMissing, StaleVersion, StepNotOpen
from registry.tasks.models import DepartmentTask, TaskState
from registry.tasks.queries import TASKS, Standing, loads
from registry.tasks.receivers import receivers_for
from registry.tasks.workflow import TaskStep
from registry.workflow.clocks import CUT_OFF
from registry.workflow.models import Todo
from registry.workflow.queries import history, open_steps, open_todos
from registry.workflow_table import Desk
from tests.factories import DAY, HUANGPU, NANJING_EAST_ROAD, NOW, make_account, make_parameter
from tests.tasks_factories import FRIDAY, PUDONG, TO_FINANCE, Bureaux, make_bureaux, make_task

Step = TaskStep


@pytest.fixture
def bureaux(session: Session) -> Bureaux:
    return make_bureaux(session)


def waiting(bureaux: Bureaux, who: str) -> list[tuple[str, date | None]]:
    return [(todo.title, todo.due_on) for todo in open_todos(bureaux.session, bureaux.actor(who))]


def test_a_task_waits_in_the_inbox_of_the_desk_that_was_asked_until_its_day(bureaux: Bureaux):
    bureaux.ask()

    assert waiting(bureaux, "finance") == [("答复部门任务", FRIDAY)]
    assert waiting(bureaux, "second in finance") == [("答复部门任务", FRIDAY)]
    assert waiting(bureaux, "district") == waiting(bureaux, "police") == []
    assert waiting(bureaux, "finance elsewhere") == []


def test_a_task_goes_from_its_desk_and_back_and_is_closed(bureaux: Bureaux):
    task = bureaux.ask()
    bureaux.take(task, Step.ACCEPT, "finance")
    assert waiting(bureaux, "finance") == [("答复部门任务", FRIDAY)]
    bureaux.take(task, Step.REPLY, "second in finance", reason="已核对，见附表。")
    assert waiting(bureaux, "finance") == []
    assert waiting(bureaux, "district") == [("核对部门任务的答复", None)]
    bureaux.take(task, Step.CLOSE, "district")

    assert (task.state, task.reply) == (TaskState.CLOSED, "已核对，见附表。")
    assert waiting(bureaux, "district") == []
    assert [step.step for step in history(bureaux.session, task)] == ["send", "accept", "reply", "close"]


def test_what_is_asked_again_has_a_new_day_and_keeps_the_first_reply_in_its_history(bureaux: Bureaux):
    task = bureaux.ask()
    bureaux.take(task, Step.REPLY, "finance", reason="已拨付。")
    later = date(2026, 12, 4)
    bureaux.take(task, Step.ASK_AGAIN, "district", reason="请附各站明细。", facts=later)

    assert (task.state, task.due_on) == (TaskState.SENT, later)
    assert waiting(bureaux, "finance") == [("答复部门任务", later)]
    assert [step.reason for step in history(bureaux.session, task)] == ["", "已拨付。", "请附各站明细。"]


def test_a_declined_task_says_why_and_waits_for_its_sender(bureaux: Bureaux):
    task = bureaux.ask()
    with pytest.raises(ReasonMissing):
        bureaux.take(task, Step.DECLINE, "finance")
    bureaux.take(task, Step.DECLINE, "finance", reason="经费由街道列支，请询街道。")

    assert task.state is TaskState.DECLINED
    assert waiting(bureaux, "district") == [("核对部门任务的答复", None)]


def test_a_withdrawn_task_waits_for_nobody_and_is_told_to_whom_it_had_been_sent(bureaux: Bureaux):
    task = bureaux.ask()
    bureaux.take(task, Step.WITHDRAW, "district", reason="已从街道取得。")

    notices = bureaux.session.scalars(sa.select(Todo).where(Todo.closed_at.is_(None))).all()
    assert [(one.role, one.is_notice) for one in notices] == [(Role.FINANCE, True)]


def test_a_provider_is_asked_as_an_organisation(bureaux: Bureaux):
    own = bureaux.people["provider"].positions[0]
    task = bureaux.ask(receiver=Desk(Role.PROVIDER, own.division_code, own.organisation_id))

    assert waiting(bureaux, "provider") == [("答复部门任务", FRIDAY)]
    bureaux.take(task, Step.REPLY, "provider", reason="已整改。")
    assert task.state is TaskState.REPLIED


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        (DAY - timedelta(days=1), "答复期限不能早于今天"),
        (date(2026, 11, 24), "请至少给对方2个工作日，最早为2026-11-25"),
        (date(2026, 11, 28), "2026-11-28不是工作日，请改为2026-11-30"),
        (date(2028, 1, 3), "不能晚于一年以后"),
    ],
)
def test_a_deadline_that_nobody_can_keep_is_refused_and_a_better_day_named(
    bureaux: Bureaux, due_on: date, said: str
):
    with pytest.raises(InvalidInput, match=said) as refusal:
        bureaux.ask(due_on=due_on)

    assert refusal.value.field == "due_on"


def test_the_least_that_is_given_begins_when_the_task_is_received(bureaux: Bureaux):
    make_parameter(bureaux.session, CUT_OFF, "17:00")
    evening = datetime(2026, 11, 23, 17, 30, tzinfo=SHANGHAI)  # received on the 24th
    with pytest.raises(InvalidInput, match="最早为2026-11-26"):
        bureaux.ask(at=evening, due_on=date(2026, 11, 25))
    bureaux.ask(at=evening, due_on=date(2026, 11, 26))
    bureaux.ask(at=evening.replace(hour=17, minute=0), due_on=date(2026, 11, 25))


@pytest.mark.parametrize("typed", ["联系 13812345678", "身份证310101199001011234"])
def test_the_number_of_a_person_does_not_go_from_one_department_to_another(bureaux: Bureaux, typed: str):
    with pytest.raises(InvalidInput, match="不得写个人的证件号码或手机号码"):
        bureaux.ask(content=f"请核实：{typed}。")


@pytest.mark.parametrize(
    "receiver",
    [
        Desk(Role.HEALTH, HUANGPU),  # nobody works there
        Desk(Role.FINANCE, PUDONG),  # another district's
        Desk(Role.DISTRICT, HUANGPU),  # one's own desk
    ],
)
def test_a_desk_that_cannot_answer_is_not_asked(bureaux: Bureaux, receiver: Desk):
    with pytest.raises(InvalidInput, match="不在可选范围，或今天没有在岗人员"):
        bureaux.ask(receiver=receiver)


def test_whoever_left_yesterday_makes_his_desk_unaskable(bureaux: Bureaux):
    for who in ("finance", "second in finance"):
        bureaux.people[who].positions[0].ended_on = DAY - timedelta(days=1)
    bureaux.session.flush()

    assert TO_FINANCE not in {
        one.desk for one in receivers_for(bureaux.session, bureaux.actor("district"), DAY)
    }
    with pytest.raises(InvalidInput):
        bureaux.ask()


def test_a_city_is_offered_no_single_street_and_no_organisation(bureaux: Bureaux):
    desks = [one.desk for one in receivers_for(bureaux.session, bureaux.actor("city"), DAY)]

    assert TO_FINANCE in desks
    assert {desk.role for desk in desks} & {Role.STREET, Role.PROVIDER} == set()


@pytest.mark.parametrize("who", ["police", "street"])
def test_only_the_desk_that_was_asked_answers(bureaux: Bureaux, who: str):
    task = bureaux.ask()

    with pytest.raises((NotAllowed, NotVisible)):
        bureaux.take(task, Step.ACCEPT, who)


def test_only_the_desk_that_asked_closes(bureaux: Bureaux):
    task = bureaux.ask()
    bureaux.take(task, Step.REPLY, "finance", reason="已核对。")

    with pytest.raises(NotAllowed, match="由发出任务的部门办理"):
        bureaux.take(task, Step.CLOSE, "finance")


def test_of_two_who_answer_at_once_the_second_is_told_and_nothing_of_the_first_is_lost(bureaux: Bureaux):
    task = bureaux.ask()
    seen = task.version
    bureaux.take(task, Step.ACCEPT, "finance", version=seen)
    bureaux.session.flush()
    with pytest.raises(StaleVersion, match="已被他人更改"):
        bureaux.take(task, Step.REPLY, "second in finance", reason="见附表", version=seen)
    bureaux.take(task, Step.REPLY, "finance", reason="已核对。")

    with pytest.raises(StepNotOpen, match="状态已经改变"):
        bureaux.take(task, Step.REPLY, "second in finance", reason="见附表")
    assert task.reply == "已核对。"


def test_the_steps_of_the_page_are_those_of_the_table(bureaux: Bureaux):
    task = bureaux.ask()
    steps = {
        who: [one.step for one in open_steps(bureaux.session, task, bureaux.actor(who))]
        for who in bureaux.people
    }

    assert steps["finance"] == steps["city finance"] == [Step.ACCEPT, Step.REPLY, Step.DECLINE]
    assert steps["district"] == [Step.WITHDRAW]
    assert {who for who, found in steps.items() if found} == {
        "district", "finance", "second in finance", "city finance",
    }  # fmt: skip


def test_the_joint_list_begins_with_what_is_overdue(bureaux: Bureaux, session: Session):
    district = bureaux.people["district"]
    late = make_task(session, district, due_on=DAY - timedelta(days=3), to_role=Role.POLICE)
    read = make_task(session, district, state=TaskState.REPLIED, due_on=DAY - timedelta(days=9))
    soon = make_task(session, district, due_on=DAY + timedelta(days=1))
    make_task(session, district, state=TaskState.CLOSED)

    question = TASKS.ask({"division": HUANGPU, "show": "open"}, scope=sa.true(), on=DAY)
    found = loads(session, bureaux.actor("district"), HUANGPU, DAY)

    assert [row.code for row in question.fetch(session).rows] == [late.code, soon.code, read.code]
    assert [(one.role, dict(one.counts)) for one in found] == [
        (Role.POLICE, {Standing.OVERDUE: 1}),
        (Role.FINANCE, {Standing.UNANSWERED: 1, Standing.ANSWERED: 1}),
    ]


@pytest.mark.parametrize("standing", Standing)
def test_the_number_of_a_department_is_the_number_of_its_rows(
    bureaux: Bureaux, session: Session, standing: Standing
):
    for days, state in ((-2, TaskState.SENT), (2, TaskState.ACCEPTED), (0, TaskState.REPLIED)):
        make_task(session, bureaux.people["district"], state=state, due_on=DAY + timedelta(days=days))
    filters = {"division": HUANGPU, "show": "open", "to": "finance", "standing": standing.value}

    rows = TASKS.ask(filters, scope=sa.true(), on=DAY).count(session).number
    counts = loads(session, bureaux.actor("district"), HUANGPU, DAY)[0].counts

    assert rows == counts.get(standing, 0)


def test_a_street_sees_nothing_of_what_its_district_asks_others(bureaux: Bureaux):
    task = bureaux.ask()

    assert not may(bureaux.actor("street"), Action.TASK_SEE, task)
    assert may(bureaux.actor("city"), Action.TASK_SEE, task)
    assert not may(bureaux.actor("finance elsewhere"), Action.TASK_SEE, task)


def test_a_street_asks_the_departments_of_its_district(bureaux: Bureaux):
    desks = {one.desk for one in receivers_for(bureaux.session, bureaux.actor("street"), DAY)}

    assert {TO_FINANCE, Desk(Role.DISTRICT, HUANGPU)} <= desks
    assert bureaux.ask("street").from_code == NANJING_EAST_ROAD


def test_each_step_is_an_entry_that_names_both_desks(bureaux: Bureaux, session: Session):
    task = bureaux.ask()
    bureaux.take(task, Step.REPLY, "finance", reason="已核对。", at=NOW + timedelta(days=30))

    sent, replied = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence))
    assert (sent.action, sent.facts["from"], sent.facts["to"]) == (
        "department_task.send", f"district {HUANGPU}", f"finance {HUANGPU}",
    )  # fmt: skip
    assert (replied.facts["is late"], replied.reason) == (True, "已核对。")


def test_a_closed_account_makes_no_desk(bureaux: Bureaux, session: Session):
    lonely = make_account(session, Role.DPF)
    assert Desk(Role.DPF, HUANGPU) in {
        one.desk for one in receivers_for(session, bureaux.actor("district"), DAY)
    }
    lonely.is_active = False
    session.flush()

    assert Desk(Role.DPF, HUANGPU) not in {
        one.desk for one in receivers_for(session, bureaux.actor("district"), DAY)
    }
    assert session.scalar(sa.select(sa.func.count()).select_from(DepartmentTask)) == 0
