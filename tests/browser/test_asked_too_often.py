"""Where a part of a page is refused because there were too many requests, the dialog says until when."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import Page, Route
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.passwords import hash_password
from tests.factories import make_account, make_division

PASSWORD = "Yi-Er-San-456!"
SENTENCE = "一分钟内的请求超过了600次，请在12:01:00之后再继续。"


def test_the_dialog_says_until_when(
    page: Page, live_session: Callable[[], AbstractContextManager[Session]]
) -> None:
    with live_session() as session:
        make_division(session)
        username = make_account(session, Role.DISTRICT, password_hash=hash_password(PASSWORD)).username
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("/")

    assert words_after(page, 429, SENTENCE) == SENTENCE
    assert words_after(page, 500, "").startswith("系统没有正常答复")


def words_after(page: Page, status: int, text: str) -> str:
    """What the dialog says when a part of the page is answered like this."""

    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type="text/plain; charset=utf-8", body=text)

    page.route("**/inbox", answer)
    page.evaluate("() => { htmx.ajax('GET', '/inbox', '#main'); }")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    words = dialog.locator("p").first.inner_text()
    dialog.get_by_role("button", name="关闭").click()
    page.unroute("**/inbox")
    return words
