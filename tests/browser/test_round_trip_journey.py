"""A provider takes her people out, changes two cells, and meets a colleague's change when the file comes back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from registry.workforce.models import Engagement, Post, Practitioner
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter

Sessions = Callable[[], AbstractContextManager[Session]]
FIRST, SECOND = "示例000011", "示例000012"


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def changed(path: Path) -> Path:
    """Another name for the first, part-time for the second."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    sheet.cell(rows[FIRST], heads["姓名"]).value = "王方"
    sheet.cell(rows[SECOND], heads["用工形式"]).value = "兼职"
    book.save(path)
    return path


def taken_out(page: Page, tmp_path: Path) -> Path:
    """From the list, with a purpose."""
    page.get_by_role("link", name="从业人员").first.click()
    page.get_by_role("link", name="导出名单，改后导回").click()
    page.get_by_label("核对更正数据").check()
    page.get_by_label("具体用途").fill("2026年第四季度从业人员核对")
    assert barriers(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 xlsx").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_conflict_of_a_file_that_comes_back_is_shown_and_chosen(
    page: Page, enter: Enter, live_session: Sessions, tmp_path: Path
) -> None:
    enter("demo-provider")
    path = taken_out(page, tmp_path)
    with live_session() as session:
        colleague = sa.update(Practitioner).where(Practitioner.person_no == FIRST)
        session.execute(colleague.values(name="汪芳", version=Practitioner.version + 1))

    page.goto("/intake/practitioners")
    page.get_by_label("要导入的文件").set_input_files(changed(path))
    with page.expect_navigation():
        page.get_by_role("button", name="上传并预检").click()
    with page.expect_navigation():
        page.get_by_role("link", name="查看三方比对").click()

    conflict = page.get_by_role("group", name="人员基本信息：姓名")
    assert "王芳" in conflict.inner_text()
    for size in (DESK, NARROW):
        page.set_viewport_size(size)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    conflict.get_by_label("保留登记册的").check()
    with page.expect_navigation():
        page.get_by_role("button", name="按选择重新预检").click()
    with page.expect_navigation():
        page.get_by_role("button", name="导入 1 行").click()

    with live_session() as session:
        found = dict(
            session.execute(
                sa.select(Practitioner.name, Post.engagement)
                .join(Post, Post.practitioner_id == Practitioner.id)
                .where(Practitioner.person_no.in_((FIRST, SECOND)))
            ).all()
        )
    assert found["汪芳"] is Engagement.FULL_TIME
    assert Engagement.PART_TIME in found.values()
