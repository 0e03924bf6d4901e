"""A provider opens her ledger, sees what she lacks, opens the plan, and has its PDF in hand, whose code leads back."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, Enter


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_a_provider_goes_from_her_ledger_to_a_printed_plan(page: Page, enter: Enter) -> None:
    enter("demo-provider")
    page.get_by_role("link", name="专业人员占比").first.click()
    page.wait_for_url("**/organisations/*")
    assert "再有 1 名现有人员具备条件，或新聘 1 名" in page.get_by_role("main").inner_text()

    page.get_by_role("link", name="达标方案").click()
    page.wait_for_url("**/outlook*")
    text = page.get_by_role("main").inner_text()
    assert "核验" in text
    assert "5/17 → 6/17 = 35.3%" in text

    with page.expect_download() as download:
        page.get_by_role("button", name="打印方案 PDF").click()
    printed = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    paper = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in printed.pages))
    assert "黄浦暖阳社区康复服务中心（示例）专业人员占比达标方案" in paper
    code = re.search(r"核验码：([0-9a-z]{5}-[0-9a-z]{5})", paper)
    assert code is not None

    page.set_viewport_size(NARROW)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.goto(f"/check/{code.group(1)}")
    assert "29.4%" in page.get_by_role("main").inner_text()
