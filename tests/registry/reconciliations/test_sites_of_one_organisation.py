"""Sites: the number of an organisation narrows, the name tells which; one of ours is found once."""

import pytest
from sqlalchemy.orm import Session

from registry.organisations.models import Organisation, Site
from registry.reconciliations.comparing import Comparison
from registry.reconciliations.models import Evidence, Outcome, SubjectKind
from tests.factories import DAY, make_division, make_organisation, make_site, make_standing
from tests.registry.reconciliations.lists import compared, rows_of, table_of, told

DIFFERENCES = (Outcome.DIFFERENT, Outcome.THEY_LACK, Outcome.WE_LACK, Outcome.LIKELY_SAME)
HEADS = "统一社会信用代码 场所名称 地址"


@pytest.fixture
def owner(session: Session) -> Organisation:
    for code, name in (("31", "上海市"), ("310101", "黄浦区"), ("310101002", "南京东路街道")):
        make_division(session, code, name=name)
    return make_organisation(session, name="示例康复社")


@pytest.fixture
def east(session: Session, owner: Organisation) -> Site:
    return make_site(session, owner, name="示例东路服务点", address="示例东路1号")


def sites(session: Session, *rows: str, heads: str = HEADS) -> Comparison:
    return compared(session, SubjectKind.SITES, table_of(heads, *rows))


def test_further_sites_of_theirs_with_the_same_number_are_only_theirs(
    session: Session, owner: Organisation, east: Site
) -> None:
    names = ("示例西路", "示例东路", "示例南路")
    found = sites(session, *(f"{owner.uscc} {name}服务点 {name}1号" for name in names))

    assert (found.matched, found.fields_same, found.count(*DIFFERENCES)) == (1, 3, 0)
    assert rows_of(found, Outcome.ONLY_THEIRS) == [2, 4]
    assert not told(found, Outcome.ONLY_OURS, Outcome.AMBIGUOUS)


def test_so_they_are_where_we_have_two_and_by_a_listing_number(
    session: Session, owner: Organisation, east: Site
) -> None:
    make_site(session, owner, name="示例西路服务点")
    number = make_standing(session, owner).number
    rows = [f"{number} 示例{road}服务点" for road in ("东路", "西路", "南路", "北路")]

    found = sites(session, *rows, heads="入库编号 场所名称")

    assert found.matched == 2
    assert rows_of(found, Outcome.ONLY_THEIRS) == [4, 5]
    assert not told(found, Outcome.AMBIGUOUS)


def test_what_is_only_theirs_is_a_matter_of_its_own_in_each_row(
    session: Session, owner: Organisation, east: Site
) -> None:
    found = sites(session, *(f"{owner.uscc} 示例{road}服务点 -" for road in ("东路", "西路", "南路")))

    matters = {one.matter for one in told(found, Outcome.ONLY_THEIRS)}
    assert len(matters) == 2
    assert not matters & found.also_known.keys()


def test_another_name_for_one_that_no_row_has_is_an_open_question(
    session: Session, owner: Organisation, east: Site
) -> None:
    found = sites(session, f"{owner.uscc} 示例西路服务点 -")

    (one,) = found.findings
    assert (one.outcome, one.record and one.record.code) == (Outcome.AMBIGUOUS, east.code)
    assert str(one.note) == "编号对得上，名称却不同，可能不是同一个。"


def test_a_name_that_is_likely_the_same_is_enough_beside_the_number(
    session: Session, owner: Organisation, east: Site
) -> None:
    found = sites(session, f"{owner.uscc} 黄浦区示例东路服务站 示例东路1号")

    assert [(one.field, one.outcome, one.evidence) for one in found.findings] == [
        ("site_name", Outcome.LIKELY_SAME, Evidence.CREDIT_CODE)
    ]


def test_the_very_name_is_found_before_one_that_is_likely_the_same(
    session: Session, owner: Organisation, east: Site
) -> None:
    found = sites(session, f"{owner.uscc} 示例东路服务站 别处2号", f"{owner.uscc} 示例东路服务点 示例东路1号")

    assert (found.matched, found.count(*DIFFERENCES)) == (1, 0)
    (one,) = told(found, Outcome.AMBIGUOUS)
    assert (one.row, str(one.note)) == (2, "文件里有2行都像是同一条登记，请人工核对。")


def test_two_rows_of_one_number_and_name_are_both_open(
    session: Session, owner: Organisation, east: Site
) -> None:
    found = sites(session, f"{owner.uscc} 示例东路服务点 示例东路1号", f"{owner.uscc} 示例东路服务点 别处2号")

    assert (found.matched, rows_of(found, Outcome.AMBIGUOUS)) == (0, [2, 3])
    assert not told(found, Outcome.ONLY_OURS)


def test_two_rows_of_one_site_code_are_both_compared(
    session: Session, owner: Organisation, east: Site
) -> None:
    found = sites(session, *[f"{east.code} 示例新名服务点"] * 2, heads="场所编号 场所名称")

    assert (found.matched, [one.field for one in found.findings]) == (2, ["site_name", "site_name"])


def test_without_a_name_a_number_is_enough_where_each_side_has_one(
    session: Session, owner: Organisation, east: Site
) -> None:
    make_site(session, owner, name="示例旧路服务点", closed_on=DAY)

    no_column = sites(session, f"{owner.uscc} 别处2号", heads="统一社会信用代码 地址")
    blank = sites(session, f"{owner.uscc} - 别处2号")

    for found in (no_column, blank):
        (one,) = told(found, Outcome.DIFFERENT)
        assert (found.matched, one.field, one.ours) == (1, "address", "示例东路1号")


@pytest.mark.parametrize(
    ("ours", "theirs"), [(("东路",), 2), (("东路", "西路"), 1), (("东路", "西路"), 2), ((), 1)]
)
def test_without_a_name_nothing_is_guessed_where_one_side_has_more_or_ours_is_closed(
    session: Session, owner: Organisation, ours: tuple[str, ...], theirs: int
) -> None:
    make_site(session, owner, name="示例旧路服务点", closed_on=DAY)
    for road in ours:
        make_site(session, owner, name=f"示例{road}服务点")

    found = sites(session, *[f"{owner.uscc} 别处2号"] * theirs, heads="统一社会信用代码 地址")

    assert (found.matched, len(found.findings)) == (0, theirs)
    assert {str(one.note) for one in told(found, Outcome.AMBIGUOUS)} == {
        "编号是机构的，没有名称，不能确定是哪一处场所，请人工核对。"
    }


def test_the_number_of_one_organisation_and_the_name_of_a_site_of_another_are_an_open_question(
    session: Session, owner: Organisation, east: Site
) -> None:
    other = make_organisation(session)
    make_site(session, other, name="示例阳光心园")

    found = sites(session, f"{owner.uscc} 示例阳光心园 -")

    (one,) = found.findings
    assert one.outcome is Outcome.AMBIGUOUS
    assert str(one.note) == "两种识别方式指向不同的登记：统一社会信用代码和场所名称。"


def test_a_site_that_is_called_as_one_of_another_organisation_is_only_theirs(
    session: Session, owner: Organisation, east: Site
) -> None:
    other = make_organisation(session)
    make_site(session, other, name="示例阳光心园")
    rows = ("示例东路服务点", "示例阳光心园")

    found = sites(session, f"{other.uscc} 示例阳光心园 -", *(f"{owner.uscc} {name} -" for name in rows))

    assert (found.matched, rows_of(found, Outcome.ONLY_THEIRS)) == (2, [4])


def test_two_rows_with_the_same_name_alone_are_both_open(
    session: Session, owner: Organisation, east: Site
) -> None:
    found = sites(session, "示例东路服务点 示例东路1号", "示例东路服务点 别处2号", heads="场所名称 地址")

    assert (found.matched, rows_of(found, Outcome.AMBIGUOUS)) == (0, [2, 3])
