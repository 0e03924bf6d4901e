"""A file comes back with its problems marked, in its own format, and can be mended and sent again."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from registry.intake.kinds import KINDS
from registry.intake.preview import Preview, preview
from reports.workbooks.annotating import AnnotatedCopy, annotated
from reports.workbooks.reading import read_table
from tests.factories import make_division
from tests.registry.intake.tables import context
from tests.reports.workbooks.files import workbook

HEADS = ("机构名称", "类型", "所在区划", "启用日期")
GOOD = ("示例中心甲", "社区康复点", "310101", "2024-03-01")
BAD = ("示例中心乙", "咖啡馆", "310101", "2026/2/30")
IDENTITY_NUMBER = "310101199001010011"


@pytest.fixture(autouse=True)
def divided(session: Session) -> None:
    make_division(session, "310101")


def seen(session: Session, data: bytes, file_name: str = "示例.xlsx", kind: str = "sites") -> Preview:
    return preview(session, KINDS[kind], read_table(data, file_name), context())


def given_back(found: Preview, locale: str = "zh") -> AnnotatedCopy:
    return annotated(found, locale=locale, gettext=lambda text: text)


def sheet(copy: AnnotatedCopy) -> Any:
    return openpyxl.load_workbook(BytesIO(copy.data)).worksheets[0]


def test_faulty_cells_are_yellow_with_a_comment_and_the_last_column_has_every_reason(session: Session):
    copy = given_back(seen(session, workbook(HEADS, GOOD, (), BAD)))
    page = sheet(copy)
    assert page["E1"].value == "问题与改法"
    assert page["B4"].fill.fgColor.rgb == page["D4"].fill.fgColor.rgb == "FFFFF2A8"
    assert page["A4"].fill.fill_type is None
    assert "不在可填的词中" in page["B4"].comment.text
    assert "B列“类型”：不在可填的词中。" in page["E4"].value
    assert "D列“启用日期”：日期不存在" in page["E4"].value
    assert page["E2"].value is None


def test_rows_stay_where_they_were(session: Session):
    page = sheet(given_back(seen(session, workbook(HEADS, GOOD, (), BAD))))
    assert [page.cell(row, 1).value for row in (1, 2, 3, 4)] == ["机构名称", "示例中心甲", None, "示例中心乙"]


def test_the_drop_downs_are_there_again(session: Session):
    rules = sheet(given_back(seen(session, workbook(HEADS, BAD)))).data_validations.dataValidation
    assert [rule.type for rule in rules if str(rule.sqref).startswith("B")] == ["list"]


def test_the_annotated_file_can_be_mended_and_sent_again(session: Session):
    copy = given_back(seen(session, workbook(HEADS, GOOD, BAD)))
    book = openpyxl.load_workbook(BytesIO(copy.data))
    book.worksheets[0]["B3"] = "医院"
    book.worksheets[0]["D3"] = "2026-02-28"
    mended = BytesIO()
    book.save(mended)
    again = seen(session, mended.getvalue())
    assert again.problems == ()
    assert len(again.judged) == 2


def test_an_annotated_file_that_is_still_wrong_has_one_reason_column(session: Session):
    first = given_back(seen(session, workbook(HEADS, BAD)))
    second = given_back(seen(session, first.data))
    assert [cell.value for cell in sheet(second)[1]] == [*HEADS, "问题与改法"]


@pytest.mark.parametrize(
    ("named", "given"),
    [
        (
            "二〇二六年度第四季度上海市浦东新区社区康复服务机构和站点登记情况汇总",
            "二〇二六年度第四季度上海市浦东新区社区康复服务机构和站点登记情",
        ),
        ("机构'", "机构"),
        ("'", "Sheet1"),
        ("_Template", "_Template_2"),
        ("_Base", "_Base_2"),
    ],
)
@pytest.mark.filterwarnings("ignore:Title is more than 31 characters")
def test_a_sheet_whose_name_no_spreadsheet_program_takes_comes_back_under_one_that_it_takes(
    session: Session, named: str, given: str
):
    book = openpyxl.Workbook()
    book.active.title = named
    for row in (HEADS, BAD):
        book.active.append(row)
    data = BytesIO()
    book.save(data)

    copy = given_back(seen(session, data.getvalue()))

    page = sheet(copy)
    assert (page.title, page["E1"].value) == (given, "问题与改法")
    assert [(one.row, one.column) for one in seen(session, copy.data).errors] == [(2, "B"), (2, "D")]


def test_problems_of_the_whole_file_stand_beside_the_first_row(session: Session):
    page = sheet(given_back(seen(session, workbook(("机构名称", "颜色"), ("示例中心", "红")))))
    assert "缺少2列：类型、所在区划。" in page["C2"].value
    assert "（提示）B列“颜色”：这一列不在模板中" in page["C2"].value


def test_text_that_looks_like_a_formula_comes_back_as_text(session: Session):
    page = sheet(given_back(seen(session, workbook(HEADS, ("@甲", "咖啡馆", "310101", "2024-03-01")))))
    assert page["A2"].value == "@甲"
    assert page["A2"].data_type == "s"


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", "\t")])
def test_delimited_text_comes_back_in_its_own_encoding_with_its_own_delimiter(
    session: Session, encoding: str, delimiter: str
):
    data = "\r\n".join(delimiter.join(row) for row in (HEADS, GOOD, (), BAD)).encode(encoding)
    copy = given_back(seen(session, data, "示例.csv"))
    lines = copy.data.decode(encoding).split("\r\n")
    assert (copy.suffix, copy.mimetype) == ("csv", "text/csv")
    assert lines[0] == delimiter.join((*HEADS, "问题与改法"))
    assert lines[1] == delimiter.join((*GOOD, ""))
    assert lines[2] == ""
    assert "不在可填的词中" in lines[3]
    again = seen(session, copy.data, "示例.csv")
    assert [(p.row, p.column) for p in again.errors] == [(4, "B"), (4, "D")]


def test_an_identity_number_does_not_come_back(session: Session):
    data = f"人员编号,姓名\n示例-1,{IDENTITY_NUMBER}\n".encode()
    copy = given_back(seen(session, data, "示例.csv", kind="practitioners"))
    assert IDENTITY_NUMBER.encode() not in copy.data
    assert "310*************11" in copy.data.decode()
    heads, row = ("人员编号", "姓名"), ("示例-1", IDENTITY_NUMBER)
    page = sheet(given_back(seen(session, workbook(heads, row), kind="practitioners")))
    assert page["B2"].value == "310*************11"


def test_the_english_copy_says_its_reasons_under_an_english_head(session: Session):
    page = sheet(given_back(seen(session, workbook(HEADS, BAD)), locale="en"))
    assert page["E1"].value == "Problems and remedies"


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_was_typed_in_a_sealed_column_stays_in_its_cell_and_is_said_nowhere_else(
    session: Session, suffix: str
):
    heads = (
        "人员编号",
        "身份证号",
        "联系电话",
        "姓名",
        "出生年份",
        "岗位",
        "用工形式",
        "是否从事社区康复服务",
        "任职日期",
    )
    row = ("示例-1", IDENTITY_NUMBER, "154000000211", "示例甲", "1990", "护士", "专职", "是", "2020-01-01")
    data = "\n".join(map(",".join, (heads, row))).encode() if suffix == "csv" else workbook(heads, row)
    copy = given_back(seen(session, data, f"示例.{suffix}", kind="practitioners"))
    if suffix == "csv":
        cells = copy.data.decode().splitlines()[1].split(",")
        told = copy.data.decode().partition("2020-01-01,")[2]
    else:
        page = sheet(copy)
        cells = [str(cell.value or "") for cell in page[2]]
        told = "".join(cells[len(heads) :]) + "".join(cell.comment.text for cell in page[2] if cell.comment)
    assert cells[1:3] == [IDENTITY_NUMBER, "154000000211"]
    assert "不是11位手机号" in told
    assert not [value for value in row[1:3] if value in told]
