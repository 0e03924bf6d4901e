"""从业人员登记: an institution enters a person with a diploma, the district verifies it, and the person counts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, Enter


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_a_person_entered_by_hand_counts_once_the_district_verified_the_diploma(
    page: Page, enter: Enter
) -> None:
    enter("demo-provider")
    page.goto("/workforce")
    page.get_by_role("link", name="登记从业人员").click()
    page.get_by_label("姓名").fill("示例新人")
    page.get_by_label("出生年份").fill("1990")
    page.get_by_label("任职日期").fill("2026-03-01")
    saved(page, "**/workforce/*")
    assert barriers(page) == []
    person = page.url

    page.get_by_role("link", name="登记学历", exact=True).click()
    saved_with_fault(page)
    expect(page.get_by_role("alert")).to_contain_text("请选择专业")
    page.get_by_label("专业", exact=True).select_option("undergraduate:030302")
    page.get_by_label("毕业院校").fill("示例大学")
    page.get_by_label("取得日期").fill("2012-07-01")
    saved(page, "**/workforce/*#education")
    expect(page.get_by_role("main")).to_contain_text("学历核验中，核验通过后计入")

    page.get_by_role("link", name="核验过程").click()
    page.wait_for_url("**/workforce/education/*")
    verification = page.url
    enter("demo-district")
    page.goto(verification)
    page.get_by_role("link", name="核验通过").click()
    page.wait_for_url("**/verify")
    assert barriers(page) == []
    page.get_by_role("button", name="核验通过").click()
    page.wait_for_url(verification)

    enter("demo-provider")
    page.set_viewport_size(NARROW)
    page.goto(person)
    expect(page.get_by_role("main")).to_contain_text("本科学历，专业“社会工作”（030302），已核验。")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def saved(page: Page, address: str) -> None:
    """Sent, and the page that comes next is there."""
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(address)


def saved_with_fault(page: Page) -> None:
    """Sent, and the form came back."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="保存").click()
