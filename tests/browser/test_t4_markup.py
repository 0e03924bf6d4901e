"""T4 in a real browser: markup in every column of words makes no element, runs no script, and is only read."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.conftest import Enter
from tests.hostile.marks import MARKUP, write_marks
from tests.hostile.showing import let_the_trail_be_changed

TRAP = "window.hit = () => { window.wasHit = true }"
PAGES = (
    "/",
    "/inbox",
    "/providers",
    "/sites",
    "/workforce",
    "/figures/qualified-share",
    "/figures/qualified-share?by=township",
)
SIGNS = ".map-marker"
TOOLTIP = ".leaflet-tooltip"


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_markup_in_every_column_of_words_is_only_read(
    page: Page,
    enter: Enter,
    live_session: Callable[[], AbstractContextManager[Session]],
    tell: Callable[[str], None],
) -> None:
    enter("demo-district")
    with live_session() as session:
        let_the_trail_be_changed(session)
        write_marks(session)
    page.add_init_script(TRAP)

    for url in PAGES:
        page.goto(url)
        assert_only_read(page)
    page.goto("/map")
    signs = page.locator(SIGNS)
    expect(signs.first).to_be_visible()
    assert_only_read(page)
    assert any(MARKUP in (sign.get_attribute("aria-label") or "") for sign in signs.all())
    signs.first.focus()
    expect(page.locator(TOOLTIP)).to_contain_text(MARKUP)
    assert_only_read(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sites/*")
    assert_only_read(page)
    tell(f"T4: {len(PAGES) + 2} pages and a sign of the map with its words in a browser, 0 scripts run")


def assert_only_read(page: Page) -> None:
    assert not page.evaluate("window.wasHit === true")
    assert page.evaluate("document.querySelectorAll('[onerror], img[src=x]').length") == 0
    assert MARKUP in page.locator("body").inner_text() or page.url.endswith("/map")
