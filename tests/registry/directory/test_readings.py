"""Names in pinyin: every reading of the first character finds the name, and so does one slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin, pinyin

from registry.directory.matching import halves, holds_with_a_slip
from registry.directory.readings import plain, readings_of, surname_readings

COMMON = "上海新芽康复中心阳光之家示例路街道黄浦区单曾仇查解区朴任盖翟重庆长乐尉迟"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
names = st.text(alphabet=COMMON, min_size=1, max_size=14)
typed = st.text(alphabet=LETTERS, min_size=5, max_size=24)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单家康复中心", "shanjia", "sjkfzx"),
        ("曾氏康复之家", "zengshi", "zskfzj"),
        ("仇家工疗站", "qiujia", "qjglz"),
        ("查家村服务点", "zhajia", "zjcfwd"),
        ("解家阳光之家", "xiejia", "xjygzj"),
        ("区氏会所", "oushi", "oshs"),
        ("朴氏会所", "piaoshi", "pshs"),
        ("尉迟路服务点", "yuchilu", "yclfwd"),
        ("黄浦区曾氏康复之家", "huangpuquzengshi", "hpqzskfzj"),
        ("重庆路服务点", "chongqinglu", "cqlfwd"),
    ],
)
def test_a_name_is_found_by_the_reading_of_the_surname(name: str, full: str, initials: str) -> None:
    texts = readings_of(name)

    assert any(full in text for text in texts)
    assert any(text.endswith(f" {initials}") for text in texts)


@given(names)
def test_every_reading_of_the_first_character_and_the_usual_one_of_the_rest_is_kept(name: str) -> None:
    texts = readings_of(name)
    rest = "".join(lazy_pinyin(name, style=Style.NORMAL, errors=list)[1:])

    for syllable in pinyin(name[0], style=Style.NORMAL, heteronym=True)[0]:
        assert any(f" {syllable}{rest} " in text for text in texts)
    for syllables in surname_readings().get(name[:1], ()):
        assert any(f" {syllables[0]}{rest} " in text for text in texts)
    assert all(text.startswith(f" {plain(name)} ") and text.count(" ") == 3 for text in texts)


@given(names)
def test_marks_blanks_and_the_word_for_made_up_data_change_nothing(name: str) -> None:
    assert readings_of(f"{name[:1]} ·{name[1:]}（示例）") == readings_of(name)


@given(typed, st.integers(0, 23), st.sampled_from(LETTERS), st.sampled_from(["drop", "add", "change"]))
def test_one_slip_anywhere_still_finds_the_name(text: str, place: int, letter: str, slip: str) -> None:
    place %= len(text)
    after = text[place:] if slip == "add" else text[place + 1 :]
    slipped = text[:place] + ("" if slip == "drop" else letter) + after

    whole = f"shanghai{text}zhongxin"
    assert holds_with_a_slip(whole, slipped)
    assert any(half in whole for half in halves(slipped))


def test_two_slips_do_not() -> None:
    assert holds_with_a_slip("xinyakangfu", "xinyakanfu")
    assert not holds_with_a_slip("xinyakangfu", "xinyekanfu")
