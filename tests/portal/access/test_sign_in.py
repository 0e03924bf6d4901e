"""The door."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.models import Account, Role, SignIn
from registry.access.passwords import hash_password
from registry.audit.models import AuditEntry, Result
from registry.clock import utc_now
from tests.factories import make_account
from tests.portal.polite import Polite

PASSWORD = "long-enough-for-a-test"
REFUSAL = "用户名或密码不正确，请核对后重新输入。15分钟内连续输错5次，在这里暂停登录30分钟。"


@pytest.fixture
def li(session: Session) -> Account:
    account = make_account(
        session, Role.CITY, username="li", name="李示例", password_hash=hash_password(PASSWORD)
    )
    session.commit()
    return account


def entries(session: Session) -> list[tuple[str, Result, str]]:
    rows = session.execute(sa.select(AuditEntry.action, AuditEntry.result, AuditEntry.actor_code))
    return [tuple(row) for row in rows]


def knock(polite: Polite, username: str, password: str, status: int = 303, url: str = "/sign-in"):
    return polite.submit(polite.get(url), {"用户名": username, "密码": password}, status=status)


def test_the_right_password_leads_to_the_home_page(polite: Polite, li):
    page = knock(polite, "li", PASSWORD)

    assert page.heading == "工作台"
    assert "李示例" in page.text


def test_blanks_around_a_pasted_name_do_no_harm(polite: Polite, li):
    assert knock(polite, "  li ", PASSWORD).heading == "工作台"


def test_signing_in_is_an_entry_of_the_trail(polite: Polite, li, session):
    knock(polite, "li", PASSWORD)

    assert entries(session) == [("account.sign_in", Result.DONE, li.code)]


def test_a_wrong_password_is_refused_and_remembered(polite: Polite, li, session):
    page = knock(polite, "li", "wrong", status=200)

    assert page.errors == [REFUSAL]
    assert page.title == "错误：登录 - 精康通"
    assert entries(session) == [("account.sign_in", Result.REFUSED, li.code)]


def test_a_name_that_nobody_has_is_refused_in_the_same_words_and_not_written_down(
    polite: Polite, li, session
):
    page = knock(polite, "my-secret-in-the-wrong-box", PASSWORD, status=200)

    assert page.errors == [REFUSAL]
    assert entries(session) == [("account.sign_in", Result.REFUSED, "")]


def test_a_closed_account_does_not_sign_in(polite: Polite, li, session):
    li.is_active = False
    session.commit()

    assert knock(polite, "li", PASSWORD, status=200).errors == [REFUSAL]


def test_empty_boxes_are_named_one_by_one(polite: Polite):
    page = knock(polite, " ", "", status=200)

    assert page.errors == ["请填写用户名。", "请填写密码。"]


def test_a_password_is_never_sent_back(polite: Polite, li):
    page = knock(polite, "li", "wrong-and-secret", status=200)

    assert "wrong-and-secret" not in page.html


def test_whoever_was_stopped_at_a_page_comes_back_to_it(client: FlaskClient, polite: Polite, li):
    answer = client.get("/?tab=late")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/?tab%3Dlate"
    page = polite.get(answer.headers["Location"])
    sent = client.post(
        page.url,
        data={"username": "li", "password": PASSWORD, "csrf_token": token_of(page)},
    )

    assert sent.headers["Location"] == "/?tab=late"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\nevil.example",
        " //evil.example",
        "evil.example",
        "",
    ],
)
def test_nobody_is_led_to_another_site(client: FlaskClient, polite: Polite, li, target):
    page = polite.get("/sign-in")

    answer = client.post(
        "/sign-in",
        query_string={"next": target},
        data={"username": "li", "password": PASSWORD, "csrf_token": token_of(page)},
    )

    assert answer.headers["Location"] == "/"


def test_signing_in_begins_a_fresh_session(client: FlaskClient, polite: Polite, li):
    polite.get("/sign-in")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"

    knock(polite, "li", PASSWORD)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_signing_out_ends_the_session_and_clears_the_browser(
    client: FlaskClient, polite: Polite, li, session
):
    page = knock(polite, "li", PASSWORD)

    answer = client.post("/sign-out", data={"csrf_token": token_of(page)})

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").headers["Location"] == "/sign-in?next=/"
    assert entries(session)[-1] == ("account.sign_out", Result.DONE, li.code)
    assert "您已退出登录。" in polite.get("/sign-in").text


def test_a_cookie_that_was_copied_before_signing_out_is_worth_nothing_afterwards(
    client: FlaskClient, app: Flask, polite: Polite, li
):
    page = knock(polite, "li", PASSWORD)
    copied = client.get_cookie("session")
    client.post("/sign-out", data={"csrf_token": token_of(page)})
    elsewhere = app.test_client()
    elsewhere.set_cookie("session", copied.value)

    assert elsewhere.get("/").status_code == 303


def test_a_stay_ends_after_twelve_hours_however_busy_it_was(client: FlaskClient, sign_in, session):
    sign_in(Role.CITY)
    assert client.get("/").status_code == 200

    session.execute(sa.update(SignIn).values(began_at=utc_now() - timedelta(hours=12)))
    session.commit()

    assert client.get("/").status_code == 303


def test_the_table_of_stays_holds_nothing_to_sign_in_with(client: FlaskClient, polite: Polite, li, session):
    knock(polite, "li", PASSWORD)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"].partition(".")[0]

    (stay,) = session.scalars(sa.select(SignIn))
    assert token not in (stay.token_hash, str(stay.id))
    assert stay.account_id == li.id


def test_signing_out_is_not_a_link(client: FlaskClient, sign_in):
    sign_in(Role.CITY)

    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200


def test_closing_an_account_ends_its_session_with_the_next_request(client: FlaskClient, sign_in, session):
    account = make_account(session, Role.CITY)
    sign_in(account=account)
    assert client.get("/").status_code == 200

    account.is_active = False
    session.commit()

    assert client.get("/").status_code == 303


def test_a_changed_password_ends_the_sessions_begun_with_the_old_one(client: FlaskClient, sign_in, session):
    account = make_account(session, Role.CITY)
    sign_in(account=account)

    account.password_hash = "another"
    session.commit()

    assert client.get("/").status_code == 303


def test_whoever_is_signed_in_needs_no_door(client: FlaskClient, sign_in):
    sign_in(Role.CITY)

    assert client.get("/sign-in?next=/healthz").headers["Location"] == "/healthz"


def token_of(page) -> str:
    return next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")
