"""The page of policy: every number with its place, validity, source and grade."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.admin.policy import is_carried_on, shown_value
from registry.access.models import Role
from registry.policy.loading import load_policy
from registry.policy.models import Target
from tests.factories import make_division, make_parameter
from tests.portal.polite import Polite

ADDRESS = "/admin/parameters"


@pytest.fixture
def loaded(session: Session) -> Session:
    make_division(session, "31", name="上海市")
    load_policy(session)
    session.commit()
    return session


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_what_policy_says(polite: Polite, sign_in, loaded: Session, role: Role) -> None:
    sign_in(role)

    assert polite.get(ADDRESS).heading == "政策参数"


def test_a_target_shows_its_place_source_and_that_it_is_carried_on(
    polite: Polite, sign_in, loaded: Session
) -> None:
    sign_in(Role.CITY)

    target = polite.get(ADDRESS).rows[0]

    assert target[:4] == ["相关专业学历从业人员占比", "不低于 3/10", "上海市", "2023-10-26"]
    assert target[4] == "2025-12-31 ◔新目标未公布，按原目标延续"
    assert "沪民残福发〔2023〕4号" in target[5]
    assert target[6] == "◐二手来源"


def test_a_parameter_shows_value_unit_place_validity_and_grade(
    polite: Polite, sign_in, loaded: Session
) -> None:
    make_parameter(
        loaded, "limit", [30, 60], title="示例参数", unit="天", valid_to=date(2027, 1, 1), division_code="31"
    )
    sign_in(Role.CITY)

    rows = {row[0]: row[1:] for row in polite.get(ADDRESS).rows}

    assert rows["示例参数limit"] == [
        "30、60 天",
        "上海市",
        "2000-01-01 至 2027-01-01 前",
        "测试",
        "○本系统口径",
    ]
    assert rows["一次导入的最多行数intake.max_rows"][:3] == ["200,000 行", "全国", "2023-01-01 起"]


def test_the_calendar_says_which_year_is_an_estimate(polite: Polite, sign_in, loaded: Session) -> None:
    sign_in(Role.CITY)

    page = polite.get(ADDRESS)

    assert ["2026-10-10", "上班", "国庆节调休"] in page.rows
    assert "2027年的安排尚未公布" in page.main


@pytest.mark.parametrize(
    ("value", "words"), [(200_000, "200,000"), ([180, 90, 30], "180、90、30"), ("2023-01-01", "2023-01-01")]
)
def test_a_value_is_shown_as_people_write_it(app, value: object, words: str) -> None:
    with app.test_request_context():
        assert shown_value(value) == words


def test_a_target_that_was_replaced_is_not_carried_on() -> None:
    first, second = (
        Target(figure_code="f", division_code="31", valid_from=begun, assessed_on=assessed)
        for begun, assessed in (
            (date(2023, 1, 1), date(2025, 12, 31)),
            (date(2026, 1, 1), date(2030, 12, 31)),
        )
    )

    assert is_carried_on([first], first, date(2026, 6, 1))
    assert not is_carried_on([first, second], first, date(2026, 6, 1))
    assert not is_carried_on([first], first, date(2025, 12, 31))
