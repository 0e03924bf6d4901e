"""The inbox by single keys, which can be switched off; the calendar on a small and on a wide screen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter

ROW = re.compile("·")
"""A row names what is to be done, then whose it is."""


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_j_goes_to_the_first_row_and_o_opens_it(page: Page, enter: Enter) -> None:
    enter("demo-district")
    page.goto("/inbox")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_contain_text(ROW)
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(":focus")).to_contain_text(ROW)
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("待办")


def test_keys_that_are_switched_off_do_nothing(page: Page, enter: Enter) -> None:
    enter("demo-district")
    page.goto("/inbox")
    page.get_by_role("link", name="关闭快捷键").click()
    expect(page.get_by_text("单键快捷键已关闭")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tbody')") is None
    page.get_by_role("link", name="打开快捷键").click()
    expect(page.get_by_role("link", name="关闭快捷键")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_contain_text(ROW)


def test_the_month_is_a_table_on_a_wide_screen_and_a_list_on_a_small_one(page: Page, enter: Enter) -> None:
    enter("demo-district")
    for screen, is_table in ((DESK, True), (NARROW, False)):
        page.set_viewport_size(screen)
        page.goto("/calendar?month=2026-10")
        assert page.locator("table.month").is_visible() is is_table
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


def opened_for_review(page: Page, enter: Enter) -> None:
    """An entry that the district may check or return."""
    enter("demo-district")
    page.goto("/inbox")
    page.get_by_role("link", name=re.compile("^初核机构入库")).first.click()
    expect(page.get_by_text("快捷键：e 初核通过，r 退回补正")).to_be_attached()
    page.wait_for_load_state("load")


def test_e_leads_to_the_button_that_passes_and_decides_nothing(page: Page, enter: Enter) -> None:
    opened_for_review(page, enter)
    page.keyboard.press("e")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="初核通过")).to_be_focused()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待初核")
    page.wait_for_load_state("load")
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已初核")


def test_r_opens_the_reason_without_which_nothing_is_returned(page: Page, enter: Enter) -> None:
    enter("demo-district")
    page.goto("/inbox")
    page.get_by_role("link", name=re.compile("^确认服务项目申报|^确认场所地址变更")).first.click()
    page.wait_for_load_state("load")
    page.keyboard.press("r")
    reason = page.get_by_label("退回原因")
    expect(reason).to_be_focused()
    page.keyboard.type("e r j k")
    expect(reason).to_have_value("e r j k")
    reason.fill("")
    page.get_by_role("button", name=re.compile("^退回")).click()
    expect(page.get_by_role("alert")).to_be_visible()
