"""Who counts, who does not, why, and until when."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.workforce.counting import Place
from registry.workforce.models import EducationForm, Engagement, Practitioner, Verification
from reports.figures.definitions import CERTIFIED_SHARE, QUALIFIED_SHARE
from reports.figures.ledger import LedgerRow, Standing, ledger
from tests.factories import (
    make_certificate,
    make_education,
    make_major,
    make_organisation,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_staff,
    make_standing,
)
from tests.reports.figures.worlds import (
    ALL_STAFF,
    ASSIGNED,
    CITY,
    HUANGPU,
    ON,
    STREET,
    XUHUI_STREET,
    lay_out_city,
)

TOMORROW = ON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


def rows_of(session: Session, **asked: Any) -> list[LedgerRow]:
    """The ledger of the city for the qualified share by the default rule."""
    options = {"figure": QUALIFIED_SHARE, "place": Place(CITY), "on": ON, "rule": ASSIGNED} | asked
    figure = options.pop("figure")
    return ledger(session, figure, **options)


def only_row(session: Session, **asked: Any) -> LedgerRow:
    (row,) = rows_of(session, **asked)
    return row


def hired(session: Session, **post: Any) -> Practitioner:
    """Somebody with one post at a listed provider."""
    person = make_practitioner(session)
    make_post(session, person, make_provider(session), **post)
    return person


@pytest.mark.parametrize(
    ("facts", "standing", "sentence"),
    [
        ({}, Standing.HOLDER, "本科学历，专业“社会工作”（030302），已核验。"),
        (
            {"verification": Verification.PENDING, "verified_on": None},
            Standing.STAFF,
            "专业“社会工作”（030302）学历核验中，核验通过后计入。",
        ),
        (
            {"verification": Verification.REJECTED, "verified_on": None},
            Standing.STAFF,
            "专业“社会工作”（030302）学历核验未通过；请核对证书后重新提交。",
        ),
        (
            {"verified_on": TOMORROW},
            Standing.STAFF,
            "专业“社会工作”（030302）学历于2026-11-24核验，自该日起计入。",
        ),
        (
            {"obtained_on": TOMORROW},
            Standing.STAFF,
            "专业“社会工作”（030302）学历于2026-11-24取得，当日尚未取得。",
        ),
        (
            {"major_code": "050101", "major_name": "汉语言文学"},
            Standing.STAFF,
            "专业“汉语言文学”（050101）不在相关专业目录内。",
        ),
        (
            {"form": EducationForm.DEGREE},
            Standing.STAFF,
            "只有学位证书“社会工作”（030302），没有学历证书；请补录学历。",
        ),
        (
            {"major_code": "101005", "major_name": "康复治疗学"},
            Standing.STAFF,
            "专业“康复治疗学”（101005）当日不在专业目录的有效期内。",
        ),
        (
            {"major_code": "100201K", "major_name": "临床医学"},
            Standing.STAFF,
            "专业“临床医学”（100201K）在专业目录中列为不计入：须有精神科执业注册",
        ),
        (
            {"major_code": "040108", "major_name": "特殊教育"},
            Standing.STAFF,
            "专业“特殊教育”（040108）在专业目录中列为不计入。",
        ),
    ],
)
def test_the_reason_names_what_decides(
    session: Session, facts: dict[str, Any], standing: Standing, sentence: str
) -> None:
    make_major(session, code="101005", name="康复治疗学", valid_to=date(2026, 1, 1))
    make_major(session, code="100201K", name="临床医学", counts=False, note="须有精神科执业注册")
    make_major(session, code="040108", name="特殊教育", counts=False)
    make_education(session, hired(session), **facts)

    row = only_row(session)

    assert (row.standing, str(row.reason)) == (standing, sentence)


def test_nobody_without_education_is_left_without_a_reason(session: Session) -> None:
    hired(session)

    assert str(only_row(session).reason) == "没有学历登记，请补录并提交核验。"


def test_of_several_diplomas_the_one_nearest_to_counting_is_named(session: Session) -> None:
    person = hired(session)
    make_education(session, person, major_code="050101")
    make_education(session, person, verification=Verification.PENDING, verified_on=None)

    assert "核验中" in str(only_row(session).reason)


@pytest.mark.parametrize(
    ("post", "sentence"),
    [
        ({"engagement": Engagement.VOLUNTEER}, "志愿者不计入从业人员。"),
        ({"engagement": Engagement.INTERN}, "实习人员不计入从业人员。"),
        (
            {"serves_programme": False},
            "在本机构从事其他业务，按本口径不计；改用“机构全部人员”口径时计入。",
        ),
        ({"end_on": ON}, "任职已于2026-11-23结束。"),
    ],
)
def test_whoever_is_not_staff_is_listed_with_the_reason(
    session: Session, post: dict[str, Any], sentence: str
) -> None:
    hired(session, **post)

    row = only_row(session)

    assert (row.standing, str(row.reason), row.until) == (Standing.OUTSIDE, sentence, None)


def test_other_business_counts_by_the_rule_of_all_staff(session: Session) -> None:
    hired(session, serves_programme=False)

    assert only_row(session, rule=ALL_STAFF).standing is Standing.STAFF


def test_who_left_more_than_a_year_ago_is_not_listed(session: Session) -> None:
    hired(session, end_on=date(2025, 11, 1))
    hired(session, start_on=TOMORROW)

    assert rows_of(session) == []


def test_staff_of_an_organisation_that_left_the_library_are_listed_as_such(session: Session) -> None:
    organisation = make_organisation(session, division_code=STREET)
    make_standing(session, organisation, ended_on=date(2026, 6, 1))
    make_staff(session, make_site(session, organisation), qualified=1, other=0)

    row = only_row(session)

    assert (row.standing, str(row.reason)) == (Standing.OUTSIDE, "机构已于2026-06-01退出机构库。")


def test_a_row_says_until_when_it_holds_and_why_it_ends(session: Session) -> None:
    make_education(session, hired(session, end_on=date(2026, 12, 24)))

    row = only_row(session)

    assert (row.standing, row.until, str(row.until_reason)) == (
        Standing.HOLDER,
        date(2026, 12, 24),
        "任职结束",
    )


def test_posts_that_follow_each_other_are_one_stay(session: Session) -> None:
    person, site = make_practitioner(session), make_provider(session)
    make_post(session, person, site, end_on=date(2026, 12, 1))
    make_post(session, person, site, start_on=date(2026, 12, 1), end_on=date(2027, 6, 1))

    assert only_row(session).until == date(2027, 6, 1)


def test_a_certificate_that_ends_before_the_post_limits_the_row(session: Session) -> None:
    make_certificate(session, hired(session), valid_to=date(2027, 1, 1))

    row = only_row(session, figure=CERTIFIED_SHARE)

    assert (row.standing, row.until, str(row.until_reason)) == (
        Standing.HOLDER,
        date(2027, 1, 1),
        "证书或专业目录有效期届满",
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"number": "SW1"}, "社会工作师证书在登记有效期内。"),
        ({"number": "SW1", "valid_to": ON}, "社会工作师证书登记已于2026-11-23到期，请办理再登记。"),
        ({"number": "SW1", "valid_from": TOMORROW}, "社会工作师证书已取得，当日尚未登记。"),
        ({"number": "SW1", "valid_from": None, "valid_to": None}, "社会工作师证书已取得，当日尚未登记。"),
        ({"number": "SW1", "valid_from": None, "valid_to": TOMORROW}, "社会工作师证书在登记有效期内。"),
        (
            {"number": "SW1", "valid_from": None, "valid_to": ON},
            "社会工作师证书登记已于2026-11-23到期，请办理再登记。",
        ),
        (
            {"number": "SW1", "issued_on": TOMORROW, "valid_from": TOMORROW},
            "社会工作师证书自2026-11-24起有效。",
        ),
    ],
)
def test_the_certified_share_gives_its_own_reasons(
    session: Session, facts: dict[str, Any], sentence: str
) -> None:
    make_certificate(session, hired(session), **facts)

    assert str(only_row(session, figure=CERTIFIED_SHARE).reason) == sentence


def test_a_paper_of_which_only_the_end_is_known_counts_until_then(session: Session) -> None:
    make_certificate(session, hired(session), valid_from=None, valid_to=ON)

    assert only_row(session, figure=CERTIFIED_SHARE).standing is Standing.STAFF
    assert only_row(session, figure=CERTIFIED_SHARE, on=ON - timedelta(days=1)).standing is Standing.HOLDER


def test_nobody_without_a_certificate_is_left_without_a_reason(session: Session) -> None:
    hired(session)

    assert str(only_row(session, figure=CERTIFIED_SHARE).reason) == "没有社会工作者职业水平证书。"


def test_in_a_pooled_ledger_a_person_of_two_institutions_counts_at_the_first(session: Session) -> None:
    first = make_provider(session, name="甲中心")
    second = make_provider(session, name="乙中心", division_code=XUHUI_STREET)
    (person,) = make_staff(session, first, qualified=1, other=0)
    make_post(session, person, second)

    rows = {row.employer.name: row for row in rows_of(session)}

    counted, repeated = rows["乙中心"], rows["甲中心"]  # 乙 sorts before 甲
    assert (counted.standing, repeated.standing) == (Standing.HOLDER, Standing.REPEAT)
    assert str(repeated.reason) == "已在“乙中心”计入，合计中同一人只计一次。"
    assert only_row(session, place=Place(HUANGPU)).standing is Standing.HOLDER


def test_one_institution_lists_only_its_own_people(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=1)
    make_staff(session, make_provider(session), qualified=1, other=1)

    rows = rows_of(session, place=Place(organisation_id=site.organisation_id))

    assert {row.employer.code for row in rows} == {site.organisation.code}
    assert [row.standing for row in rows] == [Standing.HOLDER, Standing.STAFF]
