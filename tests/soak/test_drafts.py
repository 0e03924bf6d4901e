"""Drafts at full count: two hundred times the sign-in ends while somebody types, and not a character is lost."""

from playwright.sync_api import Page

from registry.access.models import Account
from tests.browser.conftest import browser, context, live_server, live_session, outside_requests, page
from tests.browser.test_drafts import LiveSession, Tell, author, expire_while_typing

__all__ = ["author", "browser", "context", "live_server", "live_session", "outside_requests", "page"]

EXPIRIES = 200


def test_two_hundred_forced_expiries_lose_not_a_character(
    page: Page,
    author: Account,
    live_session: LiveSession,
    tell: Tell,
) -> None:
    expire_while_typing(page, author, live_session, tell, EXPIRIES)
