"""A new officer of a street, from the security administrator's form to her own first page."""

import pytest

from registry.access.models import Role
from registry.access.passwords import hash_password
from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, go_in
from tests.factories import HUANGPU, NANJING_EAST_ROAD, make_account, make_division, make_parameter

PASSWORD = "Yi-Er-San-456!"


@pytest.fixture
def people(live_session):
    """The user names of the security administrator and of the district's officer."""
    names = {"31": "上海市", "3101": "市辖区", HUANGPU: "黄浦区", NANJING_EAST_ROAD: "南京东路街道"}
    with live_session() as session:
        for code, name in names.items():
            make_division(session, code, name=name)
        make_parameter(session, "appointment.confirm_workdays", 3)
        roles = (Role.SECADMIN, Role.DISTRICT)
        accounts = [make_account(session, role, password_hash=hash_password(PASSWORD)) for role in roles]
        return [account.username for account in accounts]


def sign_in(page, username):
    page.context.clear_cookies()
    go_in(page, username, PASSWORD)


def test_a_new_street_officer_is_appointed_with_a_second_person_and_signs_in(page, people):
    secadmin, district = people
    page.set_viewport_size(NARROW)
    sign_in(page, secadmin)
    page.goto("/accounts")
    page.locator("#main").get_by_role("link", name="新开账号").click()
    page.get_by_label("姓名").fill("王示例")
    page.get_by_label("用户名").fill("wangmin")
    page.get_by_label("拟任岗位").select_option(label="街镇")
    page.get_by_label("管辖区划").select_option(label="南京东路街道")
    page.get_by_label("依据").fill("2026年11月到岗通知")
    assert barriers(page) == []
    page.get_by_role("button", name="提出任命").click()
    page.get_by_text("等待复核").first.wait_for()

    sign_in(page, district)
    page.get_by_role("link", name="复核岗位任命 · 王示例").click()
    page.get_by_role("link", name="同意任命").click()
    page.get_by_role("button", name="同意任命").click()
    page.get_by_text("已同意任命").wait_for()

    sign_in(page, secadmin)
    page.get_by_role("link", name="发放首次登录的一次性代码 · 王示例").click()
    page.get_by_role("link", name="发放首次登录代码").click()
    page.get_by_role("button", name="发放一次性代码").click()
    code = page.locator("#main .lead code").inner_text()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("link", name="设置密码").click()
    page.get_by_label("一次性代码").fill(code)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再次输入新密码").fill(PASSWORD)
    page.get_by_role("button", name="保存并登录").click()
    page.wait_for_url("/")
    assert page.get_by_role("heading", level=1).inner_text() == "工作台"
