"""The template is what the preview reads: heads in both languages, drop-downs, notes, version."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from registry.intake.columns import matched
from registry.intake.declaration import WorkbookKind
from registry.intake.kinds import KINDS
from registry.intake.problems import FileRefused
from reports.workbooks.reading import read_table
from reports.workbooks.templates import template
from tests.reports.workbooks.files import workbook

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def opened(kind: WorkbookKind[Any], locale: str = "zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(template(kind, locale=locale, gettext=lambda text: text)))


@EVERY_KIND
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_heads_of_a_template_are_the_columns_of_its_kind(kind: WorkbookKind[Any], locale: str):
    page = opened(kind, locale).worksheets[0]
    heads = [str(cell.value) for cell in page[1]]
    assert list(matched(kind, heads)) == [column.key for column in kind.columns]
    assert [head.endswith("*") for head in heads] == [column.required for column in kind.columns]


@EVERY_KIND
def test_the_template_keeps_its_header_in_sight_and_dates_as_dates(kind: WorkbookKind[Any]):
    page = opened(kind).worksheets[0]
    assert page.freeze_panes == "A2"
    widths = [page.column_dimensions[cell.column_letter].width for cell in page[1]]
    assert min(widths) >= 10


def test_a_column_with_choices_has_a_drop_down_of_all_of_them():
    book = opened(KINDS["sites"])
    page, lists = book.worksheets[0], book["_template"]
    letter = next(cell.column_letter for cell in page[1] if cell.value == "类型*")
    rule = next(
        rule for rule in page.data_validations.dataValidation if str(rule.sqref).startswith(f"{letter}2:")
    )
    assert rule.type == "list"
    source = rule.formula1.split("!")[1].replace("$", "")
    words = [row[0].value for row in lists[source]]
    assert words == [
        "社区康复点",
        "日间照料康复中心",
        "中途宿舍",
        "辅助就业工场",
        "医院",
        "社工站",
        "办公地点",
    ]


def test_every_column_says_how_to_fill_it_when_its_cell_is_entered():
    page = opened(KINDS["practitioners"]).worksheets[0]
    hints = {str(rule.sqref).split("2:")[0]: rule.prompt for rule in page.data_validations.dataValidation}
    assert len(hints) == 29
    assert hints["A"] == "本系统的人员编号，不是身份证号；身份证号填在最后。"


@EVERY_KIND
def test_the_notes_explain_every_column_and_name_the_version(kind: WorkbookKind[Any]):
    notes = opened(kind)["填写说明"]
    cells = [str(cell.value or "") for row in notes.iter_rows() for cell in row]
    assert f"“{kind.zh}”导入模板，第{kind.version}版" in cells
    for column in kind.columns:
        assert column.zh in cells
        assert column.hint_zh in cells


def test_an_empty_template_is_refused_because_it_has_no_rows():
    data = template(KINDS["sites"], locale="zh", gettext=lambda text: text)
    with pytest.raises(FileRefused, match="只有表头"):
        read_table(data, "模板.xlsx")


def test_a_filled_template_is_known_by_its_kind_and_its_notes_are_not_read():
    book = opened(KINDS["sites"])
    book.worksheets[0].append(["示例中心"])
    data = BytesIO()
    book.save(data)
    table = read_table(data.getvalue(), "模板.xlsx", sheets=("机构和站点",))
    assert (table.template, table.problems, len(table.rows)) == ("sites", (), 1)


def test_a_workbook_of_ones_own_has_no_kind():
    assert read_table(workbook(("甲",), ("乙",)), "自己的.xlsx").template == ""


@EVERY_KIND
def test_every_column_with_choices_has_its_drop_down(kind: WorkbookKind[Any]):
    page = opened(kind).worksheets[0]
    lists = {
        str(rule.sqref).split("2:")[0] for rule in page.data_validations.dataValidation if rule.type == "list"
    }
    heads = {cell.column_letter: str(cell.value).rstrip("*") for cell in page[1]}
    assert {heads[letter] for letter in lists} == {column.zh for column in kind.columns if column.choices}


@pytest.mark.parametrize(("version", "read"), [(7, 7), ("", 0), ("第二版", 0), (10**9, 0), (-1, 0)])
def test_the_version_of_a_template_is_read_where_it_says_one(version: object, read: int):
    book = opened(KINDS["sites"])
    book.worksheets[0].append(["示例中心"])
    book["_template"]["A2"] = version
    data = BytesIO()
    book.save(data)
    table = read_table(data.getvalue(), "模板.xlsx", sheets=("机构和站点",))
    assert (table.template, table.template_version) == ("sites", read)
