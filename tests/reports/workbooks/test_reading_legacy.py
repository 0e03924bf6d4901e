"""What a legacy .xls hides or failed to compute is named as in an .xlsx."""

import pytest

from registry.intake.problems import Severity
from registry.intake.tables import RawTable
from reports.workbooks.reading import read_table
from tests.reports.workbooks.files import HEADS, ROW
from tests.reports.workbooks.legacy_files import Failed, Page, Value, failed_cell, xls_of

NAME = "机构和站点"


def read(*pages: Page) -> RawTable:
    return read_table(xls_of(*pages), "场所.xls", sheets=(NAME,))


def page(*rows: tuple[Value, ...], **facts: object) -> Page:
    return Page(NAME, (HEADS, *rows), **facts)  # type: ignore[arg-type]  # as Page has them


def findings(table: RawTable) -> list[tuple[str, str, str, Severity]]:
    return [(one.sheet, one.column, str(one.message), one.severity) for one in table.problems]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0x00, "#NULL!"),
        (0x07, "#DIV/0!"),
        (0x0F, "#VALUE!"),
        (0x17, "#REF!"),
        (0x1D, "#NAME?"),
        (0x2A, "#N/A"),
    ],
)
def test_an_error_value_is_pointed_at_and_not_taken_for_a_blank(code: int, text: str) -> None:
    table = read(page(ROW, ("示例中心", Failed(code), "310101")))

    (problem,) = table.problems
    assert (problem.row, problem.column, problem.header, problem.value) == (3, "B", "类型", text)
    assert str(problem.message) == "这一格是错误值，不是数据。"
    assert problem.severity is Severity.ERROR


def test_true_and_false_share_a_record_with_errors_and_are_none() -> None:
    table = read(page(("示例中心", True, "310101")))

    assert findings(table) == []
    assert table.rows[0].cells[1] is True


def test_what_a_chart_keeps_of_its_own_is_no_cell() -> None:
    assert findings(read(page(ROW, chart=failed_cell(1, 1, 0x2A)))) == []


@pytest.mark.parametrize("state", [1, 2])
def test_a_filled_hidden_sheet_is_named_and_not_read(state: int) -> None:
    table = read(page(ROW), Page("旧名单", [("x",)], state=state))

    assert findings(table) == [("旧名单", "", "这张工作表是隐藏的，没有读取。", Severity.WARNING)]
    assert len(table.rows) == 1


@pytest.mark.parametrize("name", ["_template", "填写说明", "Notes"])
def test_what_is_hidden_of_our_own_template_is_no_news(name: str) -> None:
    assert findings(read(page(ROW), Page(name, [("x",)], state=2))) == []


def test_empty_sheets_are_nothing_whether_hidden_or_not() -> None:
    assert findings(read(page(ROW), Page("Sheet2", []), Page("Sheet3", [], state=1))) == []


def test_a_further_sheet_with_content_is_named() -> None:
    table = read(page(ROW), Page("Sheet2", [("x",)]))

    assert [one[0] for one in findings(table)] == ["Sheet2"]


def test_hidden_rows_are_read_and_named() -> None:
    table = read(page(ROW, ROW, ROW, hidden_rows=(1, 3, 9)))

    assert [row.number for row in table.rows] == [2, 3, 4]
    assert findings(table) == [(NAME, "", "有2行是隐藏的，也读取了：第2、4行。", Severity.WARNING)]


def test_hidden_columns_are_read_and_named_with_their_heads() -> None:
    table = read(page(ROW, hidden_columns=((1, 1), (7, 9))))

    assert table.rows[0].cells[1] == "社区康复点"
    assert findings(table) == [(NAME, "B", "这一列是隐藏的，也读取了。", Severity.WARNING)]
