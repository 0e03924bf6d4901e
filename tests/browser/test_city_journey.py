"""The journey that must be excellent: a workbook with faults, corrected from its annotated copy, moves the share."""

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter
from tests.demonstration import Demonstration

FAULTY = "示例-从业人员-含错误.xlsx"
RIGHT = "示例-从业人员-已改正.xlsx"
INSTITUTION = "黄浦暖阳社区康复服务中心（示例）"


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


MENDED = (
    (4, 4, ("岗位",)),
    (6, 6, ("姓名",)),
    (8, 8, ("离任日期",)),
    (36, 35, ("站点编号", "统一社会信用代码")),
    (37, 36, ("站点编号",)),
    (38, 37, ("任职日期",)),
)
"""Row of the copy, row of the same person in the institution's own papers, and the cells to take from there."""

SAID_TWICE = 35


def corrected(copy: Path, papers: Path) -> Path:
    """What the officer types into the annotated copy; the comments and the last column stay where they are."""
    book = openpyxl.load_workbook(copy)
    sheet, right = book.active, openpyxl.load_workbook(papers).active
    assert sheet is not None
    assert right is not None
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    assert "问题与改法" in heads
    for row, row_of_papers, cells in MENDED:
        for head in cells:
            sheet.cell(row, heads[head]).value = right.cell(row_of_papers, heads[head]).value
    sheet.delete_rows(SAID_TWICE)
    book.save(copy)
    return copy


def test_a_city_officer_corrects_a_workbook_and_sees_the_share_move(
    page: Page, enter: Enter, demonstration: Demonstration, tmp_path: Path
) -> None:
    enter("demo-city")
    page.get_by_role("link", name="批量导入").first.click()
    page.get_by_role("link", name="上传从业人员").click()
    page.get_by_label("要导入的文件").set_input_files(demonstration.samples / FAULTY)
    page.get_by_role("button", name="上传并预检").click()

    assert page.get_by_text("还没有导入任何一行").is_visible()
    assert page.get_by_role("table", name="问题清单").get_by_role("row").count() == 1 + 7
    assert barriers(page) == []

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注后的文件").click()
    copy = tmp_path / download.value.suggested_filename
    download.value.save_as(copy)

    page.get_by_role("link", name="上传改好的文件").click()
    page.get_by_label("要导入的文件").set_input_files(corrected(copy, demonstration.samples / RIGHT))
    page.get_by_role("button", name="上传并预检").click()
    page.get_by_role("button", name="导入").click()

    effects = page.get_by_role("table", name="对相关专业学历从业人员占比的影响")
    moved = effects.get_by_role("row", name=INSTITUTION)
    assert moved.inner_text().split("\t")[1:3] == ["29.4% 5/17", "45.0% 9/20"]
    assert barriers(page) == []
    moved.get_by_role("link").click()
    assert INSTITUTION in page.get_by_role("heading", level=1).inner_text()
    assert "45.0%" in page.get_by_role("main").inner_text()


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["360", "1366"])
def test_every_number_leads_from_the_city_down_to_the_people(
    page: Page, enter: Enter, screen: dict[str, int]
) -> None:
    page.set_viewport_size(screen)
    enter("demo-city")
    page.get_by_role("link", name="28.6%").first.click()

    for place in ("黄浦区", "外滩街道", INSTITUTION):
        page.get_by_role("main").get_by_role("link", name=place, exact=True).first.click()
        assert place in page.get_by_role("heading", level=1).inner_text()
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]

    ledger = page.get_by_role("main").inner_text()
    assert "*" in ledger, "the city sees names in part"
