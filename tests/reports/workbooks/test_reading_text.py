"""Delimited text is read in the encodings and with the delimiters that people have."""

import pytest

from registry.intake.problems import FileRefused
from registry.intake.tables import RawRow, TableFormat
from reports.workbooks.reading import read_table

TEXT = "机构名称,类型\r\n示例中心,社区康复点\r\n"


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        read_table(data, "示例.csv")
    return f"{caught.value.problem.message}{caught.value.problem.remedy}"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
    ],
)
def test_text_is_read_in_every_encoding_that_is_met(data: bytes, encoding: str):
    table = read_table(data, "示例.csv")
    assert table.headers == ("机构名称", "类型")
    assert table.rows == [RawRow(2, ["示例中心", "社区康复点"])]
    assert (table.encoding, table.format) == (encoding, TableFormat.CSV)


def test_a_character_that_only_gb18030_has_is_read():
    assert read_table("姓名\n㛃\n".encode("gb18030"), "示例.csv").rows[0].cells == ["㛃"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_header(delimiter: str):
    data = f"机构名称{delimiter}地址\n示例中心{delimiter}示例路1号，二楼\n".encode()
    table = read_table(data, "示例.csv")
    assert (table.delimiter, table.rows[0].cells) == (delimiter, ["示例中心", "示例路1号，二楼"])


def test_a_comma_inside_quotes_of_the_header_is_no_delimiter():
    table = read_table('"名称, 全称, 简称";类型\n甲;乙\n'.encode(), "示例.csv")
    assert table.headers == ("名称, 全称, 简称", "类型")


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    data = '名称,说明\n甲,"两行\n的话"\n\n乙,丙\n'.encode()
    table = read_table(data, "示例.csv")
    assert table.rows == [RawRow(2, ["甲", "两行\n的话"]), RawRow(4, ["乙", "丙"])]


def test_short_rows_are_filled_with_blanks():
    assert read_table("甲,乙,丙\n1\n".encode(), "示例.csv").rows[0].cells == ["1", "", ""]


def test_the_quote_that_an_export_puts_before_a_formula_is_taken_off():
    cells = read_table("甲,乙,丙\n'=1+1,'＝甲,it's\n".encode(), "示例.csv").rows[0].cells
    assert cells == ["=1+1", "＝甲", "it's"]


def test_neither_utf8_nor_gb18030_is_refused():
    assert "另存为“CSV UTF-8" in refusal(b"name,kind\n\xff\xfe\xff,x\n")


def test_binary_bytes_are_refused():
    assert "文字编码认不出来" in refusal(b"name\n\x00\x01\x02\n")


def test_an_empty_file_and_a_header_alone_are_refused():
    assert "文件是空的" in refusal(b"\xef\xbb\xbf\r\n")
    assert "只有表头" in refusal("机构名称,类型\n".encode())


def test_a_quote_that_never_closes_is_refused_at_its_line_or_shows_as_an_overlong_cell():
    lines = "甲,乙\n".join(["名称,说明\n", '丙,"没有关\n'] + ["甲,乙\n"] * 40_000)
    assert "引号没有成对" in refusal(lines.encode())
