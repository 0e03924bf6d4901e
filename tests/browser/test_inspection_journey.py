"""迎检: a section chief prints the one-page view and the inspection pack of a place in a minute."""

import time
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, Enter

MINUTE = 60


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_a_section_chief_prints_the_one_page_view_and_the_pack_in_a_minute(page: Page, enter: Enter) -> None:
    enter("demo-district")
    begun = time.monotonic()
    page.get_by_role("link", name="督导检查").first.click()
    page.get_by_role("link", name="黄浦暖阳").first.click()
    page.get_by_role("link", name="黄浦暖阳社区康复服务中心（示例）").first.click()
    page.get_by_role("link", name="一页纸", exact=True).click()
    sheet = downloaded(page, "一页纸 PDF")
    page.get_by_role("link", name="迎检台账包").click()
    pack, lists = downloaded(page, "迎检台账包 PDF"), downloaded(page, "迎检台账包 Excel")

    assert time.monotonic() - begun < MINUTE
    assert len(PdfReader(BytesIO(sheet)).pages) == 1
    assert "缺什么" in PdfReader(BytesIO(pack)).pages[0].extract_text()
    assert lists.startswith(b"PK")
    assert barriers(page) == []
    page.goto("/one-page")
    assert len(PdfReader(BytesIO(downloaded(page, "一页纸 PDF"))).pages) == 1
    page.set_viewport_size(NARROW)
    page.goto("/one-page")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def downloaded(page: Page, name: str) -> bytes:
    """What the button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_bytes()
