"""The calendar: months, the private address, the schedule of a year; and the inbox by urgency, with reminders."""

import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Position, Role
from registry.audit.models import AuditEntry
from registry.clock import SHANGHAI, today
from registry.policy.loading import load_policy
from registry.policy.queries import working_calendar
from registry.workflow.models import CalendarFeed
from tests.factories import HUANGPU
from tests.portal.pages import Page
from tests.portal.polite import Polite, checked
from tests.portal.test_inbox import add_todo
from tests.schedule_rows import NOTICE, WHOLE_2027, csv_of

SignIn = Callable[..., Actor]
OPENED = datetime(2027, 2, 3, 9, tzinfo=SHANGHAI)
ADDRESS = re.compile(r"/calendar/feed/[\w-]+\.ics")


def key(day: date) -> str:
    return f"{day:%Y-%m}"


def test_what_is_due_stands_in_its_month_and_in_no_other(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    load_policy(session)
    add_todo(session, "十一月的", due_on=date(2026, 11, 30))
    add_todo(session, "十二月的", due_on=date(2026, 12, 24))
    add_todo(session, "别区的", due_on=date(2026, 11, 30), division_code="310115005")
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    november, december = (polite.get(f"/calendar?month=2026-{month}") for month in (11, 12))
    assert "共 1 件" in november.main
    assert "十一月的" in november.main
    assert "别区的" not in november.main
    assert "共 1 件" in december.main
    assert "十二月的" in december.main


def test_holidays_and_swapped_days_are_marked(polite: Polite, session: Session, sign_in: SignIn) -> None:
    load_policy(session)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    october = polite.get("/calendar?month=2026-10")
    assert ["2026-10-01", "放假", "国庆节"] in october.rows
    assert ["2026-10-10", "上班", "国庆节调休"] in october.rows
    assert "尚未公布" not in october.main


def test_a_year_that_is_not_published_says_so(polite: Polite, session: Session, sign_in: SignIn) -> None:
    load_policy(session)
    add_todo(session, "明年的", due_on=date(2027, 1, 5), is_estimated=True)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    january = polite.get("/calendar?month=2027-01")
    assert "2027年的放假安排尚未公布" in january.main
    assert "（估计）" in january.main


@pytest.mark.parametrize(
    "typed", ["", "2026-13", "2026-00", "0000-01", "nonsense", "9999-12", "２０２６-１１"]
)
def test_a_month_that_is_none_is_this_month(polite: Polite, sign_in: SignIn, typed: str) -> None:
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    assert polite.get(f"/calendar?month={typed}").response.status_code == 200


def test_the_months_before_and_after_are_one_click_away(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    page = polite.get("/calendar?month=2026-12")
    assert page.links["下个月"].endswith("month=2027-01")
    assert page.links["上个月"].endswith("month=2026-11")


def made_address(polite: Polite) -> str:
    page = polite.submit(polite.get("/calendar"), button="生成订阅地址", status=200)
    found = ADDRESS.search(page.html)
    assert found is not None
    return found.group()


def stranger(client: FlaskClient) -> FlaskClient:
    return client.application.test_client()


def test_the_address_is_shown_once_and_gives_deadlines_without_any_name(
    polite: Polite, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    load_policy(session)
    add_todo(session, "王示例的服务点", due_on=date(2026, 11, 30), title="确认场所地址变更")
    add_todo(session, "没有期限的")
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    address = made_address(polite)
    assert address not in polite.get("/calendar").html

    answer = stranger(client).get(address)
    text = answer.get_data(as_text=True).replace("\r\n ", "")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:确认场所地址变更（abcd2345）" in text
    assert "DTEND:20261130T093000Z" in text
    assert "王示例" not in text
    assert "李示例" not in text


def test_an_address_that_holds_no_more_is_answered_like_one_that_never_was(
    polite: Polite, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    actor = sign_in(Role.DISTRICT, division_code=HUANGPU)
    first = made_address(polite)
    page = polite.submit(polite.get("/calendar"), button="重新生成订阅地址", status=200)
    second = ADDRESS.search(page.html)
    assert second is not None
    assert stranger(client).get(first).status_code == 404
    assert stranger(client).get(second.group()).status_code == 200

    session.execute(
        sa.update(Position).where(Position.account_id == actor.account_id).values(ended_on=today())
    )
    session.commit()
    answers = [
        re.sub(r'nonce="[^"]*"|[0-9a-f]{16}|\d\d:\d\d', "", stranger(client).get(url).get_data(as_text=True))
        for url in (second.group(), "/calendar/feed/never.ics")
    ]
    assert answers[0].replace(second.group(), "") == answers[1].replace("/calendar/feed/never.ics", "")


def test_the_reader_ends_his_address(
    polite: Polite, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    address = made_address(polite)
    done = polite.submit(polite.get("/calendar"), button="停用订阅地址")
    assert "订阅地址已停用" in done.main
    assert stranger(client).get(address).status_code == 404
    assert session.scalars(sa.select(CalendarFeed.ended_at)).one() is not None
    assert polite.post("/calendar/feed/end", {}).response.status_code == 303
    entries = list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("calendar_feed.%"))))
    assert [entry.action for entry in entries] == ["calendar_feed.make", "calendar_feed.end"]
    token = address.removeprefix("/calendar/feed/").removesuffix(".ics")
    assert all(token not in str(vars(entry)) for entry in entries)


def uploaded(polite: Polite, data: bytes, *, name: str = "2027.csv", status: int = 200, **typed: Any) -> Page:
    page = polite.get("/calendar/schedule")
    token = next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")
    form = {"csrf_token": token, "year": "2027", "source": NOTICE} | typed
    answer = polite.client.post("/calendar/schedule", data=form | {"file": (io.BytesIO(data), name)})
    return checked(Page("/calendar/schedule", answer), status)


def test_a_year_is_previewed_confirmed_and_moves_what_was_estimated(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    load_policy(session)
    todo = add_todo(session, "跨春节的", due_on=date(2027, 2, 10), is_estimated=True, opened_at=OPENED)
    sign_in(Role.CITY, division_code="31")
    preview = uploaded(polite, csv_of())
    assert "新增 21 天，更改 0 天，取消 0 天，不变 0 天。" in preview.main
    assert not working_calendar(session).is_published(2027)
    done = polite.submit(preview, button="确认启用")
    assert "2027年的放假安排已启用：1件待办的到期时间有变动，1件不再是估计。" in done.main
    session.expire_all()
    assert (todo.due_on, todo.is_estimated) == (date(2027, 2, 15), False)
    assert "不需要确认" in uploaded(polite, csv_of()).main
    assert session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.action == "calendar.change")).one()


def test_a_sent_preview_is_judged_again(polite: Polite, session: Session, sign_in: SignIn) -> None:
    load_policy(session)
    sign_in(Role.PROVINCE, division_code="31")
    sent = {"year": "2027", "source": NOTICE, "days": "2027-01-01,0,元旦\nnonsense\n"}
    page = polite.post("/calendar/schedule/confirm", sent, status=400)
    assert "第3行：日期“nonsense”不是日期" in page.main
    polite.post("/calendar/schedule/confirm", {"year": "x"}, status=303)
    assert not working_calendar(session).is_published(2027)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (csv_of((*WHOLE_2027, WHOLE_2027[0])), "a.csv", "第23行：2027-01-01与第2行重复"),
        (csv_of((*WHOLE_2027, ("2027-07-01", "上班", "调休"))), "a.csv", "第23行：2027-07-01是周一至周五"),
        (csv_of(WHOLE_2027[:3]), "a.csv", "没有春节、清明、劳动节、端午、中秋、国庆的放假安排"),
        ("日子,名\n1,2\n".encode(), "a.csv", "缺少列：日期、上班或放假、名称"),
        (b"\x00\x01\x02", "a.xlsx", "文件内容不是工作簿"),
        (b"", "a.csv", ""),
        (b"MZ", "a.exe", ""),
    ],
)  # fmt: skip
def test_a_file_that_is_no_schedule_is_told_plainly(
    polite: Polite, session: Session, sign_in: SignIn, data: bytes, name: str, said: str
) -> None:
    load_policy(session)
    sign_in(Role.CITY, division_code="31")
    assert said in uploaded(polite, data, name=name, status=400).main
    assert not working_calendar(session).is_published(2027)


def test_a_file_of_another_year_is_refused(polite: Polite, session: Session, sign_in: SignIn) -> None:
    load_policy(session)
    sign_in(Role.CITY, division_code="31")
    assert "2027-02-05不在2028年" in uploaded(polite, csv_of(), year="2028", status=400).main
    assert "年份应在2020年至2100年之间" in uploaded(polite, csv_of(), year="1", status=400).main
    assert "请填写依据的通知" in uploaded(polite, csv_of(), source=" ", status=400).main


def test_the_counts_of_the_inbox_are_its_rows(polite: Polite, session: Session, sign_in: SignIn) -> None:
    now = today()
    for name, days in (("逾期一", -5), ("逾期二", -1), ("当天", 0), ("快到", 2), ("较晚", 30)):
        add_todo(session, name, due_on=now + timedelta(days=days))
    add_todo(session, "没有期限")
    add_todo(session, "通知", is_notice=True)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    page = polite.get("/inbox")
    counts = {"全部": 6, "逾期": 2, "今天到期": 1, "3日内到期": 1, "未到期": 1, "无期限": 1}
    for word, count in counts.items():
        narrowed = polite.follow(page, f"{word} {count}")
        assert f"共 {count} 件" in narrowed.main
        assert ("请知悉" in narrowed.main) is (word == "全部")
    assert "当天" in polite.get("/inbox?urgency=today").main
    assert "共 6 件" in polite.get("/inbox?urgency=nonsense").main


def test_a_reminder_of_what_the_list_already_shows_is_folded_away_and_news_is_not(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    todo = add_todo(session, "示例服务点", due_on=today() - timedelta(days=9))
    add_todo(session, "示例服务点", due_on=todo.due_on, is_notice=True, reminds_id=todo.id, milestone=0)
    add_todo(session, "迁入的服务点", is_notice=True)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    open_part, folded = polite.get("/inbox").html.split("1 条到期提醒，事项已列在上面")
    assert "迁入的服务点" in open_part
    assert "到期提醒：" not in open_part
    assert "到期提醒：确认场所地址变更 · 示例服务点" in folded
    home = polite.get("/")
    assert "迁入的服务点" in home.main
    assert "到期提醒：" not in home.main


def test_an_urgency_without_rows_says_so(polite: Polite, session: Session, sign_in: SignIn) -> None:
    add_todo(session, "没有期限")
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    assert "没有符合条件的记录" in polite.get("/inbox?urgency=overdue").main


def test_shortcuts_can_be_switched_off(polite: Polite, session: Session, sign_in: SignIn) -> None:
    add_todo(session, "要办的")
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    assert "data-keys" in polite.get("/inbox").html
    polite.client.get("/preferences/keys/off")
    off = polite.get("/inbox")
    assert "data-keys" not in off.html
    assert "单键快捷键已关闭" in off.main


def test_a_reminder_says_of_what_and_who_may_not_open_it_gets_no_link(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    todo = add_todo(session, "示例服务点", due_on=today() - timedelta(days=9))
    for number, role in ((0, Role.DISTRICT), (-3, Role.CITY), (-5, Role.PROVINCE)):
        add_todo(
            session,
            "示例服务点",
            due_on=todo.due_on,
            is_notice=True,
            reminds_id=todo.id,
            milestone=number,
            role=role,
        )
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    assert "到期提醒：确认场所地址变更 · 示例服务点" in polite.get("/inbox").links
    sign_in(Role.CITY, division_code="31")
    city = polite.get("/inbox")
    assert "下级逾期：确认场所地址变更 · 示例服务点" in city.links
    assert "系统自动提醒" in city.main
    sign_in(Role.PROVINCE, division_code="31")
    province = polite.get("/inbox")
    assert "下级逾期：确认场所地址变更 · 示例服务点" in province.main
    assert "下级逾期：确认场所地址变更 · 示例服务点" not in province.links
