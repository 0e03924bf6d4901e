"""A page that the browser holds: 304 while all that it shows stands, and never a page of somebody else."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import unchanged
from registry.access.actors import Actor
from registry.access.models import Role
from tests.factories import make_division, make_major, make_provider, make_staff, make_target
from tests.portal.pages import Page

SignIn = Callable[..., Actor]
PAGES = ("/providers", "/providers?standing=listed&sort=name", "/sites", "/figures/qualified-share?by=site")


@pytest.fixture(autouse=True)
def shanghai(client: FlaskClient, session: Session, sign_in: SignIn) -> None:
    """A district with one institution, whose officer is signed in at a browser that runs scripts."""
    client.set_cookie("scripts", "run")
    make_division(session, "31", name="上海市")
    make_division(session, "3101", name="市辖区", kind="pseudo")
    make_division(session, "310101", name="黄浦区")
    make_major(session)
    make_target(session)
    make_staff(session, make_provider(session, name="示例甲中心"), qualified=1, other=9)
    session.commit()
    sign_in(Role.DISTRICT)


def held(client: FlaskClient, url: str) -> str:
    """The tag of a page that the browser has just been given."""
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.headers["ETag"]


def again(client: FlaskClient, url: str, tag: str, **headers: str) -> TestResponse:
    return client.get(url, headers={"If-None-Match": tag, **headers})


@pytest.mark.parametrize("url", PAGES)
def test_a_page_that_was_opened_before_is_answered_without_a_body(client: FlaskClient, url: str) -> None:
    first = client.get(url)

    second = again(client, url, first.headers["ETag"])

    assert second.status_code == 304
    assert second.data == b""
    assert second.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "HX-Request"} <= set(first.headers["Vary"].split(", "))


def test_an_unchanged_page_brings_no_new_nonce(client: FlaskClient) -> None:
    """A browser takes over the headers of a 304; the page that it holds bears the nonce of its own."""
    answer = again(client, "/providers", held(client, "/providers"))

    assert answer.status_code == 304
    assert "Content-Security-Policy" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_page_is_answered_before_the_list_is_asked(
    client: FlaskClient, connection: sa.Connection
) -> None:
    tag, asked = held(client, "/providers"), []

    def note(_connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    assert again(client, "/providers", tag).status_code == 304
    event.remove(connection, "before_cursor_execute", note)

    selects = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(selects) == 2, "whose stay it is, and the mark of the register"


@pytest.mark.parametrize("url", PAGES)
def test_after_a_change_the_page_is_given_anew(client: FlaskClient, session: Session, url: str) -> None:
    tag = held(client, url)
    make_provider(session, name="示例乙中心")
    session.commit()

    answer = again(client, url, tag)

    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag
    assert "示例乙中心" in answer.text


@pytest.mark.parametrize("cookie", [("language", "en"), ("text", "large")])
def test_another_language_or_size_is_another_page(client: FlaskClient, cookie: tuple[str, str]) -> None:
    tag = held(client, "/providers")
    client.set_cookie(*cookie)

    assert again(client, "/providers", tag).status_code == 200


def test_another_question_is_another_page(client: FlaskClient) -> None:
    tag = held(client, "/providers")

    assert again(client, "/providers?sort=name", tag).status_code == 200
    assert again(client, "/sites", tag).status_code == 200


def test_a_part_of_the_page_is_not_the_page(client: FlaskClient) -> None:
    tag = held(client, "/providers")

    assert again(client, "/providers", tag, **{"HX-Request": "true"}).status_code == 200


def test_the_next_day_the_page_is_given_anew(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = held(client, "/providers")
    monkeypatch.setattr(unchanged, "today", lambda: date(2100, 1, 1))

    assert again(client, "/providers", tag).status_code == 200


def test_another_release_draws_the_page_anew(app: Flask, client: FlaskClient) -> None:
    tag, release = held(client, "/providers"), app.extensions[unchanged.RELEASE]
    app.extensions[unchanged.RELEASE] = ("another",)
    try:
        assert again(client, "/providers", tag).status_code == 200
    finally:
        app.extensions[unchanged.RELEASE] = release


def test_nobody_is_answered_with_the_page_of_another_reader(client: FlaskClient, sign_in: SignIn) -> None:
    tag = held(client, "/providers")
    sign_in(Role.DISTRICT)

    assert again(client, "/providers", tag).status_code == 200


def test_a_new_stay_of_the_same_reader_gets_a_page_with_its_own_token(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    tag = held(client, "/providers")
    with client.session_transaction() as cookie:
        del cookie["csrf_token"]

    assert again(client, "/providers", tag).status_code == 200


def test_whose_rights_changed_gets_another_page(client: FlaskClient, session: Session) -> None:
    tag = held(client, "/providers")
    session.execute(sa.text("UPDATE account SET name = '示例新名'"))
    session.commit()

    assert again(client, "/providers", tag).status_code == 200


def test_whoever_signed_out_is_led_to_the_door(client: FlaskClient) -> None:
    tag = held(client, "/providers")
    page = Page("/providers", client.get("/providers"))
    token = next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")

    answer = client.post("/sign-out", data={"csrf_token": token})

    assert answer.status_code == 303
    assert '"cache"' in answer.headers["Clear-Site-Data"]
    assert again(client, "/providers", tag).headers["Location"].startswith("/sign-in")


def test_a_message_is_said_once_and_the_page_that_says_it_is_not_kept(client: FlaskClient) -> None:
    tag = held(client, "/providers")
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "已办结")]

    saying, after = again(client, "/providers", tag), again(client, "/providers", tag)

    assert saying.status_code == 200
    assert "已办结" in saying.text
    assert saying.headers["Cache-Control"] == "no-store"
    assert "ETag" not in saying.headers
    assert after.status_code == 304, "the page without the message is the one that the browser holds"


def test_a_browser_without_scripts_keeps_nothing(client: FlaskClient) -> None:
    """It would show the page on the way back without asking whose it is."""
    client.delete_cookie("scripts")

    assert client.get("/providers").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "url", ["/", "/inbox", "/workforce", "/providers/export?format=csv", "/admin/divisions"]
)
def test_every_other_page_stays_out_of_the_browser(client: FlaskClient, url: str) -> None:
    answer = client.get(url)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_a_figure_person_by_person_stays_out_of_the_browser(client: FlaskClient, session: Session) -> None:
    code = session.scalar(sa.text("SELECT code FROM organisation"))

    answer = client.get(f"/figures/qualified-share/organisations/{code}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_that_is_refused_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/providers?kind=nonsense")

    assert answer.status_code >= 400
    assert answer.headers["Cache-Control"] == "no-store"
