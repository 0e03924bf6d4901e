"""The journey that must be excellent: home, figure, map, then a Word page and a PDF in hand whose code leads back."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from pypdf import PdfReader
from sqlalchemy.orm import Session

from registry.documents.models import IssuedDocument
from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, Enter

LiveSession = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_a_city_officer_hands_over_a_word_page_and_its_code_leads_back_to_the_rows(
    page: Page, enter: Enter
) -> None:
    enter("demo-city")
    page.get_by_role("link", name="28.6%").first.click()
    page.get_by_role("link", name="看地图").first.click()
    page.get_by_role("link", name="指标页").click()
    word, printed = downloaded(page, "Word"), downloaded(page, "PDF")

    texts = [paragraph.text for paragraph in docx.Document(BytesIO(word)).paragraphs]
    assert any("占28.6%" in text for text in texts)
    paper = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(printed)).pages)
    code = re.search(r"核验码：([0-9a-z-]+)", paper)
    assert code is not None

    page.set_viewport_size(NARROW)
    page.goto("/check")
    page.get_by_label("核验码").fill(code.group(1).upper())
    page.get_by_role("button", name="核验").click()
    assert "28.6%" in page.get_by_role("main").inner_text()
    assert "450" in page.get_by_role("main").inner_text()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_two_clicks_on_word_are_one_document(
    page: Page, enter: Enter, live_session: LiveSession, tmp_path: Path
) -> None:
    enter("demo-district")
    page.goto("/figures/qualified-share")
    with page.expect_download():
        page.get_by_role("button", name="工作简报 Word").dblclick()
    page.wait_for_timeout(500)

    with live_session() as session:
        assert session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 1


def downloaded(page: Page, kind: str) -> bytes:
    """What the button gives; the one before may still say that it is at work."""
    with page.expect_download() as download:
        page.get_by_role("button", name=f"工作简报 {kind}").click()
    return Path(download.value.path()).read_bytes()
