"""专业目录: the city proposes and rehearses, somebody above publishes, and the figure moves on its day."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from registry.clock import today
from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, Enter

WARM_SUN = "黄浦暖阳社区康复服务中心（示例）"


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_what_the_city_proposes_and_rehearses_is_published_by_another_and_moves_the_figure(
    page: Page, enter: Enter
) -> None:
    next_year = date(today().year + 1, 1, 1).isoformat()
    enter("demo-city")
    page.goto("/majors/undergraduate/040108")
    page.get_by_role("link", name="调整此专业").click()
    page.get_by_label("生效日期").fill(next_year)
    page.get_by_label("依据文件").fill("示例民〔2026〕21号")
    page.get_by_label("调整理由").fill("特殊教育列入心理健康类（示例）")
    page.locator("#major-undergraduate-030301").select_option("switch_on")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="保存方案").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("特殊教育（040108）等2项")
    assert barriers(page) == []
    proposal = page.url

    page.get_by_role("link", name="看预演").click()
    turning = page.get_by_role("row").filter(has_text=WARM_SUN)
    expect(turning).to_contain_text("5/17（29.4%）")
    expect(turning).to_contain_text("6/17（35.3%）")
    expect(turning).to_contain_text("许*强")
    assert barriers(page) == []
    total = page.get_by_role("row").filter(has_text="合计（同一人只计一次）").inner_text()
    before, foretold = re.findall(r"（([0-9.]+%)）", total)
    assert before != foretold
    page.set_viewport_size(NARROW)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    page.goto(f"{proposal}/submit")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待复核")

    enter("demo-province")
    page.goto(f"{proposal}/publish")
    expect(page.get_by_text("预演结果", exact=True)).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已发布")

    page.goto(f"/figures/qualified-share?division=31&on={next_year}")
    assert foretold in page.inner_text("main")
