"""How values are written, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from markupsafe import Markup

from portal import formatting
from registry.access.models import Role
from registry.messages import N_, message


@pytest.fixture
def chinese(app: Flask):
    with app.test_request_context("/"):
        yield


@pytest.fixture
def english(app: Flask):
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        yield


def test_a_day_in_a_sentence(chinese):
    assert formatting.day_in_words(date(2026, 2, 3)) == "2026年2月3日"


def test_a_day_in_an_english_sentence(english):
    assert formatting.day_in_words(date(2026, 2, 3)) == "3 February 2026"


def test_a_day_in_a_table_sorts():
    assert formatting.day(date(2026, 2, 3)) == "2026-02-03"


def test_a_moment_is_told_in_shanghai():
    assert formatting.moment(datetime(2026, 11, 23, 17, 5, tzinfo=UTC)) == "2026-11-24 01:05"


def test_a_birthday_in_summer_time_stays_on_its_day():
    assert formatting.day(date(1988, 6, 1)) == "1988-06-01"


@pytest.mark.parametrize(
    ("value", "shown"), [(1284, "1,284"), (0, "0"), (1_000_000, "1,000,000"), (None, "--")]
)
def test_a_number_has_separators(chinese, value, shown):
    assert formatting.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(312, 1000), "31.2%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(2, 3), "66.7%"),
        (Fraction(25, 1000), "2.5%"),
        (Fraction(1, 80), "1.3%"),  # 1.25: half goes up
        (Fraction(0), "0.0%"),
        (Fraction(1), "100.0%"),
        (Decimal("0.2996"), "30.0%"),
        (None, "--"),
    ],
)
def test_a_share_has_one_decimal(value, shown):
    assert formatting.percent(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(2996, 10000), "29.96%"),
        (Fraction(29996, 100000), "29.996%"),
        (Fraction(3, 10), "30.0%"),
        (Fraction(3001, 10000), "30.0%"),
        (Fraction(29, 100), "29.0%"),
    ],
)
def test_a_share_that_misses_its_target_is_not_rounded_up_to_it(value, shown):
    assert formatting.percent(value, Fraction(3, 10)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(21, 1000), "+2.1 个百分点"),
        (Fraction(-1, 1000), "−0.1 个百分点"),
        (Fraction(0), "0.0 个百分点"),
        (None, "--"),
    ],
)
def test_a_difference_is_in_points(chinese, value, shown):
    assert formatting.points(value) == shown


def test_a_domain_word_in_both_languages(app: Flask):
    with app.test_request_context("/"):
        assert formatting.word(Role.STREET) == "街镇"
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        assert formatting.word_within(Role.STREET) == "street office"


def test_in_english_a_word_that_stands_alone_begins_with_a_capital(english):
    assert formatting.word(Role.STREET) == "Street office"
    assert formatting.words_in_row([Role.STREET, Role.DISTRICT]) == "Street office, district civil affairs"
    assert formatting.words_in_row([]) == ""


def test_typed_text_stays_plain_in_chinese(chinese):
    assert formatting.data("<b>某某</b>") == "<b>某某</b>"
    assert not isinstance(formatting.data("某某"), Markup)


def test_typed_text_is_marked_and_escaped_in_english(english):
    assert formatting.data("<b>某某</b>") == Markup('<span lang="zh-Hans">&lt;b&gt;某某&lt;/b&gt;</span>')


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_two_dashes(chinese, value):
    assert formatting.data(value) == "--"


def test_an_option_is_marked_where_its_text_is_chinese(english):
    assert formatting.language_mark("黄浦区") == ' lang="zh-Hans"'
    assert formatting.language_mark("all") == ""


def test_a_sentence_of_the_registry_is_spoken(chinese):
    assert formatting.spoken_message(message(N_("第 %(row)s 行"), row=3)) == "第 3 行"


WRONG, REMEDY = message(N_("不是数字。")), message(N_("请只填数字，不要带单位或文字。"))


def test_what_is_wrong_and_its_remedy_stand_together_in_chinese(chinese):
    assert formatting.spoken_messages(WRONG, REMEDY) == "不是数字。请只填数字，不要带单位或文字。"


def test_in_english_a_space_parts_what_is_wrong_and_its_remedy(english):
    assert (
        formatting.spoken_messages(WRONG, REMEDY) == "Not a number. Use digits only, without units or words."
    )
