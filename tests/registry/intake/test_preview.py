"""The mechanism with a small kind of its own: nothing is written, and everything wrong is pointed at."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from sqlalchemy.orm import Session

from registry.intake.declaration import Column, Findings, Outcome, WorkbookKind
from registry.intake.kinds.sites import SITES
from registry.intake.preview import Preview, preview
from registry.intake.problems import Doubt, Severity, facts_of, problem_from
from registry.intake.tables import RawTable, column_letter
from registry.messages import N_, message
from registry.parsing import code_text, day, text, yes_or_no
from tests.factories import make_division
from tests.registry.intake.tables import context, places, said, table, table_of

IDENTITY_NUMBER = "310101199001010011"


class PetRow(NamedTuple):
    number: int
    tag: str | None
    name: str | None
    born_on: Any
    is_kept: bool | None


def doubt_short_names(name: str, lookups: Any) -> str | Doubt:
    return Doubt(name, message(N_("名字太短。")), message(N_("请核对。"))) if len(name) < 2 else name


def judge(rows: Sequence[PetRow], lookups: Any, findings: Findings) -> list[Outcome]:
    for row in rows:
        if row.tag == "坏":
            findings.error(row.number, "born_on", message(N_("坏标签。")), message(N_("换一个。")))
    return [Outcome.SAME if row.tag == "旧" else Outcome.CREATE for row in rows]


COLUMNS = (
    Column("tag", "标签", "Tag", code_text(10), "", "", required=True, aliases=("tag_no",)),
    Column("name", "名字", "Name", text(20), "", "", required=True, look_up=doubt_short_names),
    Column("born_on", "出生日期", "Born on", day, "", ""),
    Column("is_kept", "在养", "Kept", yes_or_no, "", ""),
)
PETS: WorkbookKind[PetRow] = WorkbookKind(
    code="pets",
    zh="宠物",
    en="Pets",
    version=1,
    columns=COLUMNS,
    row_type=PetRow,
    identity=lambda row: row.tag,
    prepare=lambda session, context: None,
    judge=judge,
    apply=lambda session, judged, lookups, context: None,
    ignored=("备注",),
    holds_people=True,
)


def seen(session: Session, raw: RawTable, **facts: Any) -> Preview:
    return preview(session, PETS, raw, context(**facts))


def outcomes(found: Preview) -> list[Outcome]:
    return [judged.outcome for judged in found.judged]


def test_rows_are_read_in_order_and_judged(session: Session):
    found = seen(session, table(("标签", "名字"), ("一", "阿黄"), ("旧", "阿黑")))
    assert outcomes(found) == [Outcome.CREATE, Outcome.SAME]
    assert found.problems == ()
    assert found.is_committable


@pytest.mark.parametrize(
    "heads", [("标签*", "名字*"), ("Tag", "NAME"), ("tag_no", "name"), ("标 签（必填）", " 名字 ")]
)
def test_columns_are_recognised_in_both_languages_by_key_and_by_alias(
    session: Session, heads: tuple[str, str]
):
    found = seen(session, table(heads, ("一", "阿黄")))
    assert found.problems == ()
    assert found.judged[0].row.name == "阿黄"


def test_columns_may_stand_in_any_order(session: Session):
    found = seen(session, table(("名字", "标签"), ("阿黄", "一")))
    assert found.judged[0].row.tag == "一"


def test_every_missing_column_is_named_at_once_and_no_row_is_read(session: Session):
    found = seen(session, table(("出生日期",), ("2026/2/30",)))
    assert found.judged == ()
    assert "缺少2列：标签、名字。" in said(found.errors)
    assert places(found.errors) == [(0, "", "")]


def test_a_repeated_header_is_an_error_that_names_both_columns(session: Session):
    found = seen(session, table(("标签", "名字", "标签*"), ("一", "阿黄", "二")))
    assert places(found.errors) == [(1, "C", "标签*")]
    assert "与A列相同" in said(found.errors)


def test_an_unknown_column_is_a_warning_and_a_known_one_that_is_not_read_is_nothing(session: Session):
    found = seen(session, table(("标签", "名字", "颜色", "备注"), ("一", "阿黄", "黄", "无")))
    assert found.is_committable
    assert places(found.warnings) == [(1, "C", "颜色")]


def test_a_column_without_a_header_is_a_warning_only_where_it_holds_something(session: Session):
    assert places(seen(session, table(("标签", "名字", ""), ("一", "阿黄", "黄"))).warnings) == [(1, "C", "")]
    assert seen(session, table(("标签", "名字", ""), ("一", "阿黄", ""))).warnings == ()


def test_the_reason_column_of_an_annotated_file_is_read_over(session: Session):
    found = seen(session, table(("标签", "名字", "问题与改法"), ("一", "阿黄", "B列：……")))
    assert found.problems == ()


def test_every_bad_cell_is_listed_with_its_place_value_and_remedy(session: Session):
    found = seen(
        session,
        table_of(
            {"标签": "一", "名字": "", "出生日期": "2026/2/30"},
            {"标签": "二", "名字": "阿黑", "出生日期": "明天"},
        ),
    )
    assert [(p.sheet, p.row, p.column, p.header, p.value) for p in found.errors] == [
        ("表一", 2, "B", "名字", ""),
        ("表一", 2, "C", "出生日期", "2026/2/30"),
        ("表一", 3, "C", "出生日期", "明天"),
    ]
    assert all(str(p.remedy) for p in found.errors)
    assert outcomes(found) == [Outcome.ERROR, Outcome.ERROR]
    assert not found.is_committable


def test_a_doubt_keeps_the_value_and_warns(session: Session):
    found = seen(session, table(("标签", "名字"), ("一", "黄")))
    assert found.judged[0] == (PetRow(2, "一", "黄", None, None), Outcome.CREATE)
    assert places(found.warnings) == [(2, "B", "名字")]


def test_a_row_repeated_word_by_word_is_a_duplicate_and_no_error(session: Session):
    found = seen(session, table(("标签", "名字"), ("一", "阿黄"), ("一", "阿黄")))
    assert outcomes(found) == [Outcome.CREATE, Outcome.DUPLICATE]
    assert found.is_committable


def test_two_rows_that_contradict_each_other_are_an_error_at_the_second(session: Session):
    found = seen(session, table(("标签", "名字"), ("一", "阿黄"), ("一", "阿黑")))
    assert places(found.errors) == [(3, "A", "标签")]
    assert "与第2行是同一条" in said(found.errors)


def test_what_the_judge_finds_in_an_absent_column_names_the_column(session: Session):
    found = seen(session, table(("标签", "名字"), ("坏", "阿黄")))
    assert places(found.errors) == [(2, "", "出生日期")]


def test_a_true_cell_is_not_taken_for_the_number_one(session: Session):
    found = seen(session, table(("标签", "名字", "在养"), (1, "阿黄", True), (2, "阿黑", 1)))
    assert [judged.row.tag for judged in found.judged] == ["1", "2"]
    assert [judged.row.is_kept for judged in found.judged] == [True, True]
    odd = seen(session, table(("标签", "名字"), (True, "阿黄"), (1, "阿黑")))
    assert [judged.row.tag for judged in odd.judged] == ["TRUE", "1"]


def test_a_cell_of_four_thousand_and_one_characters_is_refused_and_shown_cut(session: Session):
    found = seen(session, table(("标签", "名字"), ("一", "黄" * 4_001)))
    assert places(found.errors) == [(2, "B", "名字")]
    assert "4001个字" in said(found.errors)
    assert len(found.errors[0].value) == 60


def test_one_row_over_the_limit_is_refused_with_both_numbers(session: Session):
    rows = [(str(number), "阿黄") for number in range(3)]
    assert seen(session, table(("标签", "名字"), *rows), max_rows=3).is_committable
    refused = seen(session, table(("标签", "名字"), *rows), max_rows=2)
    assert "共3行，超过一次2行" in said(refused.errors)
    assert refused.judged == ()


def test_the_template_of_another_kind_is_told_by_name(session: Session):
    found = seen(session, table(("标签", "名字"), ("一", "阿黄"), template="sites"))
    assert "不是“宠物”的模板" in said(found.errors)


def test_an_identity_number_is_refused_in_any_column_and_shown_masked(session: Session):
    found = seen(session, table(("标签", "名字", "颜色"), ("一", "阿黄", IDENTITY_NUMBER)))
    assert places(found.errors) == [(2, "C", "颜色")]
    assert found.errors[0].value == "310*************11"
    assert IDENTITY_NUMBER not in said(found.problems)
    assert found.holds_identity_numbers


def test_an_identity_number_is_found_even_when_columns_are_missing(session: Session):
    found = seen(session, table(("颜色",), (IDENTITY_NUMBER,)))
    assert found.holds_identity_numbers


def test_problems_come_in_the_order_of_the_file(session: Session):
    heads = ("标签", "名字", *[f"列{number}" for number in range(26)], "出生日期")
    row = ("一", "黄", *[""] * 26, "x")
    found = seen(session, table(heads, row))
    assert [(p.row, p.column) for p in found.problems if p.row > 1] == [(2, "B"), (2, "AC")]


def test_a_problem_is_kept_as_msgid_and_places_and_comes_back_whole(session: Session):
    found = seen(session, table(("标签",), ("一",)))
    kept = problem_from(facts_of(found.errors[0]))
    assert str(kept.message) == str(found.errors[0].message)
    assert kept.message.text(lambda msgid: "%(count)s missing: %(columns)s", "en") == "1 missing: Name"
    assert kept.severity is Severity.ERROR


def test_the_json_of_a_preview_has_the_agreed_shape(session: Session):
    found = seen(session, table(("标签", "名字"), ("一", "阿黄"), ("二", "")))
    shape = found.as_json(str, "zh", committed=False)
    assert (shape["kind"], shape["file"], shape["rows"], shape["create"], shape["committed"]) == (
        "pets",
        "示例.xlsx",
        2,
        1,
        False,
    )
    assert set(shape["errors"][0]) == {"sheet", "row", "column", "header", "value", "message", "remedy"}


def test_column_letters_go_past_z():
    assert [column_letter(place) for place in (0, 25, 26, 27, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "ZZ",
        "AAA",
    ]


@pytest.mark.parametrize("version", [SITES.version + 1, 99])
def test_another_version_of_the_template_is_named_and_read_all_the_same(session: Session, version: int):
    make_division(session, "310101")
    row = {"机构名称": "示例中心甲", "类型": "社区康复点", "所在区划": "310101"}
    found = preview(
        session, SITES, replace(table_of(row), template="sites", template_version=version), context()
    )
    assert (found.is_committable, found.count(Outcome.CREATE)) == (True, 1)
    assert f"模板第{version}版，现行的是第{SITES.version}版" in said(found.warnings)


@pytest.mark.parametrize("version", [0, SITES.version])
def test_of_the_present_template_nothing_is_said(session: Session, version: int):
    make_division(session, "310101")
    row = {"机构名称": "示例中心甲", "类型": "社区康复点", "所在区划": "310101"}
    found = preview(
        session, SITES, replace(table_of(row), template="sites", template_version=version), context()
    )
    assert found.problems == ()


def test_how_far_the_judging_has_come_is_told(session: Session):
    make_division(session, "310101")
    rows = [
        {"机构名称": f"示例中心{number}", "类型": "社区康复点", "所在区划": "310101"}
        for number in range(1200)
    ]
    told: list[int] = []
    preview(session, SITES, table_of(*rows), context(noting=told.append))
    assert told[0] == 0
    assert told == sorted(told)
    assert told[-3:] == [600, 850, 1100]
