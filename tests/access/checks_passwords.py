"""What a password must be, how long it holds, and who is refused."""

import statistics

import sqlalchemy as sa

from registry.access.models import Role
from registry.access.passwords import hash_password
from registry.audit.models import AuditEntry, Result
from tests.access.checking import (
    NEW,
    WRONG,
    change,
    changed,
    check,
    post_change,
    seconds_of,
    without_noise,
)
from tests.access.doors import PASSWORD, Door


@check
def the_right_password_opens(door: Door) -> None:
    browser = door.browser()
    assert browser.opens(door.account().username)
    assert browser.is_in


@check
def a_wrong_password_is_refused_and_leaves_an_entry_without_it(door: Door) -> None:
    account = door.account()
    assert WRONG in door.browser().knock(account.username, "wrong-and-secret").text
    entry = door.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.result, entry.actor_code) == (Result.REFUSED, account.code)
    assert entry.facts == {"address": "10.1.1.1", "browser": "Chrome · Windows"}
    assert "wrong-and-secret" not in repr(vars(entry))


@check
def an_unknown_name_gets_the_same_answer_as_a_wrong_password(door: Door) -> None:
    known = door.browser().knock(door.account().username, "wrong")
    unknown = door.browser("10.1.1.2").knock("nobody", "wrong")
    assert (known.status_code, without_noise(known.text)) == (
        unknown.status_code,
        without_noise(unknown.text),
    )


@check
def an_unknown_name_takes_as_long_as_a_wrong_password(door: Door) -> None:
    account = door.account()
    known = [seconds_of(door, account.username, f"10.2.0.{n}") for n in range(5)]
    unknown = [seconds_of(door, f"nobody-{n}", f"10.3.0.{n}") for n in range(5)]
    assert 0.5 < statistics.median(known) / statistics.median(unknown) < 2


@check
def a_closed_account_does_not_sign_in(door: Door) -> None:
    assert WRONG in door.browser().knock(door.account(is_active=False).username).text


@check
def an_invited_account_has_no_password_yet(door: Door) -> None:
    account = door.account(password_hash="!", password_set_at=None)
    browser = door.browser()
    for guess in ("!", ""):
        assert not browser.opens(account.username, guess)
        door.later(seconds=9)


@check
def all_of_128_characters_count(door: Door) -> None:
    long = "aB3$" * 32
    account = door.account(password_hash=hash_password(long))
    assert not door.browser().opens(account.username, long[:-1])
    door.later(seconds=9)
    assert door.browser().opens(account.username, long)


@check
def a_password_of_129_characters_is_refused_and_not_cut(door: Door) -> None:
    assert "密码不超过128个字符" in change(door, "aB3$" * 32 + "x").text


@check
def a_short_password_is_refused(door: Door) -> None:
    assert "密码至少需要 10 位" in change(door, "Kx9#mQ2!v").text


@check
def a_password_of_two_kinds_is_refused(door: Door) -> None:
    assert "至少 3 种" in change(door, "kx9mq2vtz7bw").text


@check
def a_password_of_six_different_characters_is_refused(door: Door) -> None:
    assert "7 个不同的字符" in change(door, "aB3$xyaB3$xy").text


@check
def a_disguised_common_password_is_refused(door: Door) -> None:
    assert "容易被猜到" in change(door, "P@ssw0rd2026!").text


@check
def a_password_made_of_the_own_name_is_refused(door: Door) -> None:
    assert "容易被猜到" in change(door, "OuyangXiaoming#26", name="欧阳小明").text


@check
def none_of_the_last_five_passwords_comes_again(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    current, used = PASSWORD, [PASSWORD]
    for number in range(5):
        new = f"Wq{number}!nBt5&hYd"
        assert changed(browser, current, new), new
        current = new
        used.append(new)
    assert all("最近 5 次" in post_change(browser, current, old).text for old in (used[1], used[5]))
    assert changed(browser, current, used[0])


@check
def a_first_password_is_changed_before_anything_else(door: Door) -> None:
    account, browser = door.account(password_is_initial=True), door.browser()
    browser.opens(account.username)
    assert browser.owed == "/sign-in/password"
    assert browser.get("/sites").headers["Location"].startswith("/sign-in/password")
    browser.post("/sign-in/password", {"password": NEW, "again": NEW})
    assert browser.is_in


@check
def a_first_password_holds_for_24_hours(door: Door) -> None:
    account = door.account(password_is_initial=True)
    door.later(hours=24)
    assert WRONG in door.browser().knock(account.username).text


@check
def a_password_expires_after_90_days(door: Door) -> None:
    account, browser = door.account(), door.browser()
    door.later(days=89, hours=23)
    assert browser.opens(account.username)
    assert browser.is_in
    door.later(hours=1)
    late = door.browser()
    assert late.opens(account.username)
    assert late.owed == "/sign-in/password"


@check
def the_password_of_an_administrator_expires_after_60_days(door: Door) -> None:
    account = door.account(Role.SYSADMIN)
    secret, _ = door.enrolled(account)
    door.later(days=60)
    browser = door.browser()
    browser.opens(account.username)
    browser.give(door.code(secret))
    assert browser.owed == "/sign-in/password"


@check
def expiry_is_announced_from_14_days_before(door: Door) -> None:
    account = door.account()
    door.later(days=75)
    early = door.browser()
    early.opens(account.username)
    assert "天内到期" not in early.get("/").text
    door.later(days=2)
    browser = door.browser("10.1.1.9")
    browser.opens(account.username)
    assert "13 天内到期" in browser.get("/").text
