"""Proving again in place, drafts, and where the door leads."""

from registry.access.models import Role
from registry.access.passwords import hash_password
from tests.access.checking import NEW, check
from tests.access.doors import PASSWORD, Door

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "ftp://evil.example",
    "file:///etc/passwd",
    "/\nevil.example",
    "/\tevil.example",
    "/\r\nLocation: //evil.example",
    " //evil.example",
    "\t//evil.example",
    "evil.example",
    "evil.example/path",
    "@evil.example",
    "https://localhost@evil.example/",
    "https://localhost.evil.example/",
    "?next=//evil.example",
    "#//evil.example",
    "/\u2028evil.example",
]


@check
def a_sensitive_act_asks_again_after_ten_minutes_and_then_happens(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, codes = door.enrolled(account)
    browser = door.entered(account, secret)
    door.later(minutes=11)
    asked = browser.post("/me/recovery-codes", {"note": " 两行\r\n文字 <b>&amp; "})
    assert asked.status_code == 401
    assert 'name="note" value=" 两行\r\n文字 &lt;b&gt;&amp;amp; "' in asked.text
    assert 'action="/me/recovery-codes"' in asked.text
    old = browser.cookie()
    assert browser.post("/me/recovery-codes", {"proof_code": door.code(secret)}).status_code == 200
    assert browser.cookie() != old
    assert codes[0] not in browser.get("/me/sign-ins").text


@check
def a_wrong_proof_does_nothing(door: Door) -> None:
    account = door.account(Role.CITY)
    secret, _ = door.enrolled(account)
    browser = door.entered(account, secret)
    door.later(minutes=11)
    for proof in ({"proof_code": "000000"}, {"proof_password": PASSWORD}):
        answer = browser.post("/me/recovery-codes", proof)
        assert answer.status_code == 401
        assert "密码或验证码不正确" in answer.text
        door.later(seconds=9)


@check
def a_form_sent_after_the_stay_was_over_goes_on_with_the_password(door: Door) -> None:
    account, browser = door.account(), door.browser()
    browser.opens(account.username)
    door.later(minutes=31)
    typed = {"current": PASSWORD, "password": NEW, "again": NEW}
    asked = browser.post("/me/password", typed)
    assert asked.status_code == 401
    assert PASSWORD not in asked.text
    assert NEW not in asked.text
    assert browser.post("/me/password", typed | {"proof_password": PASSWORD}).status_code == 303
    assert browser.is_in


@check
def an_expired_draft_is_not_handed_to_another_account(door: Door) -> None:
    author, other, browser = door.account(), door.account(password_hash=hash_password(NEW)), door.browser()
    browser.opens(author.username)
    door.later(minutes=31)
    answer = browser.post("/me/sign-ins/end-others", {"note": "draft", "proof_password": NEW})
    assert answer.status_code == 401
    assert browser.opens(other.username, NEW)
    again = browser.post("/sign-in/again", {"reader": author.code, "proof_password": PASSWORD})
    assert again.status_code == 409


@check
def signing_in_again_in_place_gives_a_new_token(door: Door) -> None:
    account, browser = door.account(Role.CITY), door.browser()
    secret, _ = door.enrolled(account)
    browser = door.entered(account, secret)
    door.later(minutes=31)
    assert browser.get("/", headers={"HX-Request": "true"}).status_code == 401
    wrong = browser.post("/sign-in/again", {"reader": account.code, "proof_password": PASSWORD})
    assert wrong.status_code == 403
    assert not browser.is_in
    door.later(seconds=9)
    proof = {"reader": account.code, "proof_password": PASSWORD, "proof_code": door.code(secret)}
    answer = browser.post("/sign-in/again", proof)
    assert answer.status_code == 200
    sent = browser.client.post(
        "/me/sign-ins/end-others",
        data={"csrf_token": answer.json["token"]},
        base_url="https://localhost",
    )
    assert sent.status_code == 303


@check
def thirty_ways_of_leading_elsewhere_lead_home(door: Door) -> None:
    assert len(ELSEWHERE) == 30
    account = door.account()
    for target in ELSEWHERE:
        answer = door.browser().post(
            "/sign-in", {"username": account.username, "password": PASSWORD}, query_string={"next": target}
        )
        assert answer.headers["Location"] == "/", target


@check
def a_form_without_its_token_does_not_sign_in(door: Door) -> None:
    data = {"username": door.account().username, "password": PASSWORD}
    assert door.browser().client.post("/sign-in", data=data, base_url="https://localhost").status_code == 400
