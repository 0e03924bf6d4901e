"""Merges, splits, renames and moves: what they do to rows and to figures."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.divisions.models import DivisionKind, Population
from registry.divisions.operations import apply_change
from registry.divisions.planning import plan_change
from registry.divisions.population import Residents, residents_of
from registry.divisions.queries import division_at, look_up, successors
from registry.organisations.models import SitePlacement
from registry.workflow.models import Todo
from tests.factories import DAY, LONG_AGO, NOW, make_account, make_division, make_provider
from tests.registry.divisions.changing import BEFORE, STREETS, X, dump, line, make, placements, sites_by


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


def test_residents_follow_whole_divisions_and_are_unknown_after_a_split(tree: Session) -> None:
    for code, count in zip(STREETS, (100, 20, 3), strict=True):
        tree.add(Population(division_code=code, year=2020, residents=count, source="测试"))
    tree.flush()

    make(tree, line("merge", "310101001", "310101002"))
    make(tree, line("split", "310101003", "310101003"), line("split", "310101003", "310101012", "西街道"))

    found = residents_of(tree, ["310101002", "310101003", "310101012"], 2020)
    assert found == {"310101002": Residents(120, is_example=False)}
