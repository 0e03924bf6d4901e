"""Forms of one page at full count: left in the middle of a word, or expired before every save, and nothing is lost."""

from playwright.sync_api import Page

from registry.access.models import Account
from tests.browser.conftest import browser, context, live_server, live_session, outside_requests, page
from tests.browser.test_unsent import LiveSession, Tell, author, expire_while_typing, reload_while_typing

__all__ = ["author", "browser", "context", "live_server", "live_session", "outside_requests", "page"]
TIMES = 200


def test_two_hundred_reloads_lose_not_a_character(page: Page, author: Account, tell: Tell) -> None:
    reload_while_typing(page, author, tell, TIMES)


def test_two_hundred_expiries_lose_not_a_character(
    page: Page, author: Account, live_session: LiveSession, tell: Tell
) -> None:
    expire_while_typing(page, author, live_session, tell, TIMES)
