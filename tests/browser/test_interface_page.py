"""The page of the programming interface in a real browser: readable on a phone and on a desk, with every part open."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["360", "1366"])
@pytest.mark.parametrize(("language", "heading"), [("zh", "数据接口"), ("en", "Data interface")])
def test_the_page_of_the_interface_keeps_nobody_out(
    page: Page, enter: Enter, screen: dict[str, int], language: str, heading: str
) -> None:
    enter("demo-city")
    page.set_viewport_size(screen)

    page.goto(f"/preferences/language/{language}?next=/api")
    for summary in page.locator("details > summary").all():
        summary.click()

    assert page.get_by_role("heading", level=1).inner_text() == heading
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
