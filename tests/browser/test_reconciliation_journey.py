"""数据核对: a district compares an export, sends a correction in its own form, and sees it done in the next one."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, Enter
from tests.demonstration import Demonstration

SECOND, THIRD = "示例-社工登记系统-导出-1120.csv", "示例-社工登记系统-导出-更正后.csv"
HEADS = "人员姓名,出生年份,所在机构,岗位名称,用工性质,入职日期,证书号,证书等级,登记有效期"


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


def test_a_district_compares_an_export_reports_what_is_wrong_and_sees_it_corrected(
    page: Page, enter: Enter, demonstration: Demonstration
) -> None:
    enter("demo-district")
    page.get_by_role("link", name="数据核对").first.click()
    compare(page, demonstration.samples / SECOND)

    assert count(page, "读取行数") == count(page, "对上") == 103
    assert (count(page, "仅对方有"), count(page, "仅我方有"), count(page, "本次见已改")) == (0, 2, 0)
    assert barriers(page) == []
    page.get_by_label("更正方", exact=True).select_option(label="对方更正")
    with page.expect_navigation():
        page.get_by_role("button", name="筛选").click()
    listed = page.get_by_role("table", name="逐项清单").get_by_role("row")
    expect(listed).to_have_count(6)
    expect(listed.filter(has_text="已报未改")).to_have_count(2)
    expect(listed.filter(has_text="林可欣")).to_contain_text("兼职")
    expect(listed.filter(has_text="林可欣")).to_contain_text("专职")

    page.get_by_role("link", name="下载更正表").click()
    page.get_by_label("核对更正数据").check()
    page.get_by_label("具体用途").fill("送社工登记系统更正")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 csv").click()
    lines = Path(download.value.path()).read_bytes().decode("gb18030").splitlines()
    assert lines[0] == f"{HEADS},更正说明,权威来源,来源系统,水印"
    assert len(lines) == 6
    assert any("原为“兼职”，应为" in line for line in lines)
    assert all("补录" in line for line in lines[-2:])

    page.go_back()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("全部标为已报")).click()
    expect(page.get_by_text("已把3项标为“已报”。")).to_be_visible()
    page.get_by_role("link", name="上传新的导出").click()
    compare(page, demonstration.samples / THIRD)

    assert count(page, "本次见已改") == 5
    assert count(page, "仅我方有") == 0
    expect(page.get_by_role("button", name=re.compile("全部标为已报"))).to_have_count(0)
    page.set_viewport_size(NARROW)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def compare(page: Page, file: Path) -> None:
    """Sends a file of the register of social workers; its columns are known from the last one."""
    page.goto("/reconciliations/new")
    page.get_by_label("来源系统").select_option(label="社工登记系统（示例）")
    page.get_by_label("导出文件").set_input_files(file)
    page.get_by_role("button", name="上传").click()
    page.wait_for_url("**/columns")
    expect(page.get_by_label("岗位名称")).to_have_value("profession")
    page.get_by_role("button", name="开始核对").click()
    page.wait_for_url(re.compile(r"/reconciliations/\w+$"))


def count(page: Page, label: str) -> int:
    """The number above a label."""
    item = page.get_by_role("list", name="核对结果").get_by_role("listitem").filter(has_text=label)
    return int(item.inner_text().split()[0])
