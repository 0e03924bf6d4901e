"""What a briefing says: every number in its sentences is one of its table, and nothing is said that is not known."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.translating import catalogue
from registry.errors import InvalidInput
from reports.documents.briefing import institutions_of, people_of
from reports.documents.paper import Paragraph, Picture
from reports.documents.speech import Speech
from reports.figures.definitions import CERTIFIED_SHARE
from tests.factories import (
    make_organisation,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_standing,
)
from tests.reports.documents.papers import briefing_on, lay_out_places, paper_of
from tests.reports.figures.worlds import BLANK_STREET, CITY, HUANGPU, STREET

ENGLISH = Speech(catalogue("en"), "en")
HAN = re.compile(r"[㐀-鿿]+")
NAMED_SHARE = re.compile(r"([^、：。（）\s]+)（([\d.]+%)）")


@pytest.fixture(autouse=True)
def _places(session: Session) -> None:
    lay_out_places(session)


def test_the_share_is_told_with_its_verdict_and_never_rounded_over_the_target(session: Session) -> None:
    text = paper_of(briefing_on(session, STREET)).sentences

    # 80 of 267 is 29.9625%: one decimal would claim the 30% that are missed. 3·267 − 10·80 = 1: 1 more, or 1 hired.
    assert (
        "计入从业人员267人，其中具有相关专业学历的人员80人，占29.96%，未达到30%的目标，差0.04个百分点。"
        in text
    )
    assert "需再有1名现有人员具备条件，或新聘1名具备条件的人员" in text


def test_places_are_named_by_how_they_stand(session: Session) -> None:
    text = paper_of(briefing_on(session, HUANGPU)).sentences

    assert "黄浦区共有3个街镇，其中达标1个、未达标1个、没有在库机构1个（见附表）。" in text
    assert "达标的有：外滩街道（30.0%）。" in text
    assert "未达标的按占比由低到高依次为：南京东路街道（29.96%）。" in text
    assert "没有在库机构的有：半淞园路街道。" in text


def test_those_who_lag_stand_in_the_order_of_their_share(session: Session) -> None:
    text = paper_of(briefing_on(session, CITY)).sentences

    assert "未达标的按占比由低到高依次为：徐汇区（10.0%）、黄浦区（29.96%）。" in text
    # 黄浦 83 of 277: 3·277 − 830 = 1; 徐汇 1 of 10: 30 − 10 = 20, ⌈20/10⌉ = 2 qualify or ⌈20/7⌉ = 3 are hired.
    assert "徐汇区2名（3名）、黄浦区1名（1名）" in text


@pytest.mark.parametrize("division", [CITY, HUANGPU, STREET])
def test_each_share_in_the_text_is_the_share_in_the_table(session: Session, division: str) -> None:
    paper = paper_of(briefing_on(session, division))
    table = paper.tables[0]
    place = [column.label for column in table.columns].index("占比")
    shares = {row[0]: row[place] for row in table.rows}

    named = NAMED_SHARE.findall(paper.sentences)

    assert named or division == STREET
    assert {name: shares[name] for name, _share in named if name in shares} == {
        name: share for name, share in named if name in shares
    }
    assert f"占{shares['合计']}，" in paper.sentences


def test_text_and_table_are_made_from_the_same_objects(session: Session) -> None:
    briefing = briefing_on(session, HUANGPU)
    parts = tuple(
        replace(part, share=replace(part.share, numerator=9, denominator=10)) if part.code == STREET else part
        for part in briefing.reading.parts
    )

    paper = paper_of(replace(briefing, reading=replace(briefing.reading, parts=parts)))

    assert "南京东路街道（90.0%）" in paper.sentences
    assert ("南京东路街道", "1", "0", "9", "10", "90.0%", "达标", "0", "0") in paper.tables[0].rows


def test_the_table_ends_with_the_whole_and_keeps_blank_places(session: Session) -> None:
    rows = paper_of(briefing_on(session, HUANGPU)).tables[0].rows

    assert rows[-1] == ("合计", "2", "1", "83", "277", "29.96%", "未达标", "1", "1")
    assert ("半淞园路街道", "0", "--", "--", "--", "--", "空白", "--", "--") in rows


def test_a_site_that_is_in_no_street_is_told_apart(session: Session) -> None:
    make_provider(session, division_code=HUANGPU)

    paper = paper_of(briefing_on(session, HUANGPU))

    assert "另有1家机构的场所只登记到上一级区划" in paper.sentences
    assert paper.tables[0].rows[-2][0] == "未划入以上区划"


def test_a_place_without_institutions_is_said_plainly(session: Session) -> None:
    paper = paper_of(briefing_on(session, BLANK_STREET))

    assert "黄浦区半淞园路街道没有在库的精神障碍社区康复服务机构，占比不适用" in paper.sentences
    assert "%" not in paper.sentences
    assert not [block for block in paper.blocks if isinstance(block, Picture)]


def test_an_institution_without_staff_is_neither_met_nor_missed(session: Session) -> None:
    make_provider(session, division_code=BLANK_STREET)

    text = paper_of(briefing_on(session, BLANK_STREET)).sentences

    assert "没有计入的从业人员，占比不适用" in text
    assert "达标" not in text.replace("未达标", "").partition("三")[0]


def test_a_figure_without_a_target_is_not_judged(session: Session) -> None:
    paper = paper_of(briefing_on(session, CITY, figure=CERTIFIED_SHARE))

    assert "占0.0%，该项没有规定目标。" in paper.sentences
    assert "没有规定目标，不推算所需人数。" in paper.sentences
    assert "未达标" not in paper.sentences
    assert [row[2] for row in paper.tables[0].rows] == ["--", "--", "--"]
    pictures = [block for block in paper.annexes if isinstance(block, Picture)]
    assert pictures
    assert not [one.caption for one in pictures if "目标" in one.caption]


def test_a_day_before_the_register_began_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="登记数据自2023-01-01起"):
        briefing_on(session, CITY, on=date(2010, 1, 1))


def test_made_up_data_are_marked_and_real_ones_are_not(session: Session) -> None:
    assert paper_of(briefing_on(session, CITY)).example_mark == ""
    example = make_organisation(session, name="示例机构（示例）", is_example=True)
    make_standing(session, example)
    make_site(session, example)

    assert "示例数据" in paper_of(briefing_on(session, CITY)).example_mark


def test_there_is_no_head_no_number_and_no_seal(session: Session) -> None:
    paper = paper_of(briefing_on(session, CITY))

    assert paper.draft_mark == "（代拟稿）"
    assert paper.stamp_line == ("单位（盖章）", "填表人", "审核人", "负责人", "联系电话", "填报日期")
    assert paper.dated == "2026年11月23日"


def test_pictures_say_in_words_what_they_show(session: Session) -> None:
    pictures = [block for block in paper_of(briefing_on(session, CITY)).blocks if isinstance(block, Picture)]

    # 84 of 287 in the whole city is 29.3%; 黄浦 alone is 29.96%.
    shares = ("29.3%", "29.96%", "29.96%")
    assert [share in picture.alt for share, picture in zip(shares, pictures, strict=True)] == [True] * 3


def test_the_annex_of_people_cuts_names_and_adds_up(session: Session) -> None:
    person = make_practitioner(session, name="欧阳喆堃")
    make_post(session, person, make_provider(session, division_code=BLANK_STREET))
    briefing = briefing_on(session, BLANK_STREET)

    paper = paper_of(replace(briefing, people=people_of(session, briefing)))

    row = paper.tables[-1].rows[0]
    assert row[:2] == (person.person_no, "欧阳*堃")
    assert "欧阳喆堃" not in str(paper)


def test_the_annex_of_institutions_has_them_all(session: Session) -> None:
    briefing = briefing_on(session, CITY)

    paper = paper_of(replace(briefing, institutions=institutions_of(session, briefing)))

    assert [row[0] for row in paper.tables[-1].rows] == [
        "示例中心310101002",
        "示例中心310101013",
        "示例中心310104003",
        "合计",
    ]


def test_the_english_paper_holds_no_chinese_but_names(session: Session) -> None:
    paper = paper_of(briefing_on(session, HUANGPU), say=ENGLISH)
    names = {"黄浦区", "外滩街道", "南京东路街道", "半淞园路街道"}
    said = [
        paper.title,
        paper.draft_mark,
        paper.sentences,
        paper.dated,
        paper.check.sentence,
        *paper.stamp_line,
    ]
    said += [text for table in paper.tables for row in table.rows for text in row]
    said += [column.label for table in paper.tables for column in table.columns]

    left = {found for text in said for found in HAN.findall(text)} - names

    assert left == set()
    assert "80 of 267" not in paper.sentences
    assert "or 29.96%, which misses the target of 30% by 0.04 percentage points." in paper.sentences


def test_the_other_figures_are_told_with_their_numbers_and_what_they_count(session: Session) -> None:
    paper = paper_of(briefing_on(session, STREET))

    # Nobody of the 267 holds a certificate or a course; a share of nobody's certificates is left out.
    assert "同一口径下，社工持证率0.0%（0／267人）、培训达标率0.0%（0／267人）。" in paper.sentences
    assert "从业人员267人，按岗位分：社会工作者267人；同一人任两个岗位的各计一次。" in paper.sentences
    notes = [block.text for block in paper.annexes if isinstance(block, Paragraph)]
    assert any(text.startswith("培训达标率：自当年1月1日起至统计当日") for text in notes)
    assert not any(text.startswith("证照有效率：") for text in notes)
