"""The polite client: it looks at every page that it is given, and complains about bad manners."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask, before_render_template, got_request_exception, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.preferences import LANGUAGE_COOKIE
from tests.portal.manners import faults_of, is_translated
from tests.portal.pages import XHTML, Page, controls_of, text_of


class Minding:
    """Whether manners are minded in this run: pages are the same on every engine, so once is enough."""

    is_on = True


class Polite:
    """Fetches pages like a person: follows links by their words, fills forms by their labels."""

    def __init__(self, client: FlaskClient, *, reads_english: bool = True) -> None:
        self.client = client
        self.reads_english = reads_english

    def get(self, url: str, status: int = 200, **options: Any) -> Page:
        """The page at this address, without a fault."""
        page = checked(Page(url, self.client.get(url, **options)), status)
        if self._reads_english_too(page):
            self._read_in_english(url, status, options)
        return page

    def post(self, url: str, data: Mapping[str, Any], status: int = 303) -> Page:
        """What an address answers to a form; the token is taken from the door."""
        token = str(self._token())
        return checked(Page(url, self.client.post(url, data={"csrf_token": token, **data})), status)

    def submit(
        self, page: Page, values: Mapping[str, Any] | None = None, *, button: str = "", status: int = 303
    ) -> Page:
        """Fills the form of a page by labels (or names) and sends it; a redirect is followed to its page."""
        form = page.form(button)
        data = filled(page, form, values or {}, button)
        url = form.get("action") or page.url
        if form.get("method", "get") == "get":
            return self.get(f"{url.partition('?')[0]}?{query_of(data)}")
        answer = checked(Page(url, self.client.post(url, data=data)), status)
        return self.get(answer.response.headers["Location"]) if status == 303 else answer

    def follow(self, page: Page, words: str) -> Page:
        """The page behind a link."""
        return self.get(page.links[words])

    def visit(self, url: str) -> Page:
        """The page at this address, or the one that it leads to."""
        answer = self.client.get(url)
        return self.get(answer.headers["Location"] if answer.status_code == 303 else url)

    def follow_redirect(self, url: str) -> Page:
        """The page to which an address leads."""
        return self.get(self.client.get(url).headers["Location"])

    def _reads_english_too(self, page: Page) -> bool:
        """It must hold no Chinese but data."""
        wanted = self.reads_english and Minding.is_on and is_html(page.response)
        return wanted and self.client.get_cookie(LANGUAGE_COOKIE) is None

    def _read_in_english(self, url: str, status: int, options: Mapping[str, Any]) -> None:
        self.client.set_cookie(LANGUAGE_COOKIE, "en")
        try:
            page = checked(Page(url, self.client.get(url, **options)), status)
            assert not (faults := list(is_translated(page))), f"{url} in English: {faults}"
        finally:
            self.client.delete_cookie(LANGUAGE_COOKIE)

    def _token(self) -> str | None:
        page = Page("/", self.client.get("/", follow_redirects=True))
        tokens = (field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")
        return next(tokens, None)


def checked(page: Page, status: int) -> Page:
    """The page, if it has the status that was expected and no fault."""
    answer = page.response
    assert answer.status_code == status, (
        f"{page.url} answered {answer.status_code}, not {status}: {page.html[:2000]}"
    )
    if Minding.is_on and is_html(answer) and not 300 <= answer.status_code < 400:
        assert not (faults := faults_of(page)), f"{page.url}: {faults}"
    return page


def is_html(answer: TestResponse) -> bool:
    return answer.mimetype == "text/html"


def filled(page: Page, form: Any, values: Mapping[str, Any], button: str) -> dict[str, Any]:
    """What the form sends with these answers; a label that it does not have is a mistake of the test."""
    left, data = dict(values), {}
    for control in controls_of(form):
        name = control.get("name")
        key = next((key for key in (page.label_of(control), name) if key in left), None)
        if key is not None:
            data[name] = left.pop(key) if control.get("type") != "radio" else left[key]
        elif (standing := standing_value(control)) is not None:
            is_one_of_several = control.get("type") == "checkbox" and name in data
            data[name] = [*listed(data[name]), standing] if is_one_of_several else standing
    left = {key: value for key, value in left.items() if key not in data}
    assert not left, f"{page.url} has no control for {list(left)}"
    return data | pressed(form, button)


def listed(sent: Any) -> list[Any]:
    """What a group of boxes sends so far."""
    return sent if isinstance(sent, list) else [sent]


def standing_value(control: Any) -> str | None:
    """What a control sends when nobody touches it."""
    kind = control.tag.removeprefix(XHTML)
    if kind == "textarea":
        return control.text or ""
    if kind == "select":
        options = list(control.iter(XHTML + "option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        return chosen[0].get("value", text_of(chosen[0])) if chosen else None
    if control.get("type") in ("checkbox", "radio") and "checked" not in control.attrib:
        return None
    return None if control.get("type") == "file" else control.get("value", "")


def pressed(form: Any, button: str) -> dict[str, str]:
    """The name and value of the button that was pressed."""
    for item in form.iter(XHTML + "button"):
        if item.get("name") and button in ("", text_of(item)):
            return {item.get("name"): item.get("value", "")}
    return {}


def query_of(data: Mapping[str, Any]) -> str:
    from urllib.parse import urlencode

    return urlencode({key: value for key, value in data.items() if key != "csrf_token"}, doseq=True)


@contextmanager
def no_sql_while_drawing(app: Flask, connection: sa.Connection) -> Iterator[None]:
    """A statement between the two signals of a template fails: everything is loaded before a page is drawn."""
    drawing: list[str] = []

    def begin(_sender: Flask, template: Any, **_context: Any) -> None:
        drawing.append(str(template.name))

    def end(_sender: Flask, **_context: Any) -> None:
        drawing.pop()

    def refuse(_connection: sa.Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        assert not drawing, f"drawing {drawing[-1]} asks the database: {statement}"

    def give_up(_sender: Flask, **_context: Any) -> None:
        drawing.clear()  # the page was not finished

    event.listen(connection, "before_cursor_execute", refuse)
    with (
        before_render_template.connected_to(begin, app),
        template_rendered.connected_to(end, app),
        got_request_exception.connected_to(give_up, app),
    ):
        yield
    event.remove(connection, "before_cursor_execute", refuse)
