"""The site as a whole, on the demonstration: who reaches what, and what every answer carries."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.navigation import MENU
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.queries import account_by_username
from tests.html_validation import HtmlValidator
from tests.portal.pages import Page
from tests.portal.polite import Polite
from tests.portal.test_crawl import CRAWLING

ANYBODY = None
TABLE = [
    (ANYBODY, "/sign-in", 200),
    (ANYBODY, "/healthz", 200),
    (ANYBODY, "/", 303),
    (ANYBODY, "/providers", 303),
    (ANYBODY, "/check", 200),
    (ANYBODY, "/check/2222222222", 404),
    (ANYBODY, "/documents/", 303),
    (ANYBODY, "/no-such-page", 404),
    (Role.CITY, "/", 200),
    (Role.CITY, "/inbox", 200),
    (Role.CITY, "/api", 200),
    (Role.CITY, "/providers", 200),
    (Role.CITY, "/sites", 200),
    (Role.CITY, "/intake/", 200),
    (Role.DISTRICT, "/", 200),
    (Role.DISTRICT, "/intake/", 200),
    (Role.STREET, "/providers", 200),
    (Role.STREET, "/intake/", 403),
    (Role.STREET, "/documents/", 200),
    (Role.PROVIDER, "/documents/", 403),
    (Role.STATION, "/sites", 200),
    (Role.PROVIDER, "/", 200),
    (Role.PROVIDER, "/intake/", 200),
    (Role.PROVINCE, "/workforce", 200),
    (Role.SYSADMIN, "/", 200),
    (Role.SYSADMIN, "/workforce", 403),
    (Role.SYSADMIN, "/inbox", 403),
    (Role.SYSADMIN, "/admin/permissions", 403),
    (Role.SECADMIN, "/", 200),
    (Role.SECADMIN, "/admin/permissions", 200),
    (Role.SECADMIN, "/workforce", 403),
    (Role.SECADMIN, "/providers", 403),
    (Role.AUDITADMIN, "/", 200),
    (Role.AUDITADMIN, "/admin/permissions", 403),
    (Role.AUDITADMIN, "/admin/audit", 200),
    (Role.AUDITADMIN, "/admin/audit/1", 200),
    (Role.AUDITADMIN, "/admin/audit/999", 404),
    (Role.SECADMIN, "/admin/audit", 403),
    (Role.AUDITADMIN, "/sites", 403),
    (Role.CITY, "/no-such-page", 404),
    (Role.CITY, "/sites/2222222222", 404),
    (Role.CITY, "/sites/1", 404),
]


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture
def enter(sign_in: Callable[..., Actor], session: Session) -> Callable[[Role], Actor]:
    """Signs the demonstration account of a role in."""

    def as_role(role: Role) -> Actor:
        return sign_in(account=account_by_username(session, f"demo-{role}"))

    return as_role


@pytest.mark.parametrize(("role", "url", "status"), TABLE)
def test_this_role_finds_at_this_address_an_answer_of_this_status(polite: Polite, enter, role, url, status):
    if role is not None:
        enter(role)

    polite.get(url, status)


@pytest.mark.parametrize("role", [role for role in Role if role not in CRAWLING])
def test_the_menu_leads_only_to_pages_that_open(polite: Polite, enter, role):
    enter(role)

    page = polite.get("/")

    menu = next(nav for nav in page.all("nav") if nav.get("aria-label") == "主菜单")
    addresses = [
        link.get("href", "") for link in menu.iter() if link.get("href", "").startswith("/") and link.text
    ]
    assert addresses
    for address in addresses:
        polite.visit(address)


def test_every_entry_of_the_menu_has_its_page(app: Flask):
    assert [item.endpoint for item in MENU if item.endpoint not in app.view_functions] == []


def test_the_page_says_for_which_place_it_speaks(polite: Polite, enter):
    enter(Role.STREET)

    assert "当前范围 上海市黄浦区外滩街道" in polite.get("/providers").text


@pytest.mark.parametrize(
    ("role", "url"),
    [(role, url) for role, url, status in TABLE if status in (200, 404) and url != "/healthz"],
)
def test_the_page_is_valid_html(client: FlaskClient, enter, html_validator: HtmlValidator, role, url):
    if role is not None:
        enter(role)

    assert html_validator.faults(client.get(url).text) == []


def test_a_nonce_is_good_for_one_answer(client: FlaskClient):
    policies = {client.get("/sign-in").headers["Content-Security-Policy"] for _ in range(3)}

    assert len(policies) == 3


def test_the_page_switches_to_english_and_stays_there(client: FlaskClient, polite: Polite):
    page = polite.follow_redirect(polite.get("/sign-in").links["English"])

    assert next(page.all("html")).get("lang") == "en"
    assert page.title.endswith(" - Jingkangtong")
    assert next(polite.get("/sign-in").all("html")).get("lang") == "en"


def test_the_large_text_is_a_choice_that_lasts(polite: Polite):
    page = polite.follow_redirect(polite.get("/sign-in").links["大字版"])

    assert next(page.all("html")).get("class") == "large-text"
    assert "标准字号" in page.links


@pytest.mark.parametrize("url", ["/preferences/language/fr", "/preferences/text/huge"])
def test_a_choice_that_is_not_offered_is_not_found(client: FlaskClient, url):
    assert client.get(url).status_code == 404


def test_a_preference_leads_to_no_other_site(client: FlaskClient):
    answer = client.get("/preferences/language/en", query_string={"next": "//evil.example"})

    assert answer.headers["Location"] == "/"


def test_the_help_line_stands_at_the_same_place_on_every_page(polite: Polite, enter):
    enter(Role.CITY)

    for url in ("/", "/providers", "/inbox"):
        assert foot_of(polite.get(url)).endswith("帮助与值班电话请联系本单位系统管理员")


def foot_of(page: Page) -> str:
    return " ".join("".join(next(page.all("footer")).itertext()).split())
