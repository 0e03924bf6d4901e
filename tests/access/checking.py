"""The table of checks, and what several of them do."""

import re
import time
from collections.abc import Callable

from werkzeug.test import TestResponse

from registry.access.models import Account, CodePurpose
from registry.access.one_time_codes import issue_code
from registry.clock import utc_now
from tests.access.doors import PASSWORD, TRAIL, Browser, Door

Check = Callable[[Door], None]
CHECKS: dict[str, Check] = {}
WRONG = "用户名或密码不正确"
LOCKED = "在这里的登录暂停至"
NEW = "Wq8!nBt5&hYd"


def check(function: Check) -> Check:
    """Enters a check into the table under its name."""
    CHECKS[function.__name__] = function
    return function


def fail(browser: Browser, door: Door, name: str, times: int) -> None:
    """Wrong passwords, each after the wait that the one before asks for."""
    for _ in range(times):
        browser.knock(name, "wrong")
        door.later(seconds=9)


def invited(door: Door, account: Account) -> str:
    code = issue_code(door.session, account, CodePurpose.PASSWORD, at=utc_now(), trail=TRAIL)
    door.session.commit()
    return code


def accept(browser: Browser, code: str, password: str = NEW) -> TestResponse:
    return browser.post("/invitation", {"code": code, "password": password, "again": password})


def change(door: Door, password: str, **facts: object) -> TestResponse:
    """What the page says to a new password."""
    account, browser = door.account(**facts), door.browser()
    assert browser.opens(account.username)
    return post_change(browser, PASSWORD, password)


def post_change(browser: Browser, current: str, password: str) -> TestResponse:
    return browser.post("/me/password", {"current": current, "password": password, "again": password})


def changed(browser: Browser, current: str, password: str) -> bool:
    return post_change(browser, current, password).status_code == 303


def seconds_of(door: Door, username: str, address: str) -> float:
    browser = door.browser(address)
    token = browser.get("/sign-in/token").json["token"]
    data = {"csrf_token": token, "username": username, "password": "wrong"}
    way = {"base_url": "https://localhost", "environ_base": {"REMOTE_ADDR": address}}
    began = time.process_time()  # other work on the machine does not count
    browser.client.post("/sign-in", data=data, **way)
    return time.process_time() - began


def between(text: str, start: str, end: str) -> str:
    assert start in text, start
    return text.partition(start)[2].partition(end)[0]


def without_noise(text: str) -> str:
    """A page without what differs from one answer to the next."""
    text = re.sub(r'(nonce|value)="[^"]*"', "", text)
    return re.sub(r"[?&]v=[\w]+", "", text)
