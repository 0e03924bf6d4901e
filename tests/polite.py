"""A client with good manners: every page that it fetches must keep the rules that hold for all pages.

Status, one h1, a title, labels, tokens in forms, nonces of the security policy, no address outside, valid HTML, no Han
character outside `lang=zh` on an English page, and no SQL while a template renders.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import before_render_template, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.html_pages import Form, Page
from tests.html_validation import HtmlValidator
from tests.page_manners import rudeness


class PoliteClient:
    """Fetches pages as `client` and checks each; an answer that is no page is given back as it is."""

    def __init__(self, client: FlaskClient, engine: sa.Engine, validator: HtmlValidator) -> None:
        self.client = client
        self._engine = engine
        self._validator = validator

    def get(self, url: str, status: int = 200, **facts: Any) -> Page:
        """The page at an address, redirects followed."""
        return self._fetch("GET", url, status, **facts)

    def get_fragment(self, url: str, status: int = 200) -> Page:
        """What htmx would swap in; only the manners of a fragment are asked of it."""
        return self._fetch("GET", url, status, headers={"HX-Request": "true"})

    def submit(
        self, form: Form, data: Mapping[str, Any] | None = None, *, status: int = 200, **facts: Any
    ) -> Page:
        """Sends a form as it stands, with some fields filled in, and follows to the page after it."""
        filled = form.fields | dict(data or {})
        if form.method == "get":
            return self._fetch("GET", form.action, status, query_string=filled, **facts)
        return self._fetch("POST", form.action, status, data=filled, **facts)

    def follow(self, page: Page, link_text: str, status: int = 200) -> Page:
        """The page behind the one link with these words."""
        return self.get(page.link(link_text), status)

    def in_english(self) -> "PoliteClient":
        """From here on the pages speak English."""
        self.client.get("/preferences/language/en")
        return self

    def _fetch(self, method: str, url: str, status: int, **facts: Any) -> Page:
        with no_sql_while_rendering(self._engine):
            response = self.client.open(url, method=method, follow_redirects=True, **facts)
        page = Page.of(response)
        assert response.status_code == status, f"{method} {url}: {response.status}\n{page.text[:600]}"
        faults = [*rudeness(page), *self._invalid(page)]
        assert not faults, "\n".join([f"{method} {url} is rude:", *faults])
        return page

    def _invalid(self, page: Page) -> list[str]:
        return self._validator.faults(page.response.text) if page.is_whole else []


@contextmanager
def no_sql_while_rendering(engine: sa.Engine) -> Iterator[None]:
    """A query loads everything that its page shows; a statement sent between the two signals fails the test."""
    depth, sent = [0], []

    def begin(*_facts: object, **_more: object) -> None:
        depth[0] += 1

    def end(*_facts: object, **_more: object) -> None:
        depth[0] -= 1

    def note(_connection: object, _cursor: object, statement: str, *_facts: object) -> None:
        if depth[0]:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with before_render_template.connected_to(begin), template_rendered.connected_to(end):
            yield
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert not sent, "\n".join(["a template sent SQL:", *sent])
