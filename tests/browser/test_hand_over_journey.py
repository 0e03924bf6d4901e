"""An officer is invited, hands over to her B-post for a week; what is done for her is found in the trail."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.operations import NewAccount, invite_account
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, KEY, NARROW, Enter

PASSWORD = "Yi-Er-San-456!"
COLLEAGUE = "示例黄浦区B岗经办"
NEWCOMER = "王示例"
REASON = "核对证书登记的联系电话是否有效"


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


@pytest.fixture
def code(live_session: Callable[[], AbstractContextManager[Session]]) -> str:
    """What the security administrator hands over; how she comes by it is in test_appointment.py."""
    new = NewAccount("wangshili", NEWCOMER, Role.DISTRICT, "310101", is_example=True)
    with live_session() as session:
        return invite_account(session, new, at=utc_now(), trail=Trail(KEY[::-1].encode()))


def test_what_a_colleague_does_for_an_officer_on_leave_stands_under_both_names(
    page: Page, enter: Enter, code: str
) -> None:
    come_in(page, code)
    hand_over(page)
    enter("demo-district-b")
    take_up(page)
    reveal_a_phone(page)
    enter("demo-auditadmin")
    find_the_one_entry(page)


def come_in(page: Page, code: str) -> None:
    page.goto(f"/invitation?code={code}")
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再次输入新密码").fill(PASSWORD)
    page.get_by_role("button", name="保存并登录").click()
    page.wait_for_url("/")


def hand_over(page: Page) -> None:
    page.get_by_role("link", name="我的岗位").click()
    page.get_by_role("link", name="授权他人代办").click()
    page.get_by_role("button", name="授权代办").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写截止日")
    expect(page.get_by_role("alert")).to_contain_text("请选择授权范围")
    page.get_by_label("代办人").select_option(label=COLLEAGUE)
    page.get_by_label("截止日").fill((today() + timedelta(days=6)).isoformat())
    page.get_by_label("查看、办理、查看完整信息和导出").check()
    page.get_by_label("原因").fill("年休假")
    is_sound(page)
    page.get_by_role("button", name="授权代办").click()
    page.get_by_text(f"已授权{COLLEAGUE}代办").wait_for()
    is_sound(page)


def take_up(page: Page) -> None:
    page.get_by_role("link", name="我的岗位").click()
    is_sound(page)
    hers = page.get_by_role("row").filter(has_text=NEWCOMER)
    hers.get_by_role("button", name="切换到这个岗位").click()
    page.wait_for_url("/")
    expect(page.locator(".person__name")).to_contain_text(f"（代{NEWCOMER}）")


def reveal_a_phone(page: Page) -> None:
    page.goto("/workforce")
    page.get_by_role("link", name="按身份证号或电话查找").click()
    page.get_by_label("联系电话").check()
    page.get_by_label("号码", exact=True).fill("154 0000 0011")
    page.get_by_role("button", name="查找").click()
    page.locator("#main").get_by_role("link", name="联系电话").click()
    page.get_by_label("核对证件、证书或学历").check()
    page.get_by_label("具体说明").fill(REASON)
    page.get_by_role("button", name="显示完整联系电话").click()
    shown = page.get_by_role("region", name="身份与联系方式")
    expect(shown).to_contain_text("15400000011")


def find_the_one_entry(page: Page) -> None:
    page.goto("/admin/audit")
    page.get_by_text("更多筛选").click()
    page.get_by_label("代何人").fill(NEWCOMER)
    page.get_by_label("事项").select_option(label="显示完整信息")
    page.get_by_role("button", name="筛选").click()
    found = page.locator("#main tbody tr")
    expect(found).to_have_count(1)
    for words in (COLLEAGUE, NEWCOMER):
        expect(found).to_contain_text(words)
    is_sound(page)
    found.get_by_role("link").first.click()
    expect(page.locator("#main")).to_contain_text(REASON)
    expect(page.locator("#main")).not_to_contain_text("15400000011")
    is_sound(page)


def is_sound(page: Page) -> None:
    """Nobody is kept out, on a phone and on a desk, and nothing is wider than the screen."""
    for screen in (NARROW, DESK):
        page.set_viewport_size(screen)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
