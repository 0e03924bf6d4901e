"""The inbox: what waits, until when, in words, and the most urgent first."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import today
from registry.workflow.models import Todo
from tests.factories import HUANGPU, NANJING_EAST_ROAD, NOW
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]


def add_todo(session: Session, name: str, **facts: Any) -> Todo:
    defaults: dict[str, Any] = {
        "subject_type": "address_change",
        "subject_id": 1,
        "subject_code": "abcd2345",
        "subject_name": name,
        "title": "确认场所地址变更",
        "asked_by": "李示例",
        "role": Role.DISTRICT,
        "division_code": NANJING_EAST_ROAD,
        "opened_at": NOW,
    }
    todo = Todo(**(defaults | facts))
    session.add(todo)
    session.flush()
    return todo


def test_an_empty_inbox_says_that_all_is_done(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.DISTRICT)
    assert "今日待办已清空" in polite.get("/inbox").main


def test_to_dos_stand_by_deadline_with_the_word_for_it(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    now = today()
    for name, days in (("较晚", 30), ("快到", 2), ("逾期", -1), ("当天", 0)):
        add_todo(session, name, due_on=now + timedelta(days=days))
    add_todo(session, "没有期限")
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    rows = polite.get("/inbox").rows
    assert [row[0].partition(" · ")[2] for row in rows] == ["逾期", "当天", "快到", "较晚", "没有期限"]
    assert [row[1].split()[0] for row in rows] == ["▲逾期", "◐今天到期", "◔3日内到期", "○未到期", "○无期限"]
    assert rows[0][2:] == [(now - timedelta(days=1)).isoformat(), "李示例 2026-11-23 09:00"]


def test_an_estimated_deadline_says_so(polite: Polite, session: Session, sign_in: SignIn) -> None:
    add_todo(session, "估计的", due_on=today() + timedelta(days=60), is_estimated=True)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    assert "（估计）" in polite.get("/inbox").main


def test_others_to_dos_are_not_shown(polite: Polite, session: Session, sign_in: SignIn) -> None:
    add_todo(session, "别区的", division_code="310115005")
    add_todo(session, "办完的", closed_at=NOW)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    assert "今日待办已清空" in polite.get("/inbox").main


def test_a_to_do_cannot_be_put_away_by_reading_it(polite: Polite, session: Session, sign_in: SignIn) -> None:
    todo = add_todo(session, "要办的")
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    polite.post(f"/inbox/{todo.code}/read", {}, status=409)


def test_a_notice_of_another_district_is_not_found(polite: Polite, session: Session, sign_in: SignIn) -> None:
    todo = add_todo(session, "别区的", division_code="310115005", is_notice=True)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    polite.post(f"/inbox/{todo.code}/read", {}, status=404)


def test_the_system_administrator_has_no_inbox(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.SYSADMIN)
    polite.get("/inbox", status=403)


def test_home_menu_and_inbox_count_the_same_and_notices_apart(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    for number in range(3):
        add_todo(session, f"要办的{number}")
    add_todo(session, "知悉的", is_notice=True)
    session.commit()
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    home = polite.get("/")
    assert "全部待办 3 件，通知 1 条" in home.main
    assert re.search(r'menu__count">3<', home.html)
    assert "共 3 件" in polite.get("/inbox").main
