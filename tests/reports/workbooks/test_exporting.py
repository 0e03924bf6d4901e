"""An export holds exactly its rows, typed, and runs nothing when it is opened."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from reports.workbooks.exporting import export_csv, export_xlsx, sheet_name
from reports.workbooks.reading import read_table

HEADS = ("机构名称", "人数", "占比", "启用日期", "更新时间", "在用")
ROWS: Sequence[Sequence[Any]] = (
    ("示例中心", 12, Decimal("0.25"), date(2024, 3, 1), datetime(2026, 11, 23, 1, 30, tzinfo=UTC), True),
    ("", -3, 0.5, None, None, False),
)
ABOUT = (("范围", "上海市"), ("筛选", "类型：医院"), ("导出时间", "2026-11-23 09:30"))
DANGEROUS = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "＋1", "－1", "＠x"]


def as_book(rows: Any = ROWS, title: str = "机构") -> openpyxl.Workbook:
    data = export_xlsx(HEADS, rows, title=title, about=ABOUT, gettext=lambda text: text)
    return openpyxl.load_workbook(BytesIO(data))


def test_the_rows_of_a_workbook_begin_under_the_header_and_keep_their_types():
    page = as_book().worksheets[0]
    assert [cell.value for cell in page[1]] == list(HEADS)
    assert [cell.value for cell in page[2]] == [
        "示例中心",
        12,
        0.25,
        datetime(2024, 3, 1),
        datetime(2026, 11, 23, 9, 30),  # as the clocks in China show it
        "是",
    ]
    assert [cell.value for cell in page[3]] == [None, -3, 0.5, None, None, "否"]
    assert page.max_row == 3


def test_scope_filters_and_time_are_on_a_sheet_of_their_own():
    about = as_book()["导出说明"]
    lines = [(row[0].value, row[1].value) for row in about.iter_rows()]
    assert lines == [("名称", "机构"), *ABOUT]


def test_a_title_that_no_sheet_may_have_is_cut_to_one():
    assert (
        as_book(title="机构[全部]/2026:" + "甲" * 40).worksheets[0].title == ("机构全部2026" + "甲" * 40)[:31]
    )


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_workbook_holds_text_as_text(text: str):
    cell = as_book([(text,)]).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_is_guarded_in_delimited_text(text: str):
    data = export_csv(["名称"], [(text,)], gettext=lambda words: words).decode("utf-8-sig")
    assert data.split("\r\n")[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", [text for text in DANGEROUS if not text.startswith("\t")])
def test_guarded_text_comes_back_as_it_was(text: str):
    data = export_csv(["名称", "数"], [(text, 1)], gettext=lambda words: words)
    assert read_table(data, "导出.csv").rows[0].cells == [text, "1"]


def test_delimited_text_has_its_mark_its_rows_and_nothing_else():
    data = export_csv(HEADS, ROWS, gettext=lambda words: words)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n") == [
        "机构名称,人数,占比,启用日期,更新时间,在用",
        "示例中心,12,0.25,2024-03-01,2026-11-23 09:30,是",
        ",-3,0.5,,,否",
        "",
    ]


def test_rows_are_taken_one_by_one():
    def endless() -> Iterator[tuple[Any, ...]]:
        yield from ROWS

    assert as_book(endless()).worksheets[0].max_row == 3


def test_two_sheets_of_one_book_never_bear_one_name_in_any_case():
    assert sheet_name("Report", beside=("REPORT", "report_2")) == "Report_3"
    assert sheet_name("长" * 40, beside=("长" * 31,)) == "长" * 28 + "_2"
    assert sheet_name("Report", beside=("Reports",)) == "Report"
