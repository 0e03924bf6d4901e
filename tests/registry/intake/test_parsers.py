"""What people type becomes a value or a problem that says how to mend it."""

from datetime import date, datetime

import pytest

from registry.intake.parsers import Choice
from registry.organisations.models import SiteKind
from registry.parsing import Cell, CellProblem, code_text, day, decimal_number, integer, text, year, yes_or_no
from registry.workforce.models import Profession


def refusal(parse: object, cell: Cell) -> CellProblem:
    with pytest.raises(CellProblem) as caught:
        parse(cell)  # type: ignore[operator]  # any parser
    return caught.value


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-23",
        "20261123",
        "2026.11.23",
        "2026/11/23",
        "2026年11月23日",
        "２０２６年１１月２３日",
        " 2026-11-23 ",
        "2026-11-23 00:00:00",
        date(2026, 11, 23),
        datetime(2026, 11, 23, 14, 30),
        20261123.0,
    ],
)
def test_a_date_may_be_written_in_every_usual_way(typed: Cell):
    assert day(typed) == date(2026, 11, 23)


def test_a_date_may_leave_out_leading_zeros():
    assert day("2026/2/3") == date(2026, 2, 3)
    assert day("2026年2月3日") == date(2026, 2, 3)


def test_the_thirtieth_of_february_is_said_not_to_exist():
    refused = refusal(day, "2026/2/30")
    assert "日期不存在" in str(refused.message)
    assert "2026年2月只有28天" in str(refused.message)
    assert "核对原件" in str(refused.remedy)


def test_a_leap_day_exists_in_leap_years_only():
    assert day("2024-2-29") == date(2024, 2, 29)
    assert "日期不存在" in str(refusal(day, "2023-2-29").message)


def test_a_thirteenth_month_is_said_not_to_exist():
    assert "没有13月" in str(refusal(day, "2026-13-01").message)


@pytest.mark.parametrize("typed", ["2026-11", "26/11/23", "11/23/2026", "2026-11/23", "去年", 46349.0, "0"])
def test_what_is_no_whole_date_is_refused_with_the_ways_to_write_it(typed: Cell):
    assert "2026年11月23日" in str(refusal(day, typed).remedy)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1800-01-01", "1800"),
        ("9999-12-31", "9999"),
        (date(9999, 12, 31), "9999"),
        (datetime(9999, 12, 31), "9999"),
        (date(1899, 12, 31), "1899"),
    ],
)
def test_a_year_far_off_is_refused_as_a_text_and_as_a_cell_that_is_a_date(typed: Cell, said: str):
    assert said in str(refusal(day, typed).message)


def test_a_text_loses_blanks_and_invisible_characters_around_it():
    assert text()("\u3000\ufeff 示例中心\u200b\xa0 ") == "示例中心"


def test_full_width_letters_and_digits_become_half_width_and_chinese_brackets_stay():
    assert text()("ＡＢＣ１２３（张家浜院区）") == "ABC123（张家浜院区）"


def test_a_decomposed_character_is_composed():
    assert text()("Café") == "Café"


def test_a_number_cell_of_a_text_column_is_its_digits():
    assert text()(310101.0) == "310101"
    assert text()(12) == "12"


def test_a_text_over_its_limit_is_refused_with_both_lengths():
    assert "共6个字，超过5个字" in str(refusal(text(5), "一二三四五六").message)


def test_a_long_number_that_was_stored_as_a_number_is_refused_because_its_end_is_lost():
    assert "末尾几位已经丢失" in str(refusal(text(), 9.13101e17).message)


def test_a_code_loses_inner_spaces_and_full_width():
    assert code_text(20)(" ０５０ １０１ ") == "050101"


@pytest.mark.parametrize("typed", ["是", "yes", "Y", "1", 1.0, "TRUE", "１"])
def test_yes_may_be_said_in_several_ways(typed: Cell):
    assert yes_or_no(typed) is True


@pytest.mark.parametrize("typed", ["否", "no", "0", 0, "FALSE"])
def test_no_may_be_said_in_several_ways(typed: Cell):
    assert yes_or_no(typed) is False


def test_neither_yes_nor_no_is_refused():
    assert "请填“是”或“否”" in str(refusal(yes_or_no, "也许").remedy)


@pytest.mark.parametrize(
    "typed", ["社会工作者", "social worker", "Social Worker", "social_worker", " 社会 工作者 "]
)
def test_a_choice_is_taken_in_chinese_in_english_and_by_its_identifier(typed: Cell):
    assert Choice(Profession)(typed) is Profession.SOCIAL_WORKER


def test_a_near_miss_of_a_choice_is_answered_with_the_word_that_was_meant():
    refused = refusal(Choice(Profession), "社会工作师")
    assert "可能是“社会工作者”" in str(refused.remedy)


def test_a_foreign_word_is_answered_with_every_choice():
    remedy = str(refusal(Choice(SiteKind), "咖啡馆").remedy)
    assert "社区康复点、日间照料康复中心" in remedy


def test_the_choices_are_named_in_the_language_of_the_reader():
    english = refusal(Choice(SiteKind), "café").remedy.text(lambda msgid: "One of: %(choices)s.", "en")
    assert english.startswith("One of: community rehabilitation site, day centre,")


def test_a_choice_takes_the_extra_words_it_was_given():
    kinds = Choice(SiteKind, {"精神专科医院": SiteKind.HOSPITAL})
    assert kinds("精神专科医院") is SiteKind.HOSPITAL


def test_numbers_may_have_thousands_separators():
    assert decimal_number("1,234.5") == 1234.5
    assert integer("1,234") == 1234


@pytest.mark.parametrize("typed", ["12人", "1.2.3", "abc", "1e3"])
def test_what_is_no_number_is_refused(typed: Cell):
    assert "不是数字" in str(refusal(decimal_number, typed).message)


def test_a_fraction_is_no_whole_number():
    assert "不是整数" in str(refusal(integer, "1.5").message)


def test_a_year_may_end_in_its_word():
    assert year("1985年") == 1985
    assert year(1985.0) == 1985


def test_a_year_of_two_digits_is_refused():
    assert "四位数" in str(refusal(year, "85").remedy)
