"""The second factor and invitations."""

import re

import pytest
import sqlalchemy as sa

from registry.access.factors import enrol_factor, offer_factor, offered
from registry.access.models import CodePurpose, Role
from registry.access.one_time_codes import issue_code
from registry.access.secrets import CannotUnseal
from registry.clock import utc_now
from tests.access.checking import (
    LOCKED,
    NEW,
    accept,
    between,
    check,
    invited,
)
from tests.access.doors import TRAIL, Door


@check
def nothing_opens_before_the_second_factor(door: Door) -> None:
    account = door.account(Role.CITY)
    door.enrolled(account)
    browser = door.browser()
    browser.opens(account.username)
    for url in ("/", "/sites", "/me/sign-ins", "/me/password", "/me/factor"):
        assert browser.get(url).headers["Location"].startswith("/sign-in/code?next="), url
    assert browser.get("/api/v1/divisions").status_code == 401
    assert browser.post("/me/sign-ins/end-others").status_code == 401
    assert browser.owed == "/sign-in/code"


@check
def the_code_leads_to_the_page_that_was_asked_for(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, _ = door.enrolled(account)
    browser = door.browser()
    assert browser.knock(account.username, url="/sign-in?next=/map").headers["Location"] == "/map"
    code_page = browser.get("/map").headers["Location"]
    answer = browser.post(code_page, {"code": door.code(secret)})
    assert answer.headers["Location"] == "/map"


@check
def a_code_passes_once(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, _ = door.enrolled(account)
    code = door.code(secret)
    first, second = door.browser(), door.browser()
    assert (first.opens(account.username), second.opens(account.username)) == (True, True)
    assert first.give(code).status_code == 303
    assert "已使用过" in second.give(code).text


@check
def a_code_passes_one_step_early_or_late_and_no_further(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, _ = door.enrolled(account)
    for steps, passes in ((-1, True), (0, True), (1, True), (-3, False), (3, False)):
        browser = door.browser(f"10.1.2.{steps + 5}")
        browser.opens(account.username)
        assert (browser.give(door.code(secret, steps=steps)).status_code == 303) is passes, steps


@check
def a_recovery_code_stands_in_once(door: Door) -> None:
    account = door.account(Role.CITY)
    _, codes = door.enrolled(account)
    first, second = door.browser(), door.browser("10.1.1.2")
    first.opens(account.username)
    assert first.give(f" {codes[3].upper()} ").status_code == 303
    assert first.is_in
    second.opens(account.username)
    assert second.give(codes[3]).status_code == 200


@check
def the_code_of_another_account_does_not_pass(door: Door) -> None:
    mine, other = door.account(Role.CITY), door.account(Role.CITY)
    door.enrolled(mine)
    secret, codes = door.enrolled(other)
    browser = door.browser()
    browser.opens(mine.username)
    assert browser.give(door.code(secret)).status_code == 200
    door.later(seconds=9)
    assert browser.give(codes[0]).status_code == 200


@check
def guessing_codes_is_stopped_after_five(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, _ = door.enrolled(account)
    browser = door.browser()
    browser.opens(account.username)
    for _ in range(5):
        browser.give("000000")
        door.later(seconds=9)
    assert LOCKED in browser.give(door.code(secret)).text


@check
def a_role_that_needs_a_factor_enrols_it_at_the_first_sign_in(door: Door) -> None:
    account, browser = door.account(Role.DISTRICT), door.browser()
    browser.opens(account.username)
    assert browser.owed == "/sign-in/factor"
    page = browser.get("/sign-in/factor").text
    sealed = between(page, 'name="sealed" type="hidden" value="', '"')
    secret = between(page, "<code>", "</code>").replace(" ", "")
    assert browser.post("/sign-in/factor", {"sealed": sealed, "code": "000000"}).status_code == 200
    answer = browser.post("/sign-in/factor", {"sealed": sealed, "code": door.code(secret)})
    assert len(re.findall(r"<li><code>[\w]{5}-[\w]{5}</code></li>", answer.text)) == 10
    assert browser.is_in


@check
def an_offered_secret_belongs_to_one_account(door: Door) -> None:
    mine, other = door.account(Role.CITY), door.account(Role.CITY)
    with pytest.raises(CannotUnseal):
        offered(other, offer_factor(mine, door.sealer).sealed, door.sealer)


@check
def neither_secret_nor_recovery_codes_stand_in_the_register(door: Door) -> None:
    account = door.account(Role.CITY)
    offer = offer_factor(account, door.sealer)
    at = utc_now()
    codes = enrol_factor(
        door.session,
        account,
        offer,
        door.code(offer.secret),
        at=at,
        sealer=door.sealer,
        trail=TRAIL,
    )
    tables = ("second_factor", "recovery_code", "audit_entry")
    rows = [row for table in tables for row in door.session.execute(sa.text(f"SELECT * FROM {table}"))]
    text = repr(rows)
    assert offer.secret not in text
    assert not any(code in text or code.replace("-", "") in text for code in codes)


@check
def a_one_time_code_replaces_a_lost_factor_and_ends_its_stays(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, _ = door.enrolled(account)
    before = door.entered(account, secret)
    code = issue_code(door.session, account, CodePurpose.FACTOR, at=utc_now(), trail=TRAIL)
    door.session.commit()
    browser = door.browser("10.1.1.2")
    browser.opens(account.username)
    assert browser.post("/sign-in/lost-factor", {"code": "wrong"}).status_code == 200
    door.later(seconds=9)
    assert browser.post("/sign-in/lost-factor", {"code": code}).headers["Location"] == "/sign-in"
    assert not before.is_in
    again = door.browser("10.1.1.2")
    again.opens(account.username)
    assert again.owed == "/sign-in/factor"


@check
def the_one_time_code_of_another_account_replaces_nothing(door: Door) -> None:
    mine, other = door.account(Role.CITY), door.account(Role.CITY)
    door.enrolled(mine)
    code = issue_code(door.session, other, CodePurpose.FACTOR, at=utc_now(), trail=TRAIL)
    door.session.commit()
    browser = door.browser()
    browser.opens(mine.username)
    assert browser.post("/sign-in/lost-factor", {"code": code}).status_code == 200
    assert browser.owed == "/sign-in/code"


@check
def an_invitation_sets_the_password_once(door: Door) -> None:
    account = door.account(password_hash="!", password_set_at=None)
    code = invited(door, account)
    browser = door.browser()
    assert code in browser.get(f"/invitation?code={code}").text
    assert accept(browser, code).headers["Location"] == "/"
    assert browser.is_in
    assert "已使用" in accept(door.browser(), code, "Rj4?kLp6%sGf").text
    assert door.browser().opens(account.username, NEW)


@check
def an_invitation_holds_for_72_hours(door: Door) -> None:
    account = door.account(password_hash="!", password_set_at=None)
    code = invited(door, account)
    door.later(hours=72)
    assert "已过期" in accept(door.browser(), code).text


@check
def a_newer_invitation_replaces_the_older(door: Door) -> None:
    account = door.account(password_hash="!", password_set_at=None)
    older, newer = invited(door, account), invited(door, account)
    assert accept(door.browser(), older).status_code == 200
    door.later(seconds=9)
    assert accept(door.browser(), newer.replace("-", "").upper()).status_code == 303
