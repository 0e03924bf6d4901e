"""The figures beside the two shares: training, and staff by head, by profession and per resident."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.divisions.models import Population
from registry.organisations.models import Site
from registry.workforce.models import Profession
from tests.factories import make_post, make_practitioner, make_provider, make_staff, make_training
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, lay_out_city

SignIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def centre(session: Session) -> Site:
    """14 of 50."""
    site = make_provider(session, name="示例康复服务中心")
    make_staff(session, site, qualified=14, other=36)
    return site


def test_the_number_of_staff_stands_with_its_professions(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    make_post(session, make_practitioner(session), centre, profession=Profession.NURSE)
    sign_in(Role.CITY)

    page = polite.get("/figures/staff")

    assert ["社会工作者", "50"] in page.rows
    assert ["护士", "1"] in page.rows
    assert ["黄浦区", "1", "51"] in page.rows
    assert "占比" not in page.heading


def test_staff_are_held_against_residents_where_these_were_counted(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    session.add(Population(division_code=HUANGPU, year=2020, residents=200_000, source="测试"))
    sign_in(Role.CITY)

    page = polite.get("/figures/staff-per-10000")

    # 50 of 200,000 are 2.5 for every 10,000; the city was not counted.
    assert ["黄浦区", "1", "50", "200,000", "2.50"] in page.rows
    assert "从业人员 50 人，没有常住人口数" in page.main
    polite.get(f"/figures/staff-per-10000/organisations/{centre.organisation.code}")
    assert "没有逐人台账" in polite.get("/figures/staff-per-10000/changes", 400).main
    assert "没有地图" in polite.get("/map?figure=staff-per-10000", 400).main


def test_training_counts_those_in_direct_service_alone(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    site = make_provider(session)
    trained, untrained, indirect = (make_practitioner(session) for _ in range(3))
    make_post(session, trained, site)
    make_post(session, untrained, site)
    make_post(session, indirect, site, direct_service=False)
    make_training(session, trained, hours=20)
    make_training(session, untrained, hours=16)
    sign_in(Role.CITY)

    page = polite.get(f"/figures/trained-share/organisations/{site.organisation.code}?on=2026-11-23")

    assert "1 / 2 人" in page.main
    assert "本年度已参加康复培训20学时，达到20学时。" in page.main
    assert "本年度已参加康复培训16学时，规定20学时，还差4学时。" in page.main
    assert "不是直接服务岗位，本指标不计。" in page.main
