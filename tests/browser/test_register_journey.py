"""The daily way of the register in a browser: a station is filed, a provider enters, a family finds both."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Request, expect
from sqlalchemy.orm import Session

from registry.access.models import Account, Role
from registry.access.passwords import hash_password
from registry.organisations.models import Site
from registry.provider_entries.models import ProviderEntry
from registry.station_filings.models import StationFiling
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, go_in
from tests.entry_factories import ENTRY_ANSWERS, FILING_ANSWERS, lay_out_terms, make_station
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    make_account,
    make_organisation,
    make_parameter,
    make_site,
)

PASSWORD = "Kx9#mQ2!vTz7"
LiveSession = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Town:
    """A station and a provider of one street, and everybody around them."""

    people: dict[str, Account]
    station: Site
    provider: Site


@pytest.fixture
def town(live_session: LiveSession) -> Town:
    password = {"password_hash": hash_password(PASSWORD)}
    with live_session() as session:
        lay_out_terms(session)
        make_parameter(session, "public.hotline", "12345")
        station = make_station(session, name="示例外滩社工站")
        provider = make_site(session, make_organisation(session, name="示例心晴中心"), name="示例心晴中心")
        people = {
            "station": make_account(session, Role.STATION, organisation=station.organisation, **password),
            "provider": make_account(session, Role.PROVIDER, organisation=provider.organisation, **password),
            "street": make_account(session, Role.STREET, division_code=NANJING_EAST_ROAD, **password),
            "district": make_account(session, Role.DISTRICT, division_code=HUANGPU, **password),
            "city": make_account(session, Role.CITY, division_code="31", **password),
        }
        return Town(people, station, provider)


def enter(page: Page, account: Account) -> None:
    page.context.clear_cookies()
    go_in(page, account.username, PASSWORD)


def press(page: Page, button: str) -> None:
    """And waits for the answer: a draft keeps what was typed first, and its form goes after it."""
    with page.expect_response(lambda answer: is_of_form(answer.request)):
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def is_of_form(request: Request) -> bool:
    return request.method == "POST" and request.is_navigation_request()


def open_waiting(page: Page, words: str) -> None:
    page.goto("/inbox")
    page.get_by_role("link", name=words).click()


def fill_in(live_session: LiveSession, model: Any, answers: dict[str, Any]) -> None:
    """What would be typed page by page; how it is typed and kept is shown by the tests of drafts."""
    with live_session() as session:
        session.scalars(sa.select(model)).one().answers = answers


def expect_heading(page: Page, words: str) -> None:
    """Waits for the answer: on a busy machine the page before stands a while."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


@pytest.mark.smoke
def test_a_station_is_put_on_file_and_a_family_finds_its_telephone(
    page: Page, town: Town, live_session: LiveSession
) -> None:
    page.set_viewport_size(NARROW)
    enter(page, town.people["station"])
    page.goto("/station-filings/new")
    press(page, "开始填写")
    page.get_by_role("link", name="填写站点情况").click()
    page.get_by_label("街镇级").check()
    page.get_by_label("对外联系电话").fill(FILING_ANSWERS["phone"])
    press(page, "保存，稍后再填")
    fill_in(live_session, StationFiling, FILING_ANSWERS)
    page.get_by_role("link", name="核对全部内容并提交").click()
    assert barriers(page) == []
    press(page, "提交")
    expect_heading(page, "待街镇上报")

    enter(page, town.people["street"])
    open_waiting(page, "上报建站备案 · 示例外滩社工站")
    press(page, "核实并上报")
    enter(page, town.people["district"])
    open_waiting(page, "核对建站备案 · 示例外滩社工站")
    press(page, "核对并备案")
    expect_heading(page, "已备案")

    page.context.clear_cookies()
    page.goto(f"/public/places/{town.station.code}")
    assert page.get_by_role("link", name=FILING_ANSWERS["phone"]).get_attribute("href") == "tel:021-00000001"
    assert "精神" not in page.title()


@pytest.mark.smoke
def test_a_provider_enters_with_a_return_and_a_correction_and_the_public_finds_it(
    page: Page, town: Town, live_session: LiveSession
) -> None:
    page.set_viewport_size(DESK)
    enter(page, town.people["provider"])
    page.goto("/provider-entries/new")
    press(page, "开始填写")
    page.wait_for_url(lambda url: not url.endswith("/new"))
    fill_in(live_session, ProviderEntry, ENTRY_ANSWERS | {"area": "26"})
    page.reload()
    page.get_by_role("link", name="核对全部内容并提交").click()
    press(page, "提交")

    enter(page, town.people["district"])
    open_waiting(page, "初核机构入库 · 示例心晴中心")
    page.get_by_role("link", name="退回补正").click()
    page.get_by_label("原因").fill("面积与合同不一致")
    page.get_by_text("写意见服务场地面积").click()
    page.locator('[name="remark_area"]').fill("合同上是260平方米")
    press(page, "退回补正")

    enter(page, town.people["provider"])
    open_waiting(page, "补正被退回的入库材料 · 示例心晴中心")
    page.get_by_role("link", name="从第一条意见开始修改").click()
    assert "合同上是260平方米" in page.get_by_role("main").inner_text()
    page.get_by_label("服务场地面积").fill("260")
    press(page, "保存，稍后再填")
    page.get_by_role("link", name="核对全部内容并提交").click()
    press(page, "提交")

    enter(page, town.people["district"])
    open_waiting(page, "初核机构入库 · 示例心晴中心")
    assert "有 1 处变化" in page.get_by_role("main").inner_text()
    assert barriers(page) == []
    press(page, "初核通过")
    enter(page, town.people["city"])
    open_waiting(page, "确认机构入库 · 示例心晴中心")
    press(page, "确认入库")
    expect_heading(page, "在库")

    page.context.clear_cookies()
    page.set_viewport_size(NARROW)
    page.goto(f"/public/places/{town.provider.code}")
    assert page.get_by_role("link", name="021-00000000").is_visible()
    assert "周一至周五" in page.get_by_role("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
