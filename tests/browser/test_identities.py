"""A district officer finds somebody by a phone and sees an identity number whole for a reason, in a real browser."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_a_district_officer_shows_one_number_whole_for_a_reason(page: Page, enter: Enter) -> None:
    enter("demo-district")
    page.goto("/workforce")
    page.get_by_role("link", name="按身份证号或电话查找").click()
    assert barriers(page) == []
    page.get_by_label("联系电话").check()
    page.get_by_label("号码", exact=True).fill("154 0000 0011")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="身份证号").click()
    page.get_by_label("核对证件、证书或学历").check()
    page.get_by_role("button", name="显示完整身份证号").click()
    assert page.get_by_role("alert").is_visible()
    assert barriers(page) == []
    page.get_by_label("具体说明").fill("核对学历证书上的身份证号是否一致")
    page.get_by_role("button", name="显示完整身份证号").click()
    shown = page.get_by_role("region", name="身份与联系方式")
    for screen in (NARROW, DESK):
        page.set_viewport_size(screen)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    assert "完整显示至" in shown.inner_text()
    assert shown.get_by_text("999999").is_visible()
    assert shown.locator(".watermark [data-mark^='示例黄浦区经办 20']").count() == 12
