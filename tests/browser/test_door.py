"""The door of the site, in a real browser."""

import pytest

from registry.access.models import Role
from registry.access.passwords import hash_password
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW
from tests.factories import make_account

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
