"""What a workbook hides: named, and read or left as the finding says."""

from typing import Any

from registry.intake.problems import Severity
from registry.intake.tables import RawTable
from reports.workbooks.reading import read_table
from tests.reports.workbooks.files import HEADS, ROW, workbook


def read(*rows: Any, also: Any) -> RawTable:
    return read_table(workbook(HEADS, *rows, also=also), "场所.xlsx", sheets=("机构和站点",))


def findings(table: RawTable) -> list[tuple[str, str, str, Severity]]:
    return [(one.sheet, one.column, str(one.message), one.severity) for one in table.problems]


def test_a_filled_hidden_sheet_is_named_and_not_read() -> None:
    def also(book: Any, _page: Any) -> None:
        other = book.add_worksheet("旧名单")
        other.write(0, 0, "x")
        other.hide()

    table = read(ROW, also=also)

    assert findings(table) == [("旧名单", "", "这张工作表是隐藏的，没有读取。", Severity.WARNING)]
    assert len(table.rows) == 1


def test_the_hidden_sheet_of_a_file_that_was_taken_out_is_read_and_no_news() -> None:
    def also(book: Any, _page: Any) -> None:
        ours = book.add_worksheet("_base")
        ours.write_row(0, 0, ["{}", "x"])
        ours.very_hidden()

    table = read(ROW, also=also)

    assert findings(table) == []
    assert table.hidden


def test_an_empty_hidden_sheet_is_nothing() -> None:
    assert findings(read(ROW, also=lambda book, _page: book.add_worksheet("空").hide())) == []


def test_hidden_rows_are_read_and_named() -> None:
    def also(_book: Any, page: Any) -> None:
        page.set_row(1, None, None, {"hidden": True})
        page.set_row(3, None, None, {"hidden": True})
        page.set_row(9, None, None, {"hidden": True})

    table = read(ROW, ROW, ROW, also=also)

    assert [row.number for row in table.rows] == [2, 3, 4]
    assert findings(table) == [("机构和站点", "", "有2行是隐藏的，也读取了：第2、4行。", Severity.WARNING)]


def test_of_many_hidden_rows_the_first_are_named() -> None:
    def also(_book: Any, page: Any) -> None:
        for row in range(1, 8):
            page.set_row(row, None, None, {"hidden": True})

    table = read(*[ROW] * 7, also=also)

    assert "有7行是隐藏的，也读取了：第2、3、4、5、6、…行。" in findings(table)[0][2]


def test_hidden_columns_are_read_and_named_with_their_heads() -> None:
    def also(_book: Any, page: Any) -> None:
        page.set_column(1, 1, None, None, {"hidden": True})
        page.set_column(7, 9, None, None, {"hidden": True})

    table = read(ROW, also=also)

    assert table.rows[0].cells[1] == "社区康复点"
    assert findings(table) == [("机构和站点", "B", "这一列是隐藏的，也读取了。", Severity.WARNING)]
