"""A real browser against a real server. Nothing but the server's own address can be reached."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import WSGIRequestHandler, make_server

from portal import create_app
from portal.demo.accounts import PASSWORD
from portal.extensions import db
from portal.settings import Profile, Settings
from registry.engine import make_engine
from tests.compiled import keep_compiled
from tests.sealing import fixed_keys

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
PATIENCE_MS = 10_000
DESK = {"width": 1366, "height": 768}
NARROW = {"width": 360, "height": 740}
KEY = "0123456789abcdefghijklmnopqrstuv"


Enter = Callable[[str], None]


@dataclass(frozen=True)
class LiveServer:
    """A portal on a port of this machine, with a database of its own."""

    url: str
    database_url: str


GAVE_WAY = r"^Error: .*(Protocol error|Target crashed|Target page, context or browser has been closed)"
"""What the browser's driver says when the browser failed it: no assertion and no waiting in vain is among it."""


class QuietHandler(WSGIRequestHandler):
    """The browser's own log is read instead."""

    def log(self, *_facts: object) -> None:
        return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder drives a browser, and is asked again when the browser itself gave way."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[GAVE_WAY]))


@pytest.fixture
def live_server(database_url: str, tmp_path: Path) -> Iterator[LiveServer]:
    """Serves an empty register, to be filled through `live_session`."""
    fixed_keys(tmp_path / "keys")
    settings = Settings(
        home=tmp_path, database_url=database_url, profile=Profile.DEMO, secret_key=KEY, audit_key=KEY[::-1]
    )
    yield from serving(keep_compiled(create_app(settings)), database_url)


def answered_whole(app: Flask) -> Callable[..., list[bytes]]:
    """The development server leaves files open when a browser hangs up, so they are read and closed before it sends."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return list(parts)
        finally:
            getattr(parts, "close", lambda: None)()

    return answer


def serving(app: Flask, database_url: str) -> Iterator[LiveServer]:
    """The application in threads, until the generator is closed."""
    whole = answered_whole(app)
    server = make_server("127.0.0.1", 0, whole, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield LiveServer(f"http://127.0.0.1:{server.server_port}", database_url)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def live_session(live_server: LiveServer) -> Iterator[Callable[[], AbstractContextManager[Session]]]:
    """`with live_session() as session:` fills the served register; it commits at the end and then holds no lock."""
    engine = make_engine(live_server.database_url)
    yield sessionmaker(engine, expire_on_commit=False).begin
    engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once per worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def outside_requests() -> list[str]:
    """Addresses that pages of this test asked for, other than the server's: must stay empty."""
    return []


@pytest.fixture
def context(
    browser: Browser, live_server: LiveServer, outside_requests: list[str]
) -> Iterator[BrowserContext]:
    """A fresh browser window's cookies, Chinese, on a desk's screen; relative addresses go to the server."""

    def note(request: Request) -> None:
        if not request.url.startswith((live_server.url + "/", "data:", "blob:")):
            outside_requests.append(request.url)

    context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport=DESK)
    context.set_default_timeout(PATIENCE_MS)
    context.on("request", note)  # only heard of: what is routed is never taken from the browser's cache
    yield context
    context.close()
    assert outside_requests == [], "a page asked for something from outside"


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A window; faults of its scripts and refusals of its security policy fail the test."""
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if is_fault(message.text) else None)
    yield page
    assert faults == [], "the browser complained"


@pytest.fixture
def enter(page: Page) -> Enter:
    """Signs in as one of the demonstration's accounts, through the door; whoever was there is signed out."""

    def entered(username: str) -> None:
        page.context.clear_cookies()
        go_in(page, username, PASSWORD)

    return entered


def all_kept(page: Page) -> None:
    """What was typed into the form of the page is kept, to the last letter: nothing more is sent by itself."""
    page.locator("form[data-keeps] :focus").blur()
    page.locator('[data-kept][data-state="kept"]').wait_for()


def go_in(page: Page, username: str, password: str) -> None:
    """Through the door, as a person does."""
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("/")


def is_fault(text: str) -> bool:
    """What the browser writes when a page breaks its own rules."""
    return "Content Security Policy" in text or "Uncaught" in text
