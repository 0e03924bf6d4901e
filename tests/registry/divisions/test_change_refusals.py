"""What a file of changes is refused for, with its row and its remedy."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from registry.divisions.changes import ChangeLine, ChangeRefused, read_lines
from registry.divisions.planning import ChangePlan, plan_change
from tests.factories import DAY, LONG_AGO, make_provider
from tests.registry.divisions.changing import BEFORE, dump, line, make, refusals


def test_a_split_that_leaves_an_active_site_out_is_refused_by_its_name(tree: Session) -> None:
    named, forgotten = (make_provider(tree, division_code="310101001") for _ in range(2))

    found = refusals(
        tree,
        line("split", "310101001", "310101011", "东街道", sites=named.code),
        line("split", "310101001", "310101012", "西街道"),
    )

    assert len(found) == 1
    assert forgotten.name in found[0]
    assert forgotten.code in found[0]
    assert named.code not in found[0]


def test_a_split_refuses_sites_that_it_does_not_have_or_names_twice(tree: Session) -> None:
    here, elsewhere = (
        make_provider(tree, division_code="310101001"),
        make_provider(tree, division_code="310101002"),
    )

    found = refusals(
        tree,
        line("split", "310101001", "310101011", "东街道", sites=f"{here.code} {elsewhere.code} nosuch"),
        line("split", "310101001", "310101012", "西街道", sites=here.code),
    )

    assert [elsewhere.code in found[0], "nosuch" in found[1], here.name in found[2]] == [True] * 3


def test_a_change_may_be_previewed_but_not_made_before_its_day(tree: Session) -> None:
    tomorrow = DAY + timedelta(days=1)
    ahead = line("merge", "310101001", "310101002", on=tomorrow)

    assert isinstance(plan_change(tree, [ahead]), ChangePlan)
    assert "2026-11-24" in refusals(tree, ahead)[0]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([line("merge", "310101099", "310101002")], "没有区划代码310101099"),
        ([line("merge", "310101001", "310101002", on=LONG_AGO)], "生效日期须晚于这一天"),
        ([line("rename", "310101001", "310104", "新区")], "不是同一层级"),
        ([line("rename", "310101001", "310104009", "新街道")], "请改为划转"),
        ([line("move", "310101001", "310101009", "新街道")], "请改为更名"),
        ([line("rename", "310101001", "310101001")], "都没有变"),
        ([line("rename", "310101001", "310101002", "新街道")], "请用合并"),
        ([line("merge", "310101001", "310101009", "新街道")], "只有一个原区划"),
        ([line("merge", "310101001", "310101009"), line("merge", "310101002", "310101009")], "请填写名称"),
        ([line("merge", "310101001", "310101002", "别的街道")], "不同的名称"),
        ([line("split", "310101001", "310101011", "东街道")], "至少要有两行"),
        ([line("move", "310101001", "310199001")], "上级310199"),
        ([line("rename", "310101001", "310101009", "新街道", sites="abc")], "只有拆分"),
        ([line("merge", "310101001", "310101002"), line("move", "310101001", "310104009")], "与另一行重复"),
        (
            [line("merge", "310101001", "310101002"), line("rename", "310101002", "310101009", "新街道")],
            "既被变更又被占用",
        ),
        (
            [line("merge", "310101001", "310101002"), line("move", "310101003", "310104009", on=BEFORE)],
            "请分成几个文件",
        ),
        ([line("merge", "310101", "310104")], "请为它单写一行，填写新代码"),
        (
            [line("split", "310101", "310121", "东区"), line("split", "310101", "310122", "西区")],
            "说明归入哪一部分",
        ),
    ],
)
def test_lines_that_do_not_fit_the_tree_are_refused(
    tree: Session, lines: list[ChangeLine], words: str
) -> None:
    before = dump(tree)

    found = refusals(tree, *lines)

    assert words in found[0]
    assert dump(tree) == before


def test_a_code_that_has_ended_is_refused_with_its_day(tree: Session) -> None:
    make(tree, line("merge", "310101001", "310101002"))

    assert "已于2026-07-01撤销或变更" in refusals(tree, line("rename", "310101001", "310101009", "新街道"))[0]


def test_a_file_is_read_with_chinese_or_english_heads() -> None:
    chinese = ["变更类型", "原区划代码", "新区划代码", "新区划名称", "生效日期", "依据", "划入的服务场所"]
    english = ["kind", "from_code", "to_code", "to_name", "effective_on", "source", "sites"]
    cells = ["拆分", 310101001, "310101011", "东街道", "2026/7/1", "示例批复", "abc、def; ghi"]

    read = [read_lines(heads, [(2, cells)]) for heads in (chinese, english)]

    assert read[0] == read[1] == [line("split", "310101001", "310101011", "东街道", sites="abc def ghi")]


def test_every_problem_of_a_file_is_listed_with_its_row() -> None:
    heads = ["kind", "from_code", "to_code", "effective_on", "source"]
    rows = [
        (2, ["吞并", "310101001", "310101002", "2026-07-01", "示例批复"]),
        (3, ["合并", "黄浦", "310101002", "2026-02-30", "示例批复"]),
        (5, ["合并", "310101001", "310101002", "2026-07-01", ""]),
    ]

    with pytest.raises(ChangeRefused) as refused:
        read_lines(heads, rows)

    assert [(one.row, str(one.message)[:12]) for one in refused.value.problems] == [
        (2, "变更类型“吞并”不认识，"),
        (3, "“原区划代码”的“黄浦”"),
        (3, "生效日期“2026-02"),
        (5, "“依据”没有填。"),
    ]


@pytest.mark.parametrize(
    ("heads", "words"), [([], "缺少列"), (["kind", "from_code", "to_code"], "生效日期、依据")]
)
def test_a_file_without_the_columns_is_refused(heads: list[str], words: str) -> None:
    with pytest.raises(ChangeRefused, match=words):
        read_lines(heads, [])


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ChangeRefused, match="没有变更内容"):
        read_lines(["kind", "from_code", "to_code", "effective_on", "source"], [])
