"""Merges, splits, renames and moves: what they do to rows and figures, and that an undo leaves no trace."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import registry.schema
from registry.access.models import Role
from registry.divisions.changes import ChangeLine, ChangeRefused, read_lines
from registry.divisions.models import ChangeKind, Division, DivisionChange, DivisionKind, Population
from registry.divisions.operations import apply_change, undo_change
from registry.divisions.planning import ChangePlan, plan_change
from registry.divisions.queries import division_at, look_up, residents, successors
from registry.organisations.models import Site, SitePlacement
from registry.workflow.models import Todo
from tests.factories import DAY, LONG_AGO, NOW, make_account, make_division, make_provider

X = date(2026, 7, 1)
BEFORE = X - timedelta(days=1)
STREETS = ("310101001", "310101002", "310101003")
KEPT = ("division_change", "division_change_line")


@pytest.fixture
def tree(session: Session) -> Session:
    """Two districts; three streets in the first and one in the second."""
    for code, kind in (("31", DivisionKind.PROVINCE), ("3101", DivisionKind.PSEUDO)):
        make_division(session, code, kind=kind)
    for code in ("310101", "310104", *STREETS, "310104001"):
        make_division(session, code, name=f"{code}街道" if len(code) == 9 else f"{code}区")
    return session


def line(
    kind: str, old: str, new: str, name: str = "", *, on: date = X, sites: str = "", row: int = 2
) -> ChangeLine:
    return ChangeLine(row, ChangeKind(kind), old, new, name, on, "示例批复", tuple(sites.split()))


def make(session: Session, *lines: ChangeLine) -> DivisionChange:
    numbered = [_at_row(one, row) for row, one in enumerate(lines, start=2)]
    return apply_change(session, plan_change(session, numbered), at=NOW, by="李示例")


def _at_row(one: ChangeLine, row: int) -> ChangeLine:
    return ChangeLine(
        row, one.kind, one.from_code, one.to_code, one.to_name, one.effective_on, one.source, one.sites
    )


def refusals(session: Session, *lines: ChangeLine) -> list[str]:
    with pytest.raises(ChangeRefused) as refused:
        make(session, *lines)
    return [str(problem.message) for problem in refused.value.problems]


def dump(session: Session) -> dict[str, list[Any]]:
    """Every table but the record of the changes themselves."""
    session.flush()
    tables = (table for table in registry.schema.metadata.sorted_tables if table.name not in KEPT)
    return {
        table.name: list(session.execute(sa.select(table).order_by(*table.primary_key))) for table in tables
    }


def sites_by(session: Session, code: sa.Column[str] | Any, on: date) -> dict[str, int]:
    """A figure in small: open sites by their division on a day."""
    statement = (
        sa.select(code, sa.func.count())
        .where(SitePlacement.valid_from <= on)
        .where(sa.or_(SitePlacement.valid_to.is_(None), SitePlacement.valid_to > on))
        .group_by(code)
    )
    return dict(session.execute(statement).all())


def placements(session: Session, site: Site) -> list[tuple[Any, ...]]:
    rows = session.scalars(
        sa.select(SitePlacement).where(SitePlacement.site_id == site.id).order_by(SitePlacement.valid_from)
    )
    return [(row.division_code, row.today_code, row.valid_from, row.valid_to) for row in rows]


def test_a_merge_moves_everything_that_holds_the_old_codes(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")
    clerk = make_account(tree, Role.STREET, division_code="310101001")
    other = make_provider(tree, division_code="310101003")

    make(tree, line("merge", "310101001", "310101009", "新街道"), line("merge", "310101002", "310101009"))

    assert (site.division_code, site.located_code, site.organisation.division_code) == ("310101009",) * 3
    assert clerk.division_code == "310101009"
    assert other.division_code == "310101003"
    assert division_at(tree, "310101001", BEFORE) is not None
    assert division_at(tree, "310101001", X) is None
    begun = division_at(tree, "310101009", X)
    assert begun is not None
    assert (begun.name, begun.kind, begun.parent_code) == ("新街道", DivisionKind.SUBDISTRICT, "310101")


def test_an_open_placement_is_cut_on_the_day_and_a_past_one_only_gets_todays_code(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")
    moved_in = date(2023, 1, 1)
    first = site.placements[0]
    first.division_code = first.today_code = "310101002"
    first.valid_to = moved_in
    tree.add(
        SitePlacement(
            site=site, division_code="310101001", today_code="310101001", address="二号", valid_from=moved_in
        )
    )
    tree.flush()

    make(tree, line("merge", "310101001", "310101009", "新街道"), line("merge", "310101002", "310101009"))

    assert placements(tree, site) == [
        ("310101002", "310101009", LONG_AGO, moved_in),
        ("310101001", "310101009", moved_in, X),
        ("310101009", "310101009", X, None),
    ]


def test_a_placement_that_began_after_the_day_gets_the_new_code_whole(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001", opened_on=X)
    placement = site.placements[0]
    placement.valid_from = X + timedelta(days=10)
    tree.flush()

    make(tree, line("rename", "310101001", "310101009", "新街道"))

    assert placements(tree, site) == [("310101009", "310101009", X + timedelta(days=10), None)]


def test_a_trend_by_todays_division_moves_and_one_by_that_days_does_not(tree: Session) -> None:
    for code in ("310101001", "310101002", "310101003"):
        make_provider(tree, division_code=code)
    past = date(2024, 6, 30)

    make(tree, line("merge", "310101001", "310101002"))

    assert sites_by(tree, SitePlacement.today_code, past) == {"310101002": 2, "310101003": 1}
    assert sites_by(tree, SitePlacement.division_code, past) == dict.fromkeys(STREETS, 1)
    assert sites_by(tree, SitePlacement.division_code, X) == {"310101002": 2, "310101003": 1}
    assert sites_by(tree, SitePlacement.division_code, BEFORE) == dict.fromkeys(STREETS, 1)


def test_a_move_takes_a_street_to_another_district(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")

    make(tree, line("move", "310101001", "310104009"))

    assert site.division_code == "310104009"
    begun = division_at(tree, "310104009", X)
    assert begun is not None
    assert (begun.name, begun.parent_code) == ("310101001街道", "310104")


def test_a_rename_leaves_codes_alone(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")
    before = placements(tree, site)

    make(tree, line("rename", "310101001", "310101001", "新名街道"))

    assert placements(tree, site) == before
    names = [division_at(tree, "310101001", day) for day in (BEFORE, X)]
    assert [one.name if one else None for one in names] == ["310101001街道", "新名街道"]


def test_a_town_that_becomes_a_subdistrict_changes_its_kind(tree: Session) -> None:
    make_division(tree, "310101101", name="示例镇", kind=DivisionKind.TOWN)

    make(tree, line("rename", "310101101", "310101020", "示例街道"))

    begun = division_at(tree, "310101020", X)
    assert begun is not None
    assert begun.kind is DivisionKind.SUBDISTRICT


def test_streets_follow_a_district_that_gets_a_new_code(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")
    officer = make_account(tree, Role.DISTRICT, division_code="310101")

    make(tree, line("rename", "310101", "310120", "新区"))

    assert site.division_code == "310120001"
    assert officer.division_code == "310120"
    begun = division_at(tree, "310120001", X)
    assert begun is not None
    assert begun.parent_code == "310120"
    assert successors(tree, "310101002", DAY) == ("310120002",)


def test_a_district_merges_into_another_when_each_street_has_a_line(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")

    make(
        tree,
        line("merge", "310101", "310104"),
        line("move", "310101001", "310104011"),
        line("move", "310101002", "310104012"),
        line("move", "310101003", "310104013"),
    )

    assert site.division_code == "310104011"
    assert division_at(tree, "310101", X) is None
    assert division_at(tree, "310104", X) is not None


def test_a_split_sends_each_site_and_what_follows_it_to_its_part(tree: Session) -> None:
    left, right = (make_provider(tree, division_code="310101001") for _ in range(2))
    manager = make_account(tree, Role.PROVIDER, organisation=right.organisation, division_code="310101001")
    clerk = make_account(tree, Role.STREET, division_code="310101001")
    waiting = Todo(
        subject_type="site",
        subject_id=right.id,
        subject_code=right.code,
        subject_name=right.name,
        title="示例待办",
        asked_by="李示例",
        role=Role.STREET,
        division_code="310101001",
        organisation_id=right.organisation_id,
        opened_at=NOW,
    )
    tree.add(waiting)

    make(
        tree,
        line("split", "310101001", "310101001", sites=left.code),
        line("split", "310101001", "310101011", "东街道", sites=right.code),
    )

    assert left.division_code == "310101001"
    assert len(placements(tree, left)) == 1
    assert right.division_code == right.organisation.division_code == manager.division_code == "310101011"
    assert waiting.division_code == "310101011"
    assert clerk.division_code == "310101001"
    assert sites_by(tree, SitePlacement.today_code, date(2024, 6, 30)) == {"310101001": 1, "310101011": 1}


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


def test_a_closed_site_need_not_be_assigned_and_is_shown_as_such(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")
    site.closed_on = date(2025, 1, 1)
    tree.flush()
    lines = [
        line("split", "310101001", "310101011", "东街道"),
        line("split", "310101001", "310101012", "西街道"),
    ]

    plan = plan_change(tree, lines)

    assert site.name in {row.name for row in plan.unassigned}
    apply_change(tree, plan, at=NOW, by="李示例")
    assert site.division_code == "310101011"


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


def scenario_merge(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [
        line("merge", "310101001", "310101002", "合并街道"),
        line("merge", "310101002", "310101002", "合并街道"),
    ]


def scenario_merge_into(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [line("merge", "310101001", "310101002")]


def scenario_split(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [
        line("split", "310101001", "310101011", "东街道", sites=sites[0].code),
        line("split", "310101001", "310101012", "西街道", sites=sites[1].code),
    ]


def scenario_rename(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [
        line("rename", "310101001", "310101001", "新名街道"),
        line("rename", "310101002", "310101022", "又名街道"),
    ]


def scenario_move(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [line("move", "310101001", "310104009"), line("move", "310101002", "310104010", "新名镇")]


def scenario_district(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [line("rename", "310101", "310120", "新区")]


SCENARIOS = [
    scenario_merge,
    scenario_merge_into,
    scenario_split,
    scenario_rename,
    scenario_move,
    scenario_district,
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_change_and_its_undo_leave_every_table_as_before(tree: Session, scenario: Any) -> None:
    sites = [make_provider(tree, division_code="310101001") for _ in range(2)]
    make_provider(tree, division_code="310101002")
    sites[0].located_code = "310101002"
    make_account(tree, Role.STREET, division_code="310101001")
    make_account(tree, Role.DISTRICT, division_code="310101")
    before = dump(tree)

    change = make(tree, *scenario(tree, sites))
    during = dump(tree)
    undo_change(tree, change.code, at=NOW, by="李示例")

    assert during != before
    assert dump(tree) == before
    assert change.undone_by == "李示例"


def test_a_preview_writes_nothing(tree: Session) -> None:
    make_provider(tree, division_code="310101001")
    before = dump(tree)

    plan = plan_change(tree, [line("merge", "310101001", "310101002")])

    assert dump(tree) == before
    assert {str(label): count for label, count in plan.counts} == {
        "区划": 1,
        "服务场所的责任区划": 1,
        "服务场所的所在区划": 1,
        "单位的登记区划": 1,
        "服务场所的历史位置": 2,
    }


def test_a_change_may_be_previewed_but_not_made_before_its_day(tree: Session) -> None:
    tomorrow = DAY + timedelta(days=1)
    ahead = line("merge", "310101001", "310101002", on=tomorrow)

    assert isinstance(plan_change(tree, [ahead]), ChangePlan)
    assert "2026-11-24" in refusals(tree, ahead)[0]


def test_an_old_code_resolves_after_a_change_and_a_split_one_to_the_division_above(tree: Session) -> None:
    make(tree, line("merge", "310101001", "310101002"))
    make(
        tree,
        line("split", "310101003", "310101011", "东街道"),
        line("split", "310101003", "310101012", "西街道"),
    )

    assert look_up(tree, "310101001", DAY).division.code == "310101002"
    assert look_up(tree, "310101001", BEFORE).warning is None
    split = look_up(tree, "310101003", DAY)
    assert split.division.code == "310101"
    assert "东街道、西街道" in str(split.warning)
    assert successors(tree, "310101003", DAY) == ("310101011", "310101012")


def test_an_undone_change_has_no_successors(tree: Session) -> None:
    change = make(tree, line("rename", "310101001", "310101009", "新街道"))
    undo_change(tree, change.code, at=NOW, by="李示例")

    assert successors(tree, "310101001", DAY) == ("310101001",)
    assert successors(tree, "310101009", DAY) == ()


def test_residents_follow_whole_divisions_and_are_unknown_after_a_split(tree: Session) -> None:
    for code, count in zip(STREETS, (100, 20, 3), strict=True):
        tree.add(Population(division_code=code, year=2020, residents=count, source="测试"))
    tree.flush()

    make(tree, line("merge", "310101001", "310101002"))
    make(tree, line("split", "310101003", "310101003"), line("split", "310101003", "310101012", "西街道"))

    assert residents(tree, "310101002", 2020) == 120
    assert residents(tree, "310101003", 2020) is None
    assert residents(tree, "310101012", 2020) is None


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


def test_an_undo_is_blocked_by_a_later_change_over_the_same_codes(tree: Session) -> None:
    first = make(tree, line("merge", "310101001", "310101002"))
    later = make(tree, line("rename", "310101002", "310101009", "新街道", on=X + timedelta(days=30)))
    make(tree, line("move", "310101003", "310104009", on=X + timedelta(days=31)))

    with pytest.raises(ChangeRefused, match=later.code):
        undo_change(tree, first.code, at=NOW, by="李示例")

    undo_change(tree, later.code, at=NOW, by="李示例")
    undo_change(tree, first.code, at=NOW, by="李示例")
    assert division_at(tree, "310101001", DAY) is not None


def test_an_undo_is_blocked_where_a_row_was_changed_since(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")
    change = make(tree, line("merge", "310101001", "310101002"))
    site.division_code = "310104001"
    tree.flush()

    with pytest.raises(ChangeRefused, match=site.name):
        undo_change(tree, change.code, at=NOW, by="李示例")


def test_an_undo_is_blocked_where_somebody_registered_in_the_new_division(tree: Session) -> None:
    change = make(tree, line("rename", "310101001", "310101009", "新街道"))
    newcomer = make_provider(tree, division_code="310101009")

    with pytest.raises(ChangeRefused, match=newcomer.name):
        undo_change(tree, change.code, at=NOW, by="李示例")


def test_a_new_name_can_be_taken_back_though_rows_hold_the_code(tree: Session) -> None:
    change = make(tree, line("rename", "310101001", "310101001", "新名街道"))
    make_provider(tree, division_code="310101001")

    undo_change(tree, change.code, at=NOW, by="李示例")

    assert [one.name for one in tree.scalars(sa.select(Division).where(Division.code == "310101001"))] == [
        "310101001街道"
    ]


def test_a_change_is_taken_back_once_and_an_unknown_one_never(tree: Session) -> None:
    change = make(tree, line("merge", "310101001", "310101002"))
    undo_change(tree, change.code, at=NOW, by="李示例")

    with pytest.raises(ChangeRefused, match="已于2026-11-23撤回"):
        undo_change(tree, change.code, at=NOW, by="李示例")
    with pytest.raises(ChangeRefused, match="nosuch"):
        undo_change(tree, "nosuch", at=NOW, by="李示例")


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
