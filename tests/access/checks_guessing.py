"""Guessing is stopped, and nobody is locked out by a colleague."""

import re
import time

from tests.access.checking import (
    LOCKED,
    check,
    fail,
)
from tests.access.doors import DEVICE, PASSWORD, Door


@check
def after_five_failures_the_right_password_is_refused_and_told_until_when(door: Door) -> None:
    account, browser = door.account(), door.browser()
    fail(browser, door, account.username, 5)
    assert re.search(LOCKED + r" \d{4}-\d\d-\d\d \d\d:\d\d。", browser.knock(account.username).text)


@check
def the_lock_ends_after_half_an_hour(door: Door) -> None:
    account, browser = door.account(), door.browser()
    fail(browser, door, account.username, 5)
    door.later(minutes=29)
    assert not browser.opens(account.username)
    door.later(minutes=1)
    assert browser.opens(account.username)


@check
def a_colleague_at_another_desk_locks_only_his_own_desk(door: Door) -> None:
    account = door.account()
    fail(door.browser("10.1.1.66"), door, account.username, 5)
    assert LOCKED in door.browser("10.1.1.66").knock(account.username).text
    assert door.browser("10.1.1.1").opens(account.username)


@check
def a_colleague_behind_the_same_address_does_not_lock_a_known_browser(door: Door) -> None:
    account, mine = door.account(), door.browser()
    assert mine.opens(account.username)
    fail(door.browser(), door, account.username, 5)
    assert not door.browser().opens(account.username)
    assert mine.opens(account.username)


@check
def a_known_browser_is_known_for_one_name_only_and_cannot_be_forged(door: Door) -> None:
    mine, other, browser = door.account(), door.account(), door.browser()
    assert browser.opens(mine.username)
    fail(door.browser(), door, other.username, 5)
    assert not browser.opens(other.username)
    forged = door.browser()
    forged.client.set_cookie(DEVICE, browser.cookie(DEVICE)[:-1] + "x", domain="localhost", secure=True)
    assert not forged.opens(other.username)


@check
def the_next_attempt_waits_1_2_4_8_seconds_and_no_worker_waits(door: Door) -> None:
    account, browser = door.account(), door.browser()
    for pause in (1, 2, 4, 8):
        browser.knock(account.username, "wrong")
        began = time.monotonic()
        assert f"请等待 {pause} 秒" in browser.knock(account.username).text
        assert time.monotonic() - began < pause
        door.later(seconds=pause)
    assert browser.opens(account.username)


@check
def fifty_failures_from_one_place_close_it_for_every_name(door: Door) -> None:
    browser = door.browser()
    failures = [browser.knock(f"nobody-{number}", "wrong") for number in range(50)]
    assert LOCKED in failures[-1].text
    account = door.account()
    assert LOCKED in browser.knock(account.username).text
    assert door.browser("10.1.1.2").opens(account.username)
    door.later(hours=1)
    assert browser.opens(account.username)


@check
def a_name_that_nobody_has_is_locked_in_the_same_words(door: Door) -> None:
    browser, account = door.browser(), door.account()
    fail(browser, door, account.username, 5)
    fail(browser, door, "nobody", 5)
    answers = [browser.knock(name, "wrong").text for name in (account.username, "nobody")]
    assert all(LOCKED in text for text in answers)


@check
def spoofed_forwarding_headers_are_not_believed(door: Door) -> None:
    account, browser = door.account(), door.browser()
    fail(browser, door, account.username, 5)
    spoofed = {"X-Forwarded-For": "10.9.9.9", "Forwarded": "for=10.9.9.9", "X-Real-IP": "10.9.9.9"}
    data = {"username": account.username, "password": PASSWORD}
    assert LOCKED in browser.post("/sign-in", data, headers=spoofed).text
