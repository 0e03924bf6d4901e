"""Workbooks are read as they stand, and what cannot be trusted is refused by name or pointed at by cell."""

import contextlib
import random
import re
import struct
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from registry.intake.problems import FileRefused, Severity
from registry.intake.tables import RawRow, TableFormat
from reports.workbooks.reading import read_table
from tests.reports.workbooks.files import HEADS, ROW, packed, part, repacked, workbook

DATA = Path(__file__).parent / "data"
SHEET = "xl/worksheets/sheet1.xml"


def refusal(data: bytes, file_name: str = "示例.xlsx") -> str:
    with pytest.raises(FileRefused) as caught:
        read_table(data, file_name)
    problem = caught.value.problem
    assert str(problem.remedy)
    assert problem.value == file_name
    return f"{problem.message}{problem.remedy}"


def pointed_at(data: bytes) -> list[tuple[int, str, str, str]]:
    problems = read_table(data, "示例.xlsx").problems
    return [(problem.row, problem.column, problem.header, problem.value) for problem in problems]


# --- what is read -------------------------------------------------------------------------------------------------


def test_headers_rows_and_their_numbers_are_read():
    table = read_table(workbook(HEADS, ROW, (), ROW), "示例.xlsx")
    assert table.headers == HEADS
    assert table.rows == [RawRow(2, list(ROW)), RawRow(4, list(ROW))]
    assert (table.sheet, table.header_row, table.format) == ("机构和站点", 1, TableFormat.XLSX)


def test_blank_rows_above_and_blank_columns_before_keep_numbers_and_letters():
    def shift(book: Any, page: Any) -> None:
        page.write_row(2, 1, HEADS)
        page.write_row(3, 1, ROW)

    table = read_table(workbook(also=shift), "示例.xlsx")
    assert (table.header_row, table.headers) == (3, ("", *HEADS))
    assert table.rows == [RawRow(4, ["", *ROW])]


def test_a_row_of_blanks_is_no_row():
    table = read_table(workbook(HEADS, (" ", "\u3000", ""), ROW), "示例.xlsx")
    assert [row.number for row in table.rows] == [3]


def test_dates_numbers_and_truths_keep_their_types():
    def fill(book: Any, page: Any) -> None:
        page.write_datetime(1, 0, date(2026, 2, 3), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_number(1, 1, 310101)
        page.write_boolean(1, 2, True)

    row = read_table(workbook(HEADS, also=fill), "示例.xlsx").rows[0]
    assert row.cells == [date(2026, 2, 3), 310101.0, True]


def test_the_sheet_of_the_wanted_name_is_read_and_a_filled_other_one_is_named():
    def add(book: Any, page: Any) -> None:
        book.add_worksheet("别的").write_row(0, 0, ("甲", "乙"))
        book.add_worksheet("空的")
        book.add_worksheet("填写说明").write(0, 0, "说明")
        book.add_worksheet("藏的").write(0, 0, "藏")
        book.get_worksheet_by_name("藏的").hide()

    data = workbook(("甲",), ("乙",), sheet="前面", also=add)
    table = read_table(data, "示例.xlsx", sheets=("前面", "Front"))
    assert table.sheet == "前面"
    assert [(p.sheet, p.severity) for p in table.problems] == [
        ("别的", Severity.WARNING),
        ("藏的", Severity.WARNING),
    ]


def test_without_the_wanted_name_the_first_visible_sheet_is_read():
    def add(book: Any, page: Any) -> None:
        page.hide()
        second = book.add_worksheet("第二")
        second.write_row(0, 0, HEADS)
        second.write_row(1, 0, ROW)
        second.activate()
        second.set_first_sheet()

    assert read_table(workbook(("x",), also=add), "示例.xlsx", sheets=("没有",)).sheet == "第二"


def test_a_legacy_workbook_is_read():
    table = read_table((DATA / "legacy.xls").read_bytes(), "旧版.xls")
    assert table.headers == ("机构名称", "类型", "所在区划", "启用日期")
    assert table.rows[0].cells == ["示例中心甲", "社区康复点", 310101, date(2024, 3, 1)]
    assert [row.number for row in table.rows] == [2, 4]
    assert table.format is TableFormat.XLS


# --- what is pointed at -------------------------------------------------------------------------------------------


def test_every_cell_with_a_formula_is_listed_with_its_formula():
    def compute(book: Any, page: Any) -> None:
        page.write_formula(1, 0, "=CONCAT(B2,C2)", None, "甲")
        page.write_formula(2, 2, "=1+1", None, 2)
        page.data_validation(1, 1, 9, 1, {"validate": "list", "source": ["甲", "乙"]})

    assert pointed_at(workbook(HEADS, ROW, ROW, also=compute)) == [
        (2, "A", "机构名称", "=CONCAT(B2,C2)"),
        (3, "C", "所在区划", "=1+1"),
    ]


def test_a_formula_that_shares_the_text_of_another_is_listed_too():
    data = workbook(HEADS, ROW)
    sheet = part(data, SHEET).replace(b'<c r="C2" t="s"><v>', b'<c r="C2" t="s"><f t="shared" si="0"/><v>')
    assert pointed_at(repacked(data, xl_worksheets_sheet1__xml=sheet)) == [(2, "C", "所在区划", "=…")]


def test_formulas_are_found_in_files_whose_names_have_a_prefix():
    data = workbook(HEADS, ROW)
    sheet = part(data, SHEET).replace(b'<c r="C2" t="s"><v>', b'<c r="C2" t="s"><f>1+1</f><v>')
    for name in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f"):
        for before, after in ((b"<", b"<x:"), (b"</", b"</x:")):
            for end in (b" ", b">"):
                sheet = sheet.replace(before + name + end, after + name + end)
    sheet = sheet.replace(b"xmlns=", b"xmlns:x=")
    problems = read_table(repacked(data, xl_worksheets_sheet1__xml=sheet), "示例.xlsx").problems
    assert [(problem.row, problem.column) for problem in problems] == [(2, "C")]


def test_the_formulas_of_a_legacy_workbook_are_listed():
    table = read_table((DATA / "legacy_with_formulas.xls").read_bytes(), "旧版.xls")
    formulas = [(p.row, p.column) for p in table.problems if "公式" in str(p.message)]
    assert formulas == [(2, "C"), (3, "A")]


def test_an_error_value_is_pointed_at_and_not_taken_for_a_blank():
    data = workbook(HEADS, ROW)
    failed = b'<c r="B2" t="e"><v>#N/A</v></c>'
    sheet = re.sub(rb'<c r="B2" t="s"><v>\d+</v></c>', failed, part(data, SHEET))
    assert pointed_at(repacked(data, xl_worksheets_sheet1__xml=sheet)) == [(2, "B", "类型", "#N/A")]


def test_merged_cells_of_the_header_are_listed_with_their_range():
    def merge(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 1, "机构名称")

    assert pointed_at(workbook(HEADS, ROW, also=merge)) == [(1, "A", "机构名称", "A1:B1")]


def test_merged_cells_of_rows_are_listed_because_only_one_cell_has_the_value():
    def merge(book: Any, page: Any) -> None:
        page.merge_range(1, 1, 2, 1, "社区康复点")

    problems = read_table(workbook(HEADS, ROW, ROW, also=merge), "示例.xlsx").problems
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "B", "B2:B3")]
    assert "填进每一格" in str(problems[0].remedy)


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"   \r\n"])
def test_an_empty_file_is_refused(data: bytes):
    assert "文件是空的" in refusal(data)


def test_a_workbook_without_a_cell_is_refused_as_empty():
    assert "文件是空的" in refusal(workbook())


def test_a_header_without_rows_is_refused():
    assert "只有表头" in refusal(workbook(HEADS))


@pytest.mark.parametrize("name", ["示例.docx", "示例.xlsm", "示例.et", "示例.pdf", "示例"])
def test_another_type_is_refused_with_what_to_save_as(name: str):
    assert "另存为" in refusal(workbook(HEADS, ROW), name)


def test_a_workbook_under_the_name_of_text_is_told_its_real_type():
    assert "内容是 .xlsx" in refusal(workbook(HEADS, ROW), "示例.csv")
    assert "内容是 .xlsx" in refusal(workbook(HEADS, ROW), "示例.xls")


def test_a_legacy_workbook_under_a_new_name_is_told_its_real_type():
    assert "内容是 .xls" in refusal((DATA / "legacy.xls").read_bytes())


def test_text_under_the_name_of_a_workbook_is_refused():
    assert "不是工作簿" in refusal("机构名称,类型".encode())


def test_a_web_table_under_the_name_of_a_workbook_is_told_so():
    assert "网页表格" in refusal(b"\xef\xbb\xbf <html><table></table></html>", "导出.xls")


def test_a_package_of_something_else_is_refused():
    assert "不是工作簿" in refusal(packed({"word/document.xml": b"<x/>"}))


def test_a_workbook_with_a_password_is_told_so():
    assert "打开密码" in refusal((DATA / "locked.xlsx").read_bytes())


def test_a_workbook_with_macros_is_refused():
    assert "有宏" in refusal(repacked(workbook(HEADS, ROW), xl_vbaProject__bin=b"x"))


@pytest.mark.parametrize("kept", [4, 100, 2_000, 5_000])
def test_a_file_that_was_cut_off_is_refused(kept: int):
    assert "不完整或已损坏" in refusal(workbook(HEADS, ROW)[:kept])


def test_a_legacy_file_that_was_cut_off_is_refused():
    assert "不完整或已损坏" in refusal((DATA / "legacy.xls").read_bytes()[:700], "旧版.xls")


def test_a_damaged_sheet_is_refused():
    assert "不完整或已损坏" in refusal(
        repacked(workbook(HEADS, ROW), xl_worksheets_sheet1__xml=b"<worksheet")
    )


def test_a_package_that_unpacks_a_hundredfold_is_refused():
    assert "过大" in refusal(repacked(workbook(HEADS, ROW), xl_media_big__bin=b"\0" * 40_000_000))


def test_a_package_of_a_thousand_and_one_entries_is_refused():
    many = {f"xl_media_{number}__bin": b"x" for number in range(1_001)}
    assert "过大" in refusal(repacked(workbook(HEADS, ROW), **many))


def test_an_entry_that_unpacks_to_more_than_it_states_is_refused():
    data = bytearray(repacked(workbook(HEADS, ROW), xl_media_big__bin=b"\0" * 100_000))
    stated = struct.pack("<I", 100_000)
    while stated in data:  # in the entry's own header and in the directory
        place = data.index(stated)
        data[place : place + 4] = struct.pack("<I", 10)
    assert "不完整或已损坏" in refusal(bytes(data))


@pytest.mark.parametrize("cell", ["BA7", "A1048576", "XFD1"])
def test_a_cell_far_out_is_refused_before_it_takes_the_memory_of_a_whole_rectangle(cell: str):
    data = workbook(HEADS, ROW)
    far = f'<c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    sheet = part(data, SHEET).replace(b"</row></sheetData>", far)
    assert f"单元格{cell}有内容" in refusal(repacked(data, xl_worksheets_sheet1__xml=sheet))


def test_a_far_cell_that_only_has_a_style_is_no_content():
    data = workbook(HEADS, ROW)
    sheet = part(data, SHEET).replace(b"</row></sheetData>", b'<c r="XFD2" s="0"/></row></sheetData>')
    assert len(read_table(repacked(data, xl_worksheets_sheet1__xml=sheet), "示例.xlsx").rows) == 1


def test_a_workbook_of_hidden_sheets_only_is_refused():
    data = workbook(HEADS, ROW)
    hidden = part(data, "xl/workbook.xml").replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
    assert "没有可以读取的工作表" in refusal(repacked(data, xl_workbook__xml=hidden))


def test_damaged_bytes_are_refused_or_read_and_never_end_in_another_error():
    chance = random.Random(7)
    whole = workbook(HEADS, *[ROW] * 20)
    for _round in range(150):
        name = chance.choice([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"])
        content = bytearray(part(whole, name))
        for _change in range(chance.choice([1, 3, 20])):
            content[chance.randrange(len(content))] = chance.choice(b'<>"/ &09AZ\xff')
        damaged = repacked(whole, **{name.replace("/", "_").replace(".", "__"): bytes(content)})
        with contextlib.suppress(FileRefused):
            read_table(damaged, "示例.xlsx")
