"""The pages of divisions: the tree, the search, the changes and taking one back."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.divisions.changes import ChangeLine
from registry.divisions.models import ChangeKind, DivisionChange, DivisionKind, Population
from registry.divisions.operations import apply_change
from registry.divisions.planning import plan_change
from tests.factories import NOW, make_division, make_provider
from tests.portal.polite import Polite

ADDRESS = "/admin/divisions"
X = date(2026, 7, 1)


@pytest.fixture
def tree(session: Session) -> Session:
    make_division(session, "31", name="上海市", kind=DivisionKind.PROVINCE)
    make_division(session, "3101", name="市辖区", kind=DivisionKind.PSEUDO)
    make_division(session, "310101", name="黄浦区")
    make_division(session, "310104", name="徐汇区")
    make_division(session, "310101001", name="甲街道", kind=DivisionKind.SUBDISTRICT)
    make_division(session, "310101002", name="乙街道", kind=DivisionKind.SUBDISTRICT)
    make_division(session, "310101501", name="示例园区", kind=DivisionKind.FUNCTION_ZONE)
    session.add(Population(division_code="310101", year=2020, residents=662_030, source="测试"))
    session.add(
        Population(division_code="310101001", year=2020, residents=81_448, source="测试", is_example=True)
    )
    session.commit()
    return session


@pytest.fixture
def merged(tree: Session) -> DivisionChange:
    """The first street went into the second one, with a site."""
    make_provider(tree, division_code="310101001")
    line = ChangeLine(2, ChangeKind.MERGE, "310101001", "310101002", "", X, "示例批复")
    change = apply_change(tree, plan_change(tree, [line]), at=NOW, by="李示例")
    tree.commit()
    return change


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_divisions(polite: Polite, sign_in, tree: Session, role: Role) -> None:
    sign_in(role)

    assert polite.get(ADDRESS).heading == "行政区划"


def test_the_tree_skips_the_pseudo_city_but_shows_it_last(polite: Polite, sign_in, tree: Session) -> None:
    sign_in(Role.CITY)

    rows = polite.get(ADDRESS).rows

    assert [row[:3] for row in rows] == [
        ["310101", "黄浦区", "区（县、市）"],
        ["310104", "徐汇区", "区（县、市）"],
        ["3101", "市辖区", "统计用区划 （不在统计页面显示）"],
    ]
    assert [row[4] for row in rows] == ["662,030", "--", "--"]


def test_a_district_leads_down_to_its_streets_and_back_up(polite: Polite, sign_in, tree: Session) -> None:
    sign_in(Role.CITY)

    page = polite.follow(polite.get(ADDRESS), "黄浦区")

    assert [row[1] for row in page.rows] == ["甲街道", "乙街道", "示例园区"]
    assert [page.links["全国"], page.links["上海市"]] == [f"{ADDRESS}?division=0", f"{ADDRESS}?division=31"]


def test_made_up_residents_are_marked(polite: Polite, sign_in, tree: Session) -> None:
    sign_in(Role.CITY)

    rows = polite.get(f"{ADDRESS}?division=310101").rows

    assert [row[4] for row in rows] == ["81,448示例", "--", "--"]


def test_a_search_finds_by_name_code_and_initials_and_says_where(
    polite: Polite, sign_in, tree: Session
) -> None:
    sign_in(Role.DISTRICT)

    for typed in ("甲街", "310101001", "jjd"):
        assert [row[1] for row in polite.get(f"{ADDRESS}?q={typed}").rows] == ["甲街道 上海市黄浦区"]


def test_a_search_for_nothing_says_so(polite: Polite, sign_in, tree: Session) -> None:
    sign_in(Role.CITY)

    assert "没有符合条件的记录" in polite.get(f"{ADDRESS}?q=查无此地").main


def test_the_tree_is_that_of_the_day_in_the_address(polite: Polite, sign_in, merged: DivisionChange) -> None:
    sign_in(Role.CITY)

    before = polite.get(f"{ADDRESS}?division=310101&on=2026-06-30")
    after = polite.get(f"{ADDRESS}?division=310101&on=2026-07-01")

    assert [row[1] for row in before.rows[:2]] == ["甲街道", "乙街道"]
    assert before.rows[0][3] == "2020-01-01 至 2026-07-01 前"
    assert after.rows[0][1] == "乙街道"


@pytest.mark.parametrize(
    ("query", "status"), [("division=999999", 404), ("on=2026-2-30", 400), ("division=abc", 404)]
)
def test_a_wrong_address_is_refused(polite: Polite, sign_in, tree: Session, query: str, status: int) -> None:
    sign_in(Role.CITY)

    polite.get(f"{ADDRESS}?{query}", status)


def test_a_change_is_listed_and_shows_what_moved(polite: Polite, sign_in, merged: DivisionChange) -> None:
    sign_in(Role.CITY)

    page = polite.follow(polite.get(ADDRESS), "2026-07-01")

    assert ["合并", "310101001 甲街道", "310101002 乙街道"] in page.rows
    assert ["服务场所的责任区划", "1"] in page.rows
    assert ["服务场所的历史位置", "2"] in page.rows


def test_a_city_takes_a_change_back_and_the_trail_says_so(
    polite: Polite, sign_in, merged: DivisionChange, session: Session
) -> None:
    sign_in(Role.CITY)

    page = polite.submit(polite.get(f"{ADDRESS}/changes/{merged.code}"), button="撤回这次区划变更")

    assert "已撤回" in page.main
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject_code) == ("division.change.undo", merged.code)


def test_an_undo_that_is_blocked_says_why_and_changes_nothing(
    polite: Polite, sign_in, merged: DivisionChange, session: Session
) -> None:
    site = make_provider(session, division_code="310101002")
    moved = session.scalars(sa.select(type(site)).where(type(site).id != site.id)).one()
    moved.division_code = "310104"
    session.commit()
    sign_in(Role.CITY)

    page = polite.submit(
        polite.get(f"{ADDRESS}/changes/{merged.code}"), button="撤回这次区划变更", status=409
    )

    assert moved.name in page.errors[0]
    session.refresh(merged)
    assert merged.undone_at is None


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.STREET, Role.PROVIDER, Role.SYSADMIN])
def test_nobody_below_the_city_takes_a_change_back(
    polite: Polite, sign_in, merged: DivisionChange, role: Role
) -> None:
    sign_in(role)

    page = polite.get(f"{ADDRESS}/changes/{merged.code}")

    assert "撤回这次区划变更" not in page.main
    polite.post(f"{ADDRESS}/changes/{merged.code}/undo", {}, 403)


def test_a_city_does_not_take_back_the_change_of_another_one(
    polite: Polite, sign_in, merged: DivisionChange
) -> None:
    sign_in(Role.CITY, division_code="36")

    polite.post(f"{ADDRESS}/changes/{merged.code}/undo", {}, 403)


def test_a_change_that_is_not_there_is_not_found(polite: Polite, sign_in, tree: Session) -> None:
    sign_in(Role.CITY)

    polite.get(f"{ADDRESS}/changes/zzzzzzzz", 404)
