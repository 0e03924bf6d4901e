"""部门任务单 on pages: sent, answered and closed, and the list in which every number opens its rows."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import today
from registry.policy.models import CalendarDay
from registry.policy.queries import working_calendar
from registry.tasks.checks import next_working_day
from registry.tasks.models import TaskState
from registry.tasks.workflow import TaskStep
from tests.portal.polite import Polite
from tests.tasks_factories import Bureaux, make_bureaux, make_task

SignIn = Callable[..., Actor]


@pytest.fixture
def bureaux(session: Session) -> Bureaux:
    made = make_bureaux(session)
    session.commit()
    return made


@pytest.fixture
def quick(client: FlaskClient) -> Polite:
    return Polite(client, reads_english=False)


def workday(session: Session, count: int) -> date:
    return working_calendar(session).add_working_days(today(), count).on


def typed(session: Session, **facts: str) -> dict[str, str]:
    return {
        "receiver": "finance.310101",
        "任务": "核对三季度购买服务经费",
        "具体要求": "请核对各社工站三季度已拨付金额。",
        "答复期限": workday(session, 3).isoformat(),
    } | facts


def test_a_task_is_sent_answered_and_closed(
    polite: Polite, sign_in: SignIn, bureaux: Bureaux, session: Session
):
    sign_in(account=bureaux.people["district"])
    page = polite.follow(polite.get("/tasks?show=open"), "发任务单")
    page = polite.submit(page, typed(session), button="发出任务")
    assert "待接收" in page.heading
    url = page.url

    sign_in(account=bureaux.people["finance"])
    assert "核对三季度购买服务经费" in polite.get("/inbox").main
    page = polite.submit(polite.get(url), {}, button="接收")
    page = polite.follow(page, "答复")
    page = polite.submit(page, {"答复": "已核对，各站已足额拨付。"}, button="送出答复")
    assert "已答复" in page.heading

    sign_in(account=bureaux.people["district"])
    page = polite.submit(polite.get(url), {}, button="办结")
    assert "已办结" in page.heading
    assert "已核对，各站已足额拨付。" in page.main


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    quick: Polite, sign_in: SignIn, bureaux: Bureaux, session: Session
):
    sign_in(account=bureaux.people["district"])
    wrong = typed(session, 任务="", 具体要求="请联系13812345678", 答复期限="后天")

    page = quick.submit(quick.get("/tasks/new"), wrong, button="发出任务", status=200)

    assert "请写明任务。" in page.errors
    assert "请联系13812345678" in page.main
    page = quick.submit(page, typed(session, 具体要求="请联系13812345678"), button="发出任务", status=200)
    assert any("不得写个人的证件号码或手机号码" in error for error in page.errors)


def test_a_deadline_on_a_holiday_is_refused_with_the_day_after_it(
    quick: Polite, sign_in: SignIn, bureaux: Bureaux, session: Session
):
    holiday = workday(session, 5)
    session.add(CalendarDay(day=holiday, is_workday=False, name="测试放假", source="测试"))
    session.commit()
    sign_in(account=bureaux.people["district"])

    page = quick.submit(
        quick.get("/tasks/new"), typed(session, 答复期限=holiday.isoformat()), button="发出任务", status=200
    )

    better = next_working_day(holiday, working_calendar(session))
    assert any("不是工作日" in error and better.isoformat() in error for error in page.errors)


def test_of_two_replies_at_once_the_second_is_told_what_stands_now(
    quick: Polite, sign_in: SignIn, bureaux: Bureaux, session: Session
):
    task = make_task(session, bureaux.people["district"])
    session.commit()
    sign_in(account=bureaux.people["second in finance"])
    form = quick.get(f"/tasks/{task.code}/reply")
    bureaux.take(task, TaskStep.REPLY, "finance", reason="已核对。")
    session.commit()

    answer = quick.submit(form, {"答复": "另一份答复"}, button="送出答复", status=409)

    assert "状态已经改变" in answer.main
    session.expire_all()
    assert (task.state, task.reply) == (TaskState.REPLIED, "已核对。")


def test_every_number_by_department_opens_its_rows_and_the_file_holds_them(
    quick: Polite, sign_in: SignIn, bureaux: Bureaux, session: Session, client: FlaskClient
):
    make_task(session, bureaux.people["district"], due_on=date(2026, 1, 5), title="逾期的任务")
    make_task(session, bureaux.people["district"], due_on=workday(session, 9), title="没有逾期的任务")
    session.commit()
    sign_in(account=bureaux.people["district"])

    page = quick.get("/tasks?show=open")
    assert page.rows[0][:3] == ["财政部门", "1", "1"]
    rows = quick.get("/tasks?division=310101&to=finance&standing=overdue")
    assert "逾期的任务" in rows.main
    assert "没有逾期的任务" not in rows.main
    file = client.get("/tasks/export?show=open&format=csv").text
    assert "逾期的任务" in file
    assert "没有逾期的任务" in file


def test_a_reader_in_another_department_finds_no_button(
    quick: Polite, sign_in: SignIn, bureaux: Bureaux, session: Session
):
    task = make_task(session, bureaux.people["district"])
    session.commit()
    sign_in(account=bureaux.people["police"])

    page = quick.get(f"/tasks/{task.code}")

    assert {"答复", "撤回任务"} & set(page.links) == set()


def test_a_station_sends_no_task(client: FlaskClient, sign_in: SignIn, bureaux: Bureaux):
    sign_in(Role.STATION)

    assert client.get("/tasks/new").status_code == 403


def test_a_task_that_somebody_else_changed_is_not_closed_blindly(
    quick: Polite, sign_in: SignIn, bureaux: Bureaux, session: Session
) -> None:
    task = make_task(session, bureaux.people["district"], state=TaskState.REPLIED, reply="已核对。")
    session.commit()
    sign_in(account=bureaux.people["district"])
    page = quick.get(f"/tasks/{task.code}")
    task.reply = "改过的答复"
    session.commit()

    page = quick.submit(page, {}, button="办结", status=409)

    assert "内容已被他人更改" in page.main
    assert "改过的答复" in page.main
