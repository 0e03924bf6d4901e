"""The home page: every number on it is the number of rows behind its link, for each role."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.home.greeting import hello_at, working_day_of
from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import WorkingCalendar, today
from registry.organisations.models import Organisation
from registry.workforce.models import Verification
from tests.factories import (
    NANJING_EAST_ROAD,
    make_certificate,
    make_division,
    make_education,
    make_major,
    make_organisation,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_staff,
    make_target,
)
from tests.portal.pages import XHTML, Page, text_of
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]
BUND = "310101013"
PUDONG_STREET = "310115004"
REGULATORS = {Role.PROVINCE: "31", Role.CITY: "31", Role.DISTRICT: "310101", Role.STREET: NANJING_EAST_ROAD}
NUMBER = re.compile(r"([\d,]+) (?:人|家|处)$")


@pytest.fixture
def world(session: Session) -> Organisation:
    """Two districts, three streets, institutions above, below and without a share, and much that wants attention."""
    for code, name in {
        "31": "上海市",
        "310101": "黄浦区",
        "310115": "浦东新区",
        NANJING_EAST_ROAD: "南京东路街道",
        BUND: "外滩街道",
        PUDONG_STREET: "潍坊新村街道",
    }.items():
        make_division(
            session,
            code,
            name=name,
            parent_code=None if code == "31" else code[:6] if len(code) > 6 else "31",
        )
    make_major(session)
    make_target(session)
    here = make_provider(session, name="示例一中心")
    make_staff(session, here, qualified=1, other=4)
    make_staff(session, make_provider(session, name="示例二中心", division_code=BUND), qualified=2, other=2)
    make_staff(
        session, make_provider(session, name="示例三中心", division_code=PUDONG_STREET), qualified=1, other=9
    )
    make_provider(session, name="示例空中心", division_code=BUND)
    make_organisation(session, uscc=None, division_code=NANJING_EAST_ROAD)
    make_site(
        session, here.organisation, name="第二服务点", latitude=31.2, longitude=121.4, precision="exact"
    )
    for days in (10, 60, 100, 400):
        person = make_practitioner(session)
        make_post(session, person, here, end_on=today() + timedelta(days=days))
        make_certificate(session, person, valid_to=today() + timedelta(days=days))
        make_education(session, person, verification=Verification.PENDING, verified_on=None)
    left = make_practitioner(session)
    make_post(session, left, here, end_on=today())
    make_certificate(session, left, valid_to=today() + timedelta(days=10))
    return here.organisation


def numbers(page: Page, heading: str) -> dict[str, tuple[int, str]]:
    """Under a heading of the home page: the words of each link, its number and its address."""
    part = next(part for part in page.all("section") if text_of(part).startswith(heading))
    found = {}
    for line in part.iter(XHTML + "li"):
        title = text_of(next(line.iter(XHTML + "span")))
        for link in line.iter(XHTML + "a"):
            words = text_of(link)
            matched = NUMBER.search(words)
            assert matched, words
            found[f"{title} {words}"] = (int(matched.group(1).replace(",", "")), link.get("href", ""))
    return found


def rows_behind(polite: Polite, url: str) -> int:
    """What the page behind a number counts: its own count, or its rows below the target."""
    page = Page(url, polite.client.get(url))  # its manners have tests of their own
    if url.startswith("/figures/"):
        return sum("未达标" in "".join(row) for row in page.rows if len(row) > 5)
    counted = re.search(r"共 ([\d,]+) (?:人|家机构|处场所)（", page.main)
    assert counted, page.main[:300]
    return int(counted.group(1).replace(",", ""))


def sign_in_as(sign_in: SignIn, role: Role, world: Organisation) -> Actor:
    if role in REGULATORS:
        return sign_in(role, division_code=REGULATORS[role])
    return sign_in(role, organisation=world, division_code=NANJING_EAST_ROAD)


@pytest.mark.parametrize("role", [*REGULATORS, Role.STATION, Role.PROVIDER])
def test_every_number_is_the_count_of_the_page_that_it_leads_to(
    polite: Polite, world: Organisation, sign_in: SignIn, role: Role
) -> None:
    sign_in_as(sign_in, role, world)
    page = polite.get("/")

    shown = numbers(page, "需要关注") | numbers(page, "本")

    assert len(shown) >= 5
    for words, (number, url) in shown.items():
        assert rows_behind(polite, url) == number, words


def test_the_numbers_of_a_street_are_those_of_its_own_people_and_places(
    polite: Polite, world: Organisation, sign_in: SignIn
) -> None:
    sign_in(Role.STREET, division_code=NANJING_EAST_ROAD)

    shown = numbers(polite.get("/"), "需要关注")

    assert {words: number for words, (number, _url) in shown.items()} == {
        "在岗人员的证书即将到期 30日内 1 人": 1,
        "在岗人员的证书即将到期 90日内 2 人": 2,
        "在岗人员的证书即将到期 180日内 3 人": 3,
        "任职即将到期 30日内 1 人": 1,
        "在岗人员的学历尚未核验，暂不计入占比 核验中 4 人": 4,
        "没有统一社会信用代码的单位 1 家": 1,
        "没有地图点位的场所 1 处": 1,
    }


def test_a_city_sees_its_share_the_frozen_verdict_and_which_districts_lag(
    polite: Polite, world: Organisation, sign_in: SignIn
) -> None:
    sign_in(Role.CITY)

    page = polite.get("/")

    assert "相关专业学历从业人员占比" in page.main
    assert "2025年末（考核时点）" in page.main
    assert next(row[0] for row in page.rows if row[0].endswith("区")) == "浦东新区"
    assert page.links["浦东新区"] == "/figures/qualified-share?division=310115"
    assert "未达标的区县" in page.main


def test_a_street_sees_which_institutions_lag(polite: Polite, world: Organisation, sign_in: SignIn) -> None:
    sign_in(Role.STREET, division_code=NANJING_EAST_ROAD)

    page = polite.get("/")

    assert "未达标的机构" in page.main
    assert world.code in page.links["示例一中心"]
    assert "学历占比未达标的机构" not in page.main


def test_a_provider_sees_itself_and_nobody_else(polite: Polite, world: Organisation, sign_in: SignIn) -> None:
    sign_in(Role.PROVIDER, organisation=world, division_code=NANJING_EAST_ROAD)

    page = polite.get("/")

    assert f"/figures/qualified-share/organisations/{world.code}" in page.html
    assert "示例二中心" not in page.main
    assert "没有统一社会信用代码的单位" not in page.main
    for _number, url in numbers(page, "需要关注").values():
        assert world.code in url


def test_where_all_is_in_order_nothing_is_asked_for(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    make_division(session, "310101", name="黄浦区")
    sign_in(Role.DISTRICT)

    page = polite.get("/")

    assert "今日待办已清空" in page.main
    assert "都没有需要关注的事项" in page.main


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.SYSADMIN, "系统管理员维护运行环境"),
        (Role.SECADMIN, "安全管理员管理权限和账号安全"),
        (Role.AUDITADMIN, "审计管理员查阅和导出操作留痕"),
    ],
)
def test_an_administrator_has_a_plain_home(polite: Polite, sign_in: SignIn, role: Role, words: str) -> None:
    sign_in(role)

    page = polite.get("/")

    assert words in page.main
    assert "不查看业务数据" in page.main
    assert "占比" not in page.main


def test_nobody_is_at_home_without_a_sign_in(polite: Polite) -> None:
    assert polite.client.get("/").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "晚上好"),
        (5, "早上好"),
        (8, "早上好"),
        (9, "上午好"),
        (12, "中午好"),
        (14, "下午好"),
        (17, "下午好"),
        (18, "晚上好"),
        (23, "晚上好"),
    ],
)
def test_people_are_greeted_by_the_hour(app: Flask, hour: int, words: str) -> None:
    with app.test_request_context("/"):
        assert hello_at(hour) == words


def test_the_working_day_of_the_week_follows_the_published_calendar(app: Flask) -> None:
    swapped = WorkingCalendar.of([(date(2026, 10, 10), True), (date(2026, 10, 7), False)])

    with app.test_request_context("/"):
        assert working_day_of(date(2026, 11, 23), swapped) == "本周第 1 个工作日"
        assert working_day_of(date(2026, 10, 10), swapped) == "本周第 5 个工作日"
        assert working_day_of(date(2026, 10, 7), swapped) == "休息日"
        assert working_day_of(date(2026, 11, 22), swapped) == "休息日"
