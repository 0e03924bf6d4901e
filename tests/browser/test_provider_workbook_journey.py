"""A provider's own way with a workbook: forty people with seven faults, mended, loaded, undone, loaded again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from registry.organisations.models import Organisation, Site
from registry.workforce.models import Post, Practitioner
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter

INSTITUTION = "黄浦暖阳社区康复服务中心（示例）"
PEOPLE = 40
LiveSession = Callable[[], AbstractContextManager[Session]]

FAULTS: dict[int, dict[str, Any]] = {
    4: {"岗位": "心理师"},
    7: {"姓名": None},
    10: {"任职日期": "2026/2/30"},
    14: {"离任日期": "2023-12-31"},
    20: {"身份证号": 6.3e17},
    25: {"站点编号": "zzzzzzzzzz"},
    33: {"核验情况": "已核验", "核验日期": "2026-01-05"},
}
"""Row of the workbook to what is wrong there; each is one finding."""
MENDED: dict[int, dict[str, Any]] = {
    4: {"岗位": "心理治疗师"},
    7: {"姓名": "示例人员06"},
    10: {"任职日期": "2026-02-28"},
    14: {"离任日期": None},
    20: {"身份证号": None},
    25: {},
    33: {"核验情况": "核验中", "核验日期": None},
}


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


@pytest.fixture
def site_code(live_session: LiveSession) -> str:
    with live_session() as session:
        of_provider = sa.select(Site.code).join(Organisation).where(Organisation.name == INSTITUTION)
        return session.scalars(of_provider.order_by(Site.id)).first() or ""


def newcomers(live_session: LiveSession) -> tuple[int, int]:
    """People of the workbook and their posts, in the register."""
    with live_session() as session:
        theirs = Practitioner.person_no.like("示例-旅程-%")
        people = session.scalar(sa.select(sa.func.count()).where(theirs))
        posts = session.scalar(sa.select(sa.func.count(Post.id)).join(Practitioner).where(theirs))
        return people or 0, posts or 0


def heads_of(sheet: Any) -> dict[str, int]:
    return {str(cell.value).rstrip("*"): cell.column for cell in sheet[1] if cell.value}


def write(file: Path, rows: dict[int, dict[str, Any]]) -> Path:
    """Types into a workbook: row and head to what is to stand there."""
    book = openpyxl.load_workbook(file)
    sheet = book["从业人员"]
    heads = heads_of(sheet)
    for row, cells in rows.items():
        for head, value in cells.items():
            sheet.cell(row, heads[head]).value = value
    book.save(file)
    return file


def roster(site_code: str) -> dict[int, dict[str, Any]]:
    """Rows 2 to 41: each a social worker at the site, with a diploma that the district is still to verify."""
    return {
        row: {
            "人员编号": f"示例-旅程-{row - 1:02}",
            "姓名": f"示例人员{row - 1:02}",
            "出生年份": 1985,
            "站点编号": site_code,
            "岗位": "社会工作者",
            "用工形式": "专职",
            "是否从事社区康复服务": "是",
            "任职日期": "2024-03-01",
            "学历或学位": "学历",
            "学历层次": "本科",
            "专业目录": "本科专业目录",
            "专业代码": "030302",
            "专业名称": "社会工作",
            "毕业院校": "示例大学",
            "取得日期": "2008-07-01",
            "核验情况": "核验中",
        }
        for row in range(2, PEOPLE + 2)
    }


def download(page: Page, words: str, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name=words).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def send(page: Page, file: Path) -> None:
    """And waits for the page of the run."""
    page.get_by_label("要导入的文件").set_input_files(file)
    page.get_by_role("button", name="上传并预检").click()
    page.wait_for_url("**/intake/runs/*")


def press(page: Page, button: str) -> None:
    """And waits for the answer, which is the page of the run."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**/intake/runs/*")


def share_moved(page: Page) -> list[str]:
    effects = page.get_by_role("table", name="对相关专业学历从业人员占比的影响")
    return effects.get_by_role("row", name=INSTITUTION).inner_text().split("\t")[1:3]


def check_preview(page: Page) -> None:
    """Totals that add up, seven causes with their places, nothing of the identity number."""
    expect(page.get_by_role("main")).to_contain_text("33 + 7 = 40 行。")
    causes = page.get_by_role("table", name="按原因汇总")
    assert causes.get_by_role("row").count() == 1 + 7
    places = [row.get_by_role("cell").nth(4).inner_text() for row in causes.get_by_role("row").all()[1:]]
    assert places == ["G4", "B7", "J10", "K14", "AA20", "D25", "S33"]
    assert "6.3" not in page.content()
    assert barriers(page) == []
    run = page.url
    page.get_by_role("link", name="有错误", exact=True).click()
    assert page.get_by_role("table", name="逐行预检").get_by_role("row").count() == 1 + 7
    assert barriers(page) == []
    page.goto(run)


def check_result(page: Page) -> None:
    """Person by person who counts: a diploma that waits for the district counts below the line alone."""
    assert share_moved(page) == ["29.4% 5/17", "8.8% 5/57"]
    page.get_by_role("link", name="逐人查看结果，谁计入占比").click()
    result = page.get_by_role("table", name="逐行结果")
    assert result.get_by_role("row").count() == 1 + 40
    assert result.get_by_text("只计入分母").count() == 40
    assert barriers(page) == []
    result.get_by_role("link", name="示例-旅程-01").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例人员01")


def test_a_provider_loads_forty_people_mends_seven_faults_undoes_and_loads_again(
    page: Page, enter: Enter, live_session: LiveSession, site_code: str, tmp_path: Path
) -> None:
    page.set_viewport_size(DESK)
    enter("demo-provider")
    page.goto("/intake/")
    page.get_by_role("link", name="上传从业人员").click()
    filled = write(download(page, "下载模板", tmp_path), roster(site_code))
    send(page, write(filled, FAULTS))

    main = page.get_by_role("main")
    check_preview(page)
    run = page.url

    copy = download(page, "下载标注后的文件", tmp_path)
    sheet = openpyxl.load_workbook(copy)["从业人员"]
    reasons = heads_of(sheet)["问题与改法"]
    assert [row for row in range(2, PEOPLE + 2) if sheet.cell(row, reasons).value] == sorted(FAULTS)
    page.get_by_role("link", name="上传改好的文件").click()
    send(page, write(copy, MENDED | {25: {"站点编号": site_code}}))
    expect(main).to_contain_text("40 = 40 行。")
    assert newcomers(live_session) == (0, 0)
    press(page, "导入 40 行")

    expect(main).to_contain_text("已导入")
    assert newcomers(live_session) == (40, 40)
    assert barriers(page) == []
    loaded = page.url
    check_result(page)

    page.goto(loaded)
    page.get_by_role("link", name="撤销本次导入…").click()
    expect(main).to_contain_text("人员 40、任职 40、学历 40")
    assert barriers(page) == []
    press(page, "撤销本次导入")

    expect(main).to_contain_text("已撤销")
    assert newcomers(live_session) == (0, 0)
    assert share_moved(page) == ["8.8% 5/57", "29.4% 5/17"]
    page.get_by_role("link", name="重新上传").click()
    send(page, copy)
    press(page, "导入 40 行")
    assert newcomers(live_session) == (40, 40)
    page.set_viewport_size(NARROW)
    for address in (page.url, f"{page.url}/rows", f"{run}/problems", f"{page.url}/undo"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], address
