"""Pages that the browser keeps, in a real browser: asked for again each time, alive after it, gone with the reader."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.passwords import hash_password
from tests.browser.conftest import CHROMIUM, FLAGS, LiveServer, go_in, is_fault
from tests.factories import make_account, make_division, make_provider

PASSWORD = "Yi-Er-San-456!"
LIST = "/providers?standing=listed"

LiveSession = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(scope="module")
def remembering(browser: Browser) -> Iterator[Browser]:
    """A browser that keeps left pages alive, as people's browsers do and those of tests usually do not."""
    kept_alive = ["--disable-back-forward-cache"]
    remembering = browser.browser_type.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=kept_alive
    )
    yield remembering
    remembering.close()


@pytest.fixture
def window(remembering: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window whose requests nobody intercepts: that would switch off what is tested here."""
    has_scripts = getattr(request, "param", True)
    context = remembering.new_context(
        base_url=live_server.url, locale="zh-CN", java_script_enabled=has_scripts
    )
    page, faults = context.new_page(), []
    page.on("console", lambda message: faults.append(message.text) if is_fault(message.text) else None)
    yield page
    context.close()
    assert faults == [], "the browser complained"


@pytest.fixture
def officer(live_session: LiveSession) -> str:
    """Who may see the one institution there is."""
    with live_session() as session:
        make_division(session, name="黄浦区")
        make_provider(session, name="示例甲中心")
        account = make_account(session, Role.DISTRICT, password_hash=hash_password(PASSWORD))
        return account.username


def sign_in(page: Page, username: str) -> None:
    go_in(page, username, PASSWORD)


def answers(page: Page) -> list[int]:
    """The statuses that the server gives to the list from now on, as they come over the wire."""
    statuses: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda it: urls.update({it["requestId"]: it["request"]["url"]}))

    def note(extra: dict) -> None:
        if LIST in urls.get(extra["requestId"], ""):
            statuses.append(extra["statusCode"])

    session.on("Network.responseReceivedExtraInfo", note)
    return statuses


def test_a_page_that_was_opened_before_is_not_sent_again_and_its_scripts_run(
    window: Page, officer: str
) -> None:
    sign_in(window, officer)
    window.goto(LIST)
    statuses = answers(window)

    window.reload()
    window.goto("/inbox")
    window.goto(LIST)

    assert statuses == [304, 304]
    assert window.get_by_text("示例甲中心").first.is_visible()
    assert window.evaluate("typeof window.htmx") == "object"
    assert window.evaluate("getComputedStyle(document.querySelector('.table')).borderCollapse") == "collapse"


def test_after_a_change_the_page_is_sent_anew(window: Page, officer: str, live_session: LiveSession) -> None:
    sign_in(window, officer)
    window.goto(LIST)
    statuses = answers(window)
    with live_session() as session:
        make_provider(session, name="示例乙中心")

    window.reload()

    assert statuses == [200]
    assert window.get_by_text("示例乙中心").first.is_visible()


@pytest.mark.parametrize("window", [True, False], indirect=True, ids=["scripts", "no scripts"])
@pytest.mark.parametrize("way", ["signing out", "losing the stay"])
def test_going_back_after_leaving_shows_no_page_of_who_left(window: Page, officer: str, way: str) -> None:
    sign_in(window, officer)
    window.goto(LIST)
    assert window.get_by_text("示例甲中心").first.is_visible()

    if way == "signing out":
        window.get_by_role("button", name="退出登录").click()
        window.wait_for_url("/sign-in")
    else:
        window.context.clear_cookies()
        window.goto("/sign-in")
    window.go_back(wait_until="commit")
    window.wait_for_url(re.compile("/sign-in"))

    assert window.get_by_text("示例甲中心").count() == 0
