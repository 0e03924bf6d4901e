"""The main job without a mouse, from the door to the people behind the number: the focus is seen and never covered."""

import pytest
from playwright.sync_api import Page

from portal.demo.accounts import PASSWORD
from tests.browser.conftest import DESK, NARROW

INSTITUTION = "黄浦暖阳社区康复服务中心（示例）"
MOST_STEPS = 90

FOCUSED = """
() => {
    const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element)
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12))
    return {
        name: (element.ariaLabel || element.labels?.[0]?.innerText || element.innerText || '').trim(),
        isSeen: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
        isCovered: !(top && (element.contains(top) || top.contains(element))),
    }
}
"""


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what has this name; every stop on the way must be seen."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["isSeen"], f"nothing shows that the focus is on {focused['name']!r}"
        assert not focused["isCovered"], f"something covers {focused['name']!r} while it has the focus"
        if focused["name"] == name:
            return
    pytest.fail(f"{name!r} is not within {MOST_STEPS} steps")


def open_link(page: Page, name: str) -> None:
    """Go to a link and press Enter."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["360", "1366"])
def test_the_main_job_needs_no_mouse(page: Page, screen: dict[str, int]) -> None:
    page.set_viewport_size(screen)
    page.goto("/sign-in")
    tab_to(page, "用户名")
    page.keyboard.type("demo-city")
    tab_to(page, "密码")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    for name in ("28.6%", "黄浦区", "外滩街道", INSTITUTION):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)["name"] == "跳到主要内容"
        page.keyboard.press("Enter")
        open_link(page, name)

    assert INSTITUTION in page.get_by_role("heading", level=1).inner_text()
