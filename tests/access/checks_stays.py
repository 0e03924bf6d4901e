"""Stays: their ids, their ends, and who ends them."""

from datetime import timedelta

import sqlalchemy as sa

from registry.access.models import Role, SignIn
from registry.access.sign_ins import begin_sign_in
from registry.clock import utc_now
from registry.marking import register_mark
from tests.access.checking import NEW, between, changed, check
from tests.access.doors import COOKIE, DEVICE, PASSWORD, Door


@check
def signing_in_begins_a_session_under_a_new_id(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    planted = browser.cookie()
    browser.opens(door.account().username)
    assert browser.cookie() != planted
    victim = door.browser()
    victim.client.set_cookie(COOKIE, planted, domain="localhost", secure=True)
    victim.get("/sign-in")
    assert victim.opens(account.username)
    assert victim.cookie() != planted


@check
def the_id_changes_with_the_second_factor(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, _ = door.enrolled(account)
    browser, copied = door.browser(), door.browser()
    browser.opens(account.username)
    copied.client.set_cookie(COOKIE, browser.cookie(), domain="localhost", secure=True)
    browser.give(door.code(secret))
    assert browser.is_in
    assert copied.owed == "/sign-in"


@check
def a_made_up_id_is_nobody(door: Door) -> None:
    account, browser = door.account(), door.browser()
    begin_sign_in(door.session, account, at=utc_now())
    door.session.commit()
    with browser.client.session_transaction(base_url="https://localhost") as cookie:
        cookie["_user_id"] = "guessed.0000000000000000"
    assert browser.owed == "/sign-in"


@check
def a_stay_is_over_after_half_an_hour_without_a_request(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    door.later(minutes=29)
    assert browser.is_in
    door.later(minutes=29)
    assert browser.is_in
    door.later(minutes=30)
    assert not browser.is_in


@check
def presence_is_written_once_a_minute_and_moves_no_mark(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    mark = register_mark(door.session)
    seen = []
    for seconds in (0, 20, 20, 30, 20):
        door.later(seconds=seconds)
        assert browser.is_in
        door.session.expire_all()
        stay = door.session.scalars(sa.select(SignIn)).one()
        seen.append((utc_now() - stay.last_seen_at) // timedelta(seconds=10))
    assert seen == [0, 2, 4, 0, 2]
    assert register_mark(door.session) == mark


@check
def parts_that_a_page_fetches_by_itself_do_not_keep_a_stay(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    for _ in range(2):
        door.later(minutes=16)
        last = browser.get("/", headers={"HX-Request": "true"})
    assert last.status_code == 401


@check
def the_stay_of_an_administrator_is_over_after_a_quarter(door: Door) -> None:
    account = door.account(Role.SYSADMIN)
    browser = door.entered(account, door.enrolled(account)[0])
    door.later(minutes=14)
    assert browser.is_in
    door.later(minutes=15)
    assert not browser.is_in


@check
def a_stay_is_over_after_twelve_hours_however_busy(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    for _ in range(28):
        door.later(minutes=25)
        assert browser.is_in
    door.later(minutes=20)
    assert not browser.is_in


@check
def the_third_stay_ends_the_first(door: Door) -> None:
    account = door.account()
    browsers = [door.browser(f"10.1.1.{number}") for number in range(3)]
    for browser in browsers:
        assert browser.opens(account.username)
        door.later(seconds=1)
    assert [browser.is_in for browser in browsers] == [False, True, True]


@check
def the_second_stay_of_an_administrator_ends_the_first(door: Door) -> None:
    account = door.account(Role.SYSADMIN)
    secret, _ = door.enrolled(account)
    first = door.entered(account, secret)
    door.later(seconds=1)
    second = door.entered(account, secret, "10.1.1.2")
    assert (first.is_in, second.is_in) == (False, True)


@check
def whoever_knows_only_the_password_pushes_nobody_out(door: Door) -> None:
    account = door.account(Role.CITY)
    mine = door.entered(account, door.enrolled(account)[0])
    for number in range(3):
        assert door.browser(f"10.1.3.{number}").opens(account.username)
    assert mine.is_in


@check
def between_password_and_code_lie_15_minutes_at_most(door: Door) -> None:
    account = door.account(Role.CITY)
    door.enrolled(account)
    browser = door.browser()
    browser.opens(account.username)
    door.later(minutes=15)
    assert browser.owed == "/sign-in"


@check
def closing_an_account_ends_its_stay_with_the_next_request(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    account.is_active = False
    door.session.commit()
    assert not browser.is_in


@check
def a_changed_password_ends_the_other_stays_and_not_this_one(door: Door) -> None:
    account, here, there = door.account(), door.browser(), door.browser("10.1.1.2")
    assert here.opens(account.username)
    assert there.opens(account.username)
    assert changed(here, PASSWORD, NEW)
    assert (here.is_in, there.is_in) == (True, False)


@check
def the_own_stays_are_listed_and_ended_one_by_one(door: Door) -> None:
    account, here, there = door.account(), door.browser(), door.browser("10.1.1.2")
    here.opens(account.username)
    there.opens(account.username)
    page = here.get("/me/sign-ins").text
    assert "10.1.1.1" in page
    assert "10.1.1.2" in page
    code = between(page, 'action="/me/sign-ins/', "/end")
    here.post(f"/me/sign-ins/{code}/end")
    assert (here.is_in, there.is_in) == (True, False)


@check
def nobody_ends_the_stay_of_another(door: Door) -> None:
    mine, other = door.browser(), door.browser("10.1.1.2")
    mine.opens(door.account().username)
    account = door.account()
    other.opens(account.username)
    code = door.session.scalars(sa.select(SignIn.code).where(SignIn.account_id == account.id)).one()
    assert mine.post(f"/me/sign-ins/{code}/end").status_code == 404
    assert other.is_in


@check
def ending_everywhere_works_at_the_next_request(door: Door) -> None:
    account, here, there = door.account(), door.browser(), door.browser("10.1.1.2")
    here.opens(account.username)
    there.opens(account.username)
    here.post("/me/sign-ins/end-all")
    assert (here.is_in, there.is_in) == (False, False)


@check
def a_cookie_copied_before_signing_out_is_worth_nothing(door: Door) -> None:
    account, browser, copied = door.account(), door.browser(), door.browser()
    browser.opens(account.username)
    copied.client.set_cookie(COOKIE, browser.cookie(), domain="localhost", secure=True)
    assert copied.is_in
    browser.post("/sign-out")
    assert not copied.is_in


@check
def the_cookie_is_bound_to_host_and_https_and_hidden_from_scripts(door: Door) -> None:
    answer = door.browser().knock(door.account().username)
    cookies = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-")]
    assert {line.partition("=")[0] for line in cookies} == {COOKIE, DEVICE}
    for line in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line
