"""Whatever a role can reach by following links is a page in good order: status, manners, valid HTML."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.preferences import LANGUAGE_COOKIE
from registry.access.models import Account, Role
from tests.html_validation import HtmlValidator
from tests.portal.manners import faults_of, is_translated
from tests.portal.pages import Page

PER_ENDPOINT = 1
"""One record of a kind stands for all; the lists' own tests look at filters and orders."""
LEFT_OUT = ("preferences.", "static", "access.sign_in")
ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN)
CRAWLING = (Role.CITY, Role.DISTRICT, Role.STREET, Role.PROVIDER, *ADMINISTRATORS)
"""Who follows every link; the others go as far as their menu leads (test_site.py)."""


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.mark.parametrize("role", CRAWLING)
def test_every_page_that_a_role_can_reach_is_in_good_order(
    app: Flask, client: FlaskClient, session: Session, sign_in, html_validator: HtmlValidator, role: Role
):
    sign_in(account=demo_account(session, role))

    complaints = [
        f"{page.url}: {complaint}"
        for page in reached(app, client)
        for complaint in complaints_about(page, html_validator)
    ]

    assert not complaints, "\n".join(complaints)


@pytest.mark.usefixtures("only_once")
@pytest.mark.parametrize("role", [Role.CITY, Role.PROVIDER, *ADMINISTRATORS])
def test_every_page_speaks_english_to_whoever_chose_it(
    app: Flask, client: FlaskClient, session: Session, sign_in, role: Role
):
    sign_in(account=demo_account(session, role))
    client.set_cookie(LANGUAGE_COOKIE, "en")

    complaints = [
        f"{page.url}: {complaint}" for page in reached(app, client) for complaint in is_translated(page)
    ]

    assert not complaints, "\n".join(complaints)


def demo_account(session: Session, role: Role) -> Account:
    return session.scalars(sa.select(Account).where(Account.username == f"demo-{role.value}")).one()


def complaints_about(page: Page, html_validator: HtmlValidator) -> list[str]:
    status = page.response.status_code
    wrong_status = [] if status == 200 else [f"status {status}"]
    return [*wrong_status, *faults_of(page), *html_validator.faults(page.html)]


def reached(app: Flask, client: FlaskClient) -> Iterator[Page]:
    """The pages that links lead to from the home page, a few for each endpoint."""
    adapter, visited, seen, waiting = app.url_map.bind("localhost"), Counter(), {"/"}, ["/"]
    while waiting:
        url = waiting.pop(0)
        endpoint, _ = adapter.match(urlsplit(url).path, method="GET")
        if endpoint.startswith(LEFT_OUT) or visited[endpoint] >= PER_ENDPOINT:
            continue
        visited[endpoint] += 1
        page = Page(url, client.get(url, follow_redirects=True))
        if page.response.mimetype != "text/html":
            continue
        yield page
        found = [urljoin(url, link.get("href", "")).partition("#")[0] for link in page.all("a")]
        waiting += [address for address in dict.fromkeys(found) if address not in seen]
        seen.update(found)
