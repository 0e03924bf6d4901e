"""Signing in again in place, in a real browser: not a character of what was typed is lost, and nobody else gets it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from portal import create_app
from portal.sessions import STRICTNESS_KEY
from portal.settings import Profile, Settings
from registry.access.models import Account, Role, SignIn
from registry.access.passwords import hash_password
from registry.access.strictness import DEMO
from registry.clock import utc_now
from registry.organisations.models import AddressChange, Site
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, KEY, NARROW, LiveServer, all_kept, go_in, serving
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    make_account,
    make_division,
    make_parameter,
    make_provider,
)

PASSWORD = "Kx9#mQ2!vTz7"
HOURS = timedelta(hours=13)
TYPED = {
    "新地址": "示例路88号2楼 <b>&amp;\"'",
    "启用日期": "2026-12-20",
    "变更说明": "  写了很久的说明，\n\n第二段：100% “引号”\t与制表符  ",
}
NAMES = ("address", "effective_on", "explanation")
WARNED_AFTER = 2
LiveSession = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def live_server(database_url: str, tmp_path: Path) -> Iterator[LiveServer]:
    """Warns two seconds after a page was opened that the stay ends soon."""
    settings = Settings(
        home=tmp_path, database_url=database_url, profile=Profile.DEMO, secret_key=KEY, audit_key=KEY[::-1]
    )
    app = create_app(settings)
    stay = replace(DEMO.stay, idle_for_administrators=timedelta(seconds=180 + WARNED_AFTER))
    app.extensions[STRICTNESS_KEY] = replace(DEMO, stay=stay)
    yield from serving(app, database_url)


@pytest.fixture
def author(live_session: LiveSession) -> Account:
    """Belongs to a provider with one site."""
    with live_session() as session:
        for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD):
            make_division(session, code)
        make_parameter(session, "address_change.confirm_workdays", 5)
        make_parameter(session, "address_change.days_ahead", 60)
        organisation = make_provider(session).organisation
        return make_account(
            session, Role.PROVIDER, organisation=organisation, password_hash=hash_password(PASSWORD)
        )


@pytest.fixture
def site(author: Account, live_session: LiveSession) -> Site:
    with live_session() as session:
        return session.scalars(sa.select(Site)).one()


def opened(live_session: LiveSession, role: Role, **facts) -> Account:
    with live_session() as session:
        return make_account(session, role, password_hash=hash_password(PASSWORD), **facts)


def sign_in(page: Page, account: Account) -> None:
    go_in(page, account.username, PASSWORD)


def expire(live_session: LiveSession) -> None:
    """Every stay was left alone for too long."""
    with live_session() as session:
        session.execute(sa.update(SignIn).values(last_seen_at=utc_now() - HOURS))


def fill(page: Page, site: Site) -> None:
    page.goto(f"/sites/{site.code}/address-changes/new")
    for label, value in TYPED.items():
        page.get_by_label(label).fill(value)
    all_kept(page)


def prove(page: Page, heading: str = "请重新登录") -> None:
    assert page.get_by_role("heading", level=1).inner_text() == heading
    page.get_by_role("main").get_by_label("登录密码").fill(PASSWORD)
    page.get_by_role("button", name="确认并继续").click()


def test_a_stay_that_ends_at_any_step_of_a_form_loses_not_a_character(
    page: Page, site: Site, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    fill(page, site)
    for _ in range(2):
        typed = {name: page.locator(f'main [name="{name}"]').input_value() for name in NAMES}
        expire(live_session)
        page.get_by_role("button", name="保存并核对").click()
        assert {name: page.locator(f'main [name="{name}"]').input_value() for name in NAMES} == typed
        assert barriers(page) == []
        prove(page)
        assert TYPED["新地址"] in page.get_by_role("main").inner_text()
        page.get_by_role("link", name="修改").click()
    page.get_by_role("button", name="保存并核对").click()

    expire(live_session)
    page.get_by_role("button", name="提交").click()
    prove(page)
    assert page.get_by_role("heading", level=1).inner_text() not in ("请重新登录", "登录")
    with live_session() as session:
        change = session.scalars(sa.select(AddressChange)).one()
        assert change.submitted_at is not None
        assert change.address == TYPED["新地址"]
        assert change.explanation.split() == TYPED["变更说明"].split()


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["360", "1366"])
def test_a_wrong_password_in_between_keeps_everything(
    page: Page, site: Site, author: Account, live_session: LiveSession, screen
) -> None:
    page.set_viewport_size(screen)
    sign_in(page, author)
    fill(page, site)
    expire(live_session)
    page.get_by_role("button", name="保存并核对").click()

    page.get_by_role("main").get_by_label("登录密码").fill("wrong")
    page.get_by_role("button", name="确认并继续").click()

    assert "密码或验证码不正确" in page.get_by_role("alert").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    assert barriers(page) == []
    page.wait_for_timeout(1100)
    prove(page)
    assert TYPED["新地址"] in page.get_by_role("main").inner_text()


def test_another_user_who_signs_in_does_not_get_the_draft(
    page: Page, site: Site, author: Account, live_session: LiveSession
) -> None:
    other = opened(live_session, Role.DISTRICT)
    sign_in(page, author)
    fill(page, site)
    expire(live_session)
    page.get_by_role("button", name="保存并核对").click()

    page.get_by_role("link", name="换其他账号登录，放弃填写的内容").click()
    sign_in(page, other)

    assert "示例路88号" not in page.content()
    with live_session() as session:
        assert session.scalars(sa.select(AddressChange)).all() == []


def test_a_part_that_was_refused_is_asked_for_again_after_signing_in_on_the_page(
    page: Page, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    page.goto("/me/sign-ins")
    expire(live_session)

    page.evaluate("void htmx.ajax('GET', '/me/sign-ins', {target: '#main', swap: 'innerHTML'})")
    dialog = page.get_by_role("dialog", name="请确认是您本人")
    dialog.wait_for()
    assert barriers(page) == []
    dialog.get_by_label("登录密码").fill("wrong")
    dialog.get_by_role("button", name="确认并继续").click()
    dialog.get_by_text("密码或验证码不正确").wait_for()
    page.wait_for_timeout(1100)
    dialog.get_by_label("登录密码").fill(PASSWORD)
    with page.expect_response(lambda answer: answer.url.endswith("/me/sign-ins")) as again:
        dialog.get_by_role("button", name="确认并继续").click()

    assert again.value.status == 200
    dialog.wait_for(state="hidden")


def test_a_change_that_was_refused_is_sent_again_with_the_new_token(
    page: Page, author: Account, live_session: LiveSession, context
) -> None:
    sign_in(page, author)
    page.goto("/me/sign-ins")
    context.clear_cookies(name="session")

    old = page.locator('main input[name="csrf_token"]').first.input_value()
    values = json.dumps({"csrf_token": old, "note": TYPED["变更说明"]})
    page.evaluate(f"void htmx.ajax('POST', '/me/sign-ins/end-others', {{target: '#main', values: {values}}})")
    dialog = page.get_by_role("dialog", name="请确认是您本人")
    dialog.get_by_label("登录密码").fill(PASSWORD)
    with page.expect_request(lambda request: request.url.endswith("/end-others")) as again:
        dialog.get_by_role("button", name="确认并继续").click()

    sent = again.value.post_data_json
    assert sent["note"].replace("\r\n", "\n") == TYPED["变更说明"]
    assert sent["csrf_token"] != old
    assert page.locator('.header input[name="csrf_token"]').first.input_value() != old


def test_whoever_does_nothing_is_warned_and_stays_with_one_click(
    page: Page, live_session: LiveSession
) -> None:
    sign_in(page, opened(live_session, Role.SYSADMIN))
    dialog = page.get_by_role("dialog", name="登录即将过期")
    dialog.wait_for()
    assert barriers(page) == []

    with page.expect_response(lambda answer: "/sign-in/token" in answer.url) as kept:
        dialog.get_by_role("button", name="继续使用").click()

    assert kept.value.json()["is_reader"] is True
    dialog.wait_for(state="hidden")
