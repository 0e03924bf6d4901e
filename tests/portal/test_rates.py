"""Whoever asks too often is told until when; whoever does not is never held up by others (security, control 11)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app, rates
from portal.extensions import db
from portal.settings import Settings
from registry.access.models import Role
from registry.audit.models import AuditEntry, Result
from tests.factories import make_account, make_parameter
from tests.portal.polite import Polite

pytestmark = pytest.mark.usefixtures("only_once")

LIMITS = {
    "rate.reads_per_minute": 3,
    "rate.parts_per_minute": 5,
    "rate.searches_per_minute": 2,
    "rate.strangers_per_minute": 4,
}
PART = {"HX-Request": "true"}
NOON = 1_795_665_600.0
"""2026-11-26 12:00:00 in Shanghai."""


@pytest.fixture(scope="module")
def portal(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A portal that counts, in a home of its own."""
    home = tmp_path_factory.mktemp("counting")
    portal = create_app(replace(settings, home=home, keys_folder=settings.keys, limits_rates=True))
    portal.testing = True
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def clock(portal: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nothing is counted yet, the limits are low, and the clock stands; `clock[0] += 60` puts it forward."""
    for key, most in LIMITS.items():
        make_parameter(session, key, most)
    session.commit()
    portal.extensions[rates.LIMITS].clear()
    portal.extensions[rates.COUNTERS]._begin_anew()
    moment = [NOON]
    monkeypatch.setattr("portal.rates.time.time", lambda: moment[0])
    return moment


def statuses(client: FlaskClient, url: str, times: int, **options: object) -> list[int]:
    return [client.get(url, **options).status_code for _ in range(times)]


def test_the_page_beyond_the_limit_says_until_when(client: FlaskClient, sign_in, polite: Polite) -> None:
    sign_in(Role.CITY)
    assert statuses(client, "/inbox", 3) == [200] * 3

    answer = client.get("/inbox")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "操作过于频繁" in answer.text
    assert "一分钟内打开的页面超过了3个，请在12:01:00之后再继续。" in answer.text


def test_it_is_a_page_like_any_other_error(polite: Polite, client: FlaskClient, sign_in) -> None:
    sign_in(Role.CITY)
    statuses(client, "/inbox", 3)

    assert polite.get("/inbox", 429).heading == "操作过于频繁"


def test_after_the_minute_it_goes_on(client: FlaskClient, sign_in, clock: list[float]) -> None:
    sign_in(Role.CITY)
    statuses(client, "/inbox", 4)
    clock[0] += 59
    assert client.get("/inbox").headers["Retry-After"] == "1"

    clock[0] += 1

    assert statuses(client, "/inbox", 4) == [200, 200, 200, 429]


def test_a_program_is_told_in_json(client: FlaskClient, sign_in) -> None:
    sign_in(Role.CITY)
    statuses(client, "/api/v1/divisions?under=31", 3)

    answer = client.get("/api/v1/divisions?under=31")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "请在12:01:00之后再继续" in answer.json["message"]


def test_parts_of_a_page_do_not_count_as_pages(client: FlaskClient, sign_in) -> None:
    sign_in(Role.CITY)

    assert statuses(client, "/inbox", 3, headers=PART) == [200] * 3
    assert statuses(client, "/inbox", 2, headers={"Sec-Fetch-Dest": "empty"}) == [200] * 2
    assert statuses(client, "/inbox", 3) == [200] * 3


def test_parts_have_a_limit_of_their_own_and_say_it_in_a_sentence(client: FlaskClient, sign_in) -> None:
    sign_in(Role.CITY)
    statuses(client, "/inbox", 5, headers=PART)

    answer = client.get("/inbox", headers=PART)

    assert (answer.status_code, answer.mimetype) == (429, "text/plain")
    assert answer.text == "一分钟内的请求超过了5次，请在12:01:00之后再继续。"


def test_searches_are_counted_apart(client: FlaskClient, sign_in) -> None:
    sign_in(Role.CITY)
    assert statuses(client, "/providers?q=示例", 2) == [200, 200]

    refused = client.get("/providers?q=示例", headers=PART)

    assert (refused.status_code, "一分钟内查询超过了2次" in refused.text) == (429, True)
    assert client.get("/providers").status_code == 200


def test_looking_somebody_up_by_a_whole_number_is_a_search(app: Flask, client: FlaskClient, sign_in) -> None:
    sign_in(Role.DISTRICT)
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"field": "phone", "value": "15400001234"}

    found = [client.post("/workforce/find", data=form).status_code for _ in range(3)]

    app.config["WTF_CSRF_ENABLED"] = True
    assert found == [200, 200, 429]


@pytest.mark.parametrize("url", ["/sign-in", "/check?code=2222222222", "/", "/no-such-page"])
def test_strangers_are_counted_by_where_they_ask_from(client: FlaskClient, url: str) -> None:
    assert 429 not in statuses(client, url, 4)

    refused = client.get(url)

    assert refused.status_code == 429
    assert "从您所在的网络地址发来的未登录请求，一分钟内超过了4次，请在12:01:00之后再试" in refused.text


def test_knocking_counts_too(client: FlaskClient) -> None:
    statuses(client, "/sign-in", 3)

    assert [client.post("/sign-in", data={}).status_code for _ in range(2)] == [400, 429]


def test_strangers_of_one_address_hold_up_nobody_who_is_signed_in(
    client: FlaskClient, app: Flask, sign_in
) -> None:
    statuses(app.test_client(), "/sign-in", 9)
    sign_in(Role.CITY)

    assert client.get("/inbox").status_code == 200
    assert client.get("/check").status_code == 200


def test_people_of_one_office_do_not_hold_each_other_up(
    client: FlaskClient, session: Session, sign_in
) -> None:
    for number in range(3):
        sign_in(account=make_account(session, Role.CITY, username=f"colleague-{number}"))
        assert statuses(client, "/inbox", 3) == [200] * 3


def test_the_machine_in_front_and_style_sheets_are_not_counted(app: Flask, client: FlaskClient) -> None:
    sheet = app.extensions["statics"].url_of("css/base.css")
    for _ in range(9):
        client.get(sheet).close()

    assert statuses(client, "/healthz", 9) == [200] * 9
    assert client.get("/sign-in").status_code == 200


def test_a_place_may_set_its_own_limit(client: FlaskClient, session: Session, sign_in) -> None:
    make_parameter(session, "rate.reads_per_minute", 1, division_code="3101")
    session.commit()
    sign_in(Role.DISTRICT)

    assert statuses(client, "/inbox", 2) == [200, 429]


def test_without_a_parameter_nobody_is_held_up(client: FlaskClient, session: Session, sign_in) -> None:
    session.execute(sa.text("DELETE FROM parameter"))
    session.commit()
    sign_in(Role.CITY)

    assert statuses(client, "/inbox", 9) == [200] * 9


def test_one_entry_tells_of_all_that_were_refused(client: FlaskClient, session: Session, sign_in) -> None:
    actor = sign_in(Role.CITY)
    statuses(client, "/inbox", 9)

    session.expire_all()
    (entry,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.result == Result.REFUSED))
    assert (entry.actor_code, entry.action) == (actor.code, "inbox.see")
    assert entry.facts == {"method": "GET", "rate": "rate.reads_per_minute"}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_household_with_many_addresses_is_one_source(app: Flask, address: str, place: str) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert rates.source() == place


def test_every_argument_that_takes_a_text_is_a_search_or_a_code() -> None:
    """A new list with a box of its own does not slip past the limit of searches."""
    from registry.audit.listing import TRAIL
    from registry.listing import text_value
    from registry.organisations.queries import SITES
    from registry.workforce.institutions import PROVIDERS
    from registry.workforce.listings import PRACTITIONERS

    taking_text = {
        item.key
        for listing in (PROVIDERS, SITES, PRACTITIONERS, TRAIL)
        for item in listing.filters
        if item.parse is text_value
    }
    codes = {"organisation", "account", "for", "person", "subject", "request"}
    assert taking_text - codes == {rates.SEARCH}


def test_the_numbers_that_ship_are_those_of_the_control() -> None:
    shipped = Path("registry/policy/data/parameters.csv").read_text(encoding="utf-8")

    found = dict(re.findall(r"^(rate\.\w+|sight\.\w+),0,(\d+),", shipped, re.MULTILINE))
    assert found["rate.reads_per_minute"] == "120"
    assert found["rate.searches_per_minute"] == "30"
    assert found["sight.details_per_hour"] == "60"
