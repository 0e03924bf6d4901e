"""工作交接 on pages: previewed before a position ends, passed on, and ticked off on the successor's first page."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.clock import utc_now
from registry.handovers.models import HandoverLine, HandoverState, Passing
from registry.workflow.queries import history
from tests.factories import make_account
from tests.handover_factories import make_handover
from tests.portal.polite import Polite
from tests.reports.figures.worlds import lay_out_city
from tests.tasks_factories import make_task

SignIn = Callable[..., Actor]


@pytest.fixture
def quick(client: FlaskClient) -> Polite:
    return Polite(client, reads_english=False)


@pytest.fixture
def people(session: Session) -> dict[str, Account]:
    """A district's officer with a task on his hands, and the security administrator."""
    from tests.factories import make_parameter

    lay_out_city(session)
    make_parameter(session, "handover.hand_on_workdays", 3)
    make_parameter(session, "handover.acknowledge_workdays", 5)
    leaver = make_account(session, Role.DISTRICT, name="钱示例")
    make_task(session, leaver, title="第一件部门任务")
    make_task(session, leaver, title="第二件部门任务")
    session.commit()
    return {"leaver": leaver, "secadmin": make_account(session, Role.SECADMIN, name="周示例")}


def successor_of(session: Session) -> Account:
    account = make_account(session, Role.DISTRICT, name="孙示例")
    session.commit()
    return account


def test_a_leaver_passes_on_and_his_successor_ticks_off_on_his_first_page(
    polite: Polite, sign_in: SignIn, people: dict[str, Account], session: Session
) -> None:
    successor = successor_of(session)
    sign_in(account=people["leaver"])
    page = polite.follow(polite.get("/me/positions"), "移交本人的工作")
    assert "第一件部门任务" in page.main
    typed = {"接办人": successor.positions[0].code, "说明": "调离，见调令"}
    page = polite.submit(page, typed, button="移交工作")
    assert "已移交，待接办人确认" in page.heading

    sign_in(account=successor)
    home = polite.get("/")
    assert "交接清单 · 钱示例" in home.main
    home = polite.submit(home, {}, button="接办")
    assert "还有1件没有确认" in home.main
    done = polite.submit(home, {}, button="全部看过，收起清单")
    assert "已接办" in done.heading
    assert "交接清单 · " not in polite.get("/").main


def test_the_last_line_puts_the_list_away(
    quick: Polite, sign_in: SignIn, people: dict[str, Account], session: Session
) -> None:
    handover = make_handover(session, people["leaver"], state=HandoverState.PASSED_ON, passed_on_at=utc_now())
    session.commit()
    assert handover.successor is not None
    sign_in(account=handover.successor.account)

    page = quick.submit(quick.get(f"/handovers/{handover.code}"), {}, button="接办")

    assert "已接办" in page.heading


def test_ending_a_position_shows_the_work_and_refuses_to_leave_it_to_nobody(
    polite: Polite, sign_in: SignIn, people: dict[str, Account], session: Session
) -> None:
    sign_in(account=people["secadmin"])
    position = people["leaver"].positions[0]
    page = polite.get(f"/accounts/positions/{position.code}/end")
    assert "共2件未办结，其中2件没有别人承办。" in page.main
    assert "第一件部门任务" not in page.main, "an administrator sees numbers, no business"

    page = polite.submit(page, {"终止原因": "调离"}, button="终止岗位", status=200)
    assert any("还有2件未办结的工作，没有别人承办" in error for error in page.errors)

    page = polite.submit(page, {"left_to": "above"}, button="终止岗位")
    assert "岗位已终止" in page.text
    session.expire_all()
    assert position.ended_on is not None


def test_the_superior_names_somebody_for_what_was_left_to_him(
    quick: Polite, sign_in: SignIn, people: dict[str, Account], session: Session
) -> None:
    city = make_account(session, Role.CITY)
    session.commit()
    sign_in(account=people["leaver"])
    page = quick.submit(quick.get("/handovers/new"), {"说明": "调离，见调令"}, button="移交工作")
    assert "待上级安排" in page.main
    successor = successor_of(session)

    sign_in(account=city)
    assert "安排接办人、移交工作" in quick.get("/inbox").main
    page = quick.follow(quick.get(page.url), "移交工作")
    page = quick.submit(page, {}, button="移交工作", status=200)
    assert "请选择接办人。" in page.errors
    page = quick.submit(page, {"接办人": successor.positions[0].code}, button="移交工作")
    assert "孙示例" in page.main


@pytest.mark.parametrize("wrong", ["another role", "nobody's"])
def test_nobody_but_a_colleague_is_offered(
    quick: Polite, sign_in: SignIn, people: dict[str, Account], session: Session, wrong: str
) -> None:
    make_account(session, Role.POLICE, name="警示例")
    session.commit()
    sign_in(account=people["leaver"])

    page = quick.get("/handovers/new")

    assert "警示例" not in page.main
    assert wrong not in page.main


def test_somebody_elses_work_is_not_his_to_hand_over(
    client: FlaskClient, sign_in: SignIn, people: dict[str, Account], session: Session
) -> None:
    sign_in(Role.DISTRICT)

    assert client.get(f"/handovers/new?position={people['leaver'].positions[0].code}").status_code == 404


def test_an_administrator_is_led_to_the_accounts(
    client: FlaskClient, sign_in: SignIn, people: dict[str, Account]
) -> None:
    sign_in(account=people["secadmin"])

    answer = client.get("/handovers/new")

    assert (answer.status_code, answer.location) == (303, "/accounts")


def test_a_line_that_is_ticked_off_twice_is_one_step(
    quick: Polite, sign_in: SignIn, people: dict[str, Account], session: Session
) -> None:
    handover = make_handover(session, people["leaver"], state=HandoverState.PASSED_ON, passed_on_at=utc_now())
    handover.lines.append(
        HandoverLine(
            subject_type="site",
            subject_code="3",
            subject_name="另一件",
            title="本岗待办",
            passing=Passing.DESK,
        )
    )
    session.commit()
    assert handover.successor is not None
    sign_in(account=handover.successor.account)
    page = quick.get(f"/handovers/{handover.code}")

    for _click in range(2):
        quick.submit(page, {}, button="接办")

    session.expire_all()
    assert [step.step for step in history(session, handover)] == ["acknowledge_line"]
