"""The door of the site, in a real browser."""

import pytest

from registry.access.models import Role
from registry.access.passwords import hash_password
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, all_kept
from tests.factories import HUANGPU, NANJING_EAST_ROAD, make_account, make_division, make_provider

PASSWORD = "Yi-Er-San-456!"


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["360", "1366"])
def test_nobody_is_kept_out_of_the_sign_in_page(page, screen):
    page.set_viewport_size(screen)

    page.goto("/sign-in")

    assert page.get_by_role("heading", level=1).inner_text() == "登录"
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


@pytest.mark.smoke
def test_a_city_officer_signs_in_and_out_again(page, live_session):
    with live_session() as session:
        account = make_account(session, Role.CITY, password_hash=hash_password(PASSWORD))

    page.goto("/sign-in")
    page.get_by_label("用户名").fill(account.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    page.wait_for_url("/")
    assert page.get_by_role("heading", level=1).inner_text() == "工作台"
    assert barriers(page) == []

    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("/sign-in")


def sign_in(page, account):
    page.get_by_label("用户名").fill(account.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("/")


def test_what_was_typed_is_still_there_after_the_stay_was_over(page, context, live_session):
    with live_session() as session:
        for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD):
            make_division(session, code)
        site = make_provider(session)
        account = make_account(
            session, Role.PROVIDER, organisation=site.organisation, password_hash=hash_password(PASSWORD)
        )
    page.goto("/sign-in")
    sign_in(page, account)
    page.goto(f"/sites/{site.code}/address-changes/new")
    typed = {"新地址": "示例路88号2楼", "启用日期": "2026-12-20", "变更说明": "写了很久的说明"}
    for label, value in typed.items():
        page.get_by_label(label).fill(value)
    all_kept(page)
    context.clear_cookies(name="session")
    page.locator("#main").get_by_role("button").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "请重新登录"

    with context.expect_page() as window:
        page.get_by_role("link", name="在新窗口登录").click()
    sign_in(window.value, account)
    page.get_by_role("button", name="返回上一步").click()
    page.wait_for_url(f"**/sites/{site.code}/address-changes/new")

    assert {label: page.get_by_label(label).input_value() for label in typed} == typed
