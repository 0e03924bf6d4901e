"""Each role in a real browser: every page of its menu on a phone and on a desk, and the jobs that two roles share."""

import pytest
from playwright.sync_api import Page, ViewportSize

from portal.navigation import MENU, Item
from registry.access.models import Role
from registry.access.rules import RULES
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter

OLD_ADDRESS_TODO = "修改被退回的地址变更"
CONFIRM_TODO = "确认场所地址变更"
HOME = MENU[0].label
JUDGES = 2
"""So many roles look at a page that many see: one on a phone, one at a desk."""
SITE = "黄浦暖阳社区康复服务中心外滩服务点（示例）"
NEW_ADDRESS = "示例路188号3楼"


def sees(role: Role, item: Item) -> bool:
    return any(role in rule.roles for rule in RULES[item.action])


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


SEERS = {item.label: [role for role in Role if sees(role, item)] for item in MENU}


def menu_of(page: Page) -> dict[str, str]:
    """The addresses of the main menu by their labels."""
    links = page.get_by_role("navigation", name="主菜单").get_by_role("link").all()
    return {
        label: str(link.get_attribute("href"))
        for link in links
        for label in SEERS
        if label in (link.text_content() or "").split()
    }


@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_menu_keeps_nobody_out(page: Page, enter: Enter, role: Role) -> None:
    enter(f"demo-{role.value}")
    menu = menu_of(page)
    assert list(menu) == [label for label, seers in SEERS.items() if role in seers]

    for label, address in menu.items():
        page.goto(address)
        for screen in (NARROW, DESK):
            page.set_viewport_size(screen)
            assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], address
            if is_judged(role, label, screen):
                assert barriers(page) == [], f"{address} at {screen['width']}"


def is_judged(role: Role, label: str, screen: ViewportSize) -> bool:
    """What one role alone sees is judged on both screens, a first page too; else two roles take turns."""
    seers = SEERS[label]
    if len(seers) == 1 or label == HOME:
        return True
    turn = seers.index(role)
    return turn < JUDGES and screen == (NARROW, DESK)[turn % 2]


def test_a_provider_and_its_district_change_an_address(page: Page, enter: Enter) -> None:
    enter("demo-provider")
    page.get_by_role("main").get_by_role("link", name=OLD_ADDRESS_TODO).first.click()
    page.get_by_role("link", name="修改").click()
    page.get_by_label("新地址").fill(NEW_ADDRESS)
    page.get_by_role("button", name="保存并核对").click()
    assert NEW_ADDRESS in page.get_by_role("main").inner_text()
    assert barriers(page) == []
    page.get_by_role("button", name="提交").click()

    enter("demo-district")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="待办").click()
    page.get_by_role("link", name=f"{CONFIRM_TODO} · {SITE}").click()
    page.get_by_role("link", name="确认").click()
    page.get_by_role("button", name="确认新地址").click()

    assert page.get_by_text("新地址已确认并登记").is_visible()
    assert barriers(page) == []


def test_the_portal_works_without_scripts(page: Page, enter: Enter) -> None:
    page.context.route("**/*.js", lambda route: route.abort())

    enter("demo-district")
    page.get_by_role("link", name="服务机构").first.click()
    page.get_by_label("名称、信用代码或入库编号").fill("暖阳")
    page.get_by_role("button", name="筛选").click()

    assert page.get_by_role("link", name="黄浦暖阳社区康复服务中心（示例）").first.is_visible()
