"""People: who is listed twice by a number of his own has two posts; a name and a year may be somebody else's."""

import pytest
from sqlalchemy.orm import Session

from registry.reconciliations.comparing import Comparison
from registry.reconciliations.models import Outcome, SubjectKind
from registry.workforce.models import Practitioner, Profession
from tests.factories import make_division, make_organisation, make_post, make_practitioner, make_site
from tests.registry.reconciliations.lists import compared, rows_of, table_of, told

TWICE = "文件里有2行都像是同一条登记，请人工核对。"


@pytest.fixture
def person(session: Session) -> Practitioner:
    """示例1 of 1985 with two posts."""
    for code, name in (("31", "上海市"), ("310101", "黄浦区"), ("310101002", "南京东路街道")):
        make_division(session, code, name=name)
    one = make_practitioner(session, person_no="示例-0001", name="示例1", birth_year=1985)
    for name, profession in (("甲", Profession.NURSE), ("乙", Profession.SOCIAL_WORKER)):
        site = make_site(session, make_organisation(session, name=f"示例{name}康复社"))
        make_post(session, one, site, profession=profession)
    return one


def people(session: Session, heads: str, *rows: str) -> Comparison:
    return compared(session, SubjectKind.PRACTITIONERS, table_of(heads, *rows))


def test_a_person_with_two_posts_in_two_rows_is_found_twice_and_each_post_compared(
    session: Session, person: Practitioner
) -> None:
    own = "示例-0001 示例1 1985"

    found = people(
        session,
        "人员编号 姓名 出生年份 任职机构 岗位",
        f"{own} 示例乙康复社 社会工作者",
        f"{own} 示例甲康复社 护士",
    )

    assert (found.matched, found.fields_same, found.findings) == (2, 10, ())


def test_a_row_without_a_number_is_not_matched_to_whoever_is_found_by_his(
    session: Session, person: Practitioner
) -> None:
    found = people(session, "人员编号 姓名 出生年份", "- 示例1 1985", "示例-0001 示例1 1985")

    (one,) = found.findings
    assert (found.matched, one.outcome, one.row, str(one.note)) == (1, Outcome.AMBIGUOUS, 2, TWICE)


def test_two_rows_of_one_name_and_year_are_both_open(session: Session, person: Practitioner) -> None:
    found = people(session, "姓名 出生年份", "示例1 1985", "示例1 1985")

    assert (found.matched, rows_of(found, Outcome.AMBIGUOUS)) == (0, [2, 3])
    assert {str(one.note) for one in found.findings} == {TWICE}
    assert not told(found, Outcome.ONLY_OURS)


def test_somebody_with_another_number_than_whoever_is_found_is_only_theirs(
    session: Session, person: Practitioner
) -> None:
    found = people(session, "人员编号 姓名 出生年份", "示例-0001 示例1 1985", "示例-0009 示例1 1985")

    assert (found.matched, rows_of(found, Outcome.ONLY_THEIRS)) == (1, [3])


def test_one_row_of_a_name_and_year_is_found(session: Session, person: Practitioner) -> None:
    found = people(session, "姓名 出生年份", "示例1 1985", "示例2 1985")

    assert (found.matched, rows_of(found, Outcome.ONLY_THEIRS)) == (1, [3])
