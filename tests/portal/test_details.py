"""The pages of one institution and one site: facts for everybody, people only for whom they concern."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.organisations.models import Organisation, SitePlacement
from tests.factories import (
    DAY,
    NANJING_EAST_ROAD,
    make_division,
    make_major,
    make_organisation,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_staff,
    make_standing,
    make_target,
)
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]
BUSINESS_ROLES = (Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.STREET, Role.STATION, Role.PROVIDER)


@pytest.fixture
def provider(session: Session) -> Organisation:
    """A listed provider in 南京东路街道 with four people, one of them qualified."""
    make_division(session, "310101", name="黄浦区")
    make_division(session, NANJING_EAST_ROAD, name="南京东路街道")
    make_major(session)
    make_target(session)
    site = make_provider(session, name="示例心晴中心")
    people = make_staff(session, site, qualified=1, other=3)
    people[0].name, people[0].person_no = "张示例甲", "P-1"
    session.flush()
    return site.organisation


def test_every_business_role_reads_the_facts_of_an_institution(
    polite: Polite, provider: Organisation, sign_in: SignIn
) -> None:
    for role in BUSINESS_ROLES:
        sign_in(role)

        page = polite.get(f"/providers/{provider.code}")

        assert page.heading == "示例心晴中心"
        assert provider.uscc is not None
        for fact in (
            provider.uscc,
            "社会服务机构",
            "黄浦区南京东路街道",
            "25.0%",
            "未达标",
            "在岗人员（4 人）",
        ):
            assert fact in page.main


@pytest.mark.parametrize(
    ("role", "division_code", "name"),
    [
        (Role.DISTRICT, "310101", "张示例甲"),
        (Role.CITY, "31", "张**甲"),
        (Role.STREET, NANJING_EAST_ROAD, "张**甲"),
    ],
)
def test_the_staff_are_named_to_those_in_whose_scope_they_lie(
    polite: Polite, provider: Organisation, sign_in: SignIn, role: Role, division_code: str, name: str
) -> None:
    sign_in(role, division_code=division_code)

    page = polite.get(f"/providers/{provider.code}")

    assert name in page.main
    assert page.links["P-1"].startswith("/workforce/")


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.STREET, Role.PROVIDER])
def test_others_read_how_many_staff_there_are_and_not_who(
    polite: Polite, provider: Organisation, sign_in: SignIn, role: Role
) -> None:
    sign_in(role, division_code="310115")

    page = polite.get(f"/providers/{provider.code}")

    assert "在岗人员（4 人）" in page.main
    assert "人员名单不在您的权限范围内" in page.main
    assert "P-1" not in page.html
    assert "张" not in page.main


def test_the_other_figures_of_the_staff_lead_to_who_counts_and_why(
    polite: Polite, provider: Organisation, sign_in: SignIn, session: Session
) -> None:
    make_parameter(session, "training.rehabilitation_hours", 20)
    make_parameter(session, "training.newcomers", "whole")
    sign_in(Role.DISTRICT)

    page = polite.get(f"/providers/{provider.code}")

    # Four social workers in direct service without certificate or course; residents are no matter of an institution.
    assert [row for row in page.rows if row[0] in ("社工持证率", "培训达标率", "证照有效率")] == [
        ["社工持证率", "0.0%", "0 / 4 人"],
        ["培训达标率", "0.0%", "0 / 4 人"],
        ["证照有效率", "--", "没有计入的从业人员"],
    ]
    assert ["从业人员数（按岗位）", "4", "社会工作者 4"] in page.rows
    assert "每万常住人口从业人员数" not in page.main
    assert page.links["培训达标率"] == f"/figures/trained-share/organisations/{provider.code}"


def test_a_figure_without_its_parameter_is_left_out_and_the_page_stands(
    polite: Polite, provider: Organisation, sign_in: SignIn
) -> None:
    sign_in(Role.DISTRICT)

    page = polite.get(f"/providers/{provider.code}")

    assert "社工持证率" in page.main
    assert "培训达标率" not in page.main


def test_whoever_may_not_see_the_figure_reads_none_of_the_others(
    polite: Polite, provider: Organisation, sign_in: SignIn
) -> None:
    sign_in(Role.DISTRICT, division_code="310115")

    assert "社工持证率" not in polite.get(f"/providers/{provider.code}").main


def test_the_share_leads_to_the_people_behind_it_for_whoever_may_see_them(
    polite: Polite, provider: Organisation, sign_in: SignIn
) -> None:
    path = f"/figures/qualified-share/organisations/{provider.code}"
    sign_in(Role.DISTRICT)
    assert polite.get(f"/providers/{provider.code}").links["25.0%"] == path

    sign_in(Role.DISTRICT, division_code="310115")
    assert path not in polite.get(f"/providers/{provider.code}").html


def test_a_provider_names_its_own_staff(
    polite: Polite, session: Session, provider: Organisation, sign_in: SignIn
) -> None:
    sign_in(Role.PROVIDER, organisation=provider)

    assert "张示例甲" in polite.get(f"/providers/{provider.code}").main


def test_somebody_who_works_elsewhere_too_is_named_and_the_others_are_counted(
    polite: Polite, session: Session, provider: Organisation, sign_in: SignIn
) -> None:
    shared = make_practitioner(session, person_no="P-9")
    make_post(session, shared, provider.sites[0])
    make_post(session, shared, make_provider(session, division_code="310115004"))
    sign_in(Role.DISTRICT, division_code="310115")

    page = polite.get(f"/providers/{provider.code}")

    assert "P-9" in page.main
    assert "另有 4 人不在您的权限范围内" in page.main


def test_the_standings_tell_their_periods_and_which_is_held(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    organisation = make_organisation(session)
    make_standing(
        session, organisation, number="JK-1", granted_on=date(2021, 1, 1), ended_on=date(2023, 1, 1)
    )
    make_standing(session, organisation, number="JK-2", granted_on=date(2024, 1, 1))
    sign_in(Role.DISTRICT)

    page = polite.get(f"/providers/{organisation.code}")

    assert page.rows == [
        ["JK-2", "机构入库", "2024-01-01", "--", "✓有效"],
        ["JK-1", "机构入库", "2021-01-01", "2023-01-01", "—已终止"],
    ]


def test_an_organisation_without_a_standing_has_no_share(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    organisation = make_organisation(session, uscc=None)
    sign_in(Role.DISTRICT)

    page = polite.get(f"/providers/{organisation.code}")

    assert "不计入占比" in page.main
    assert "无代码" in page.main
    assert "没有登记服务场所" in page.main


def test_the_timeline_tells_what_happened_newest_first_and_what_lies_ahead(
    polite: Polite, session: Session, provider: Organisation, sign_in: SignIn
) -> None:
    site = provider.sites[0]
    site.placements[0].valid_to = date(2024, 5, 1)
    session.add(
        SitePlacement(
            site=site,
            division_code=NANJING_EAST_ROAD,
            today_code=NANJING_EAST_ROAD,
            address="示例新路9号",
            valid_from=date(2024, 5, 1),
        )
    )
    provider.standings[0].ended_on = date(2099, 1, 1)
    sign_in(Role.DISTRICT)

    text = polite.get(f"/providers/{provider.code}").main

    order = ["2099-01-01", "机构入库终止", "尚未生效", "2024-05-01", "迁至示例新路9号", "2020-01-01"]
    places = [text.index(words, text.index("沿革")) for words in order]
    assert places == sorted(places)


def test_a_division_change_is_no_move(
    polite: Polite, session: Session, provider: Organisation, sign_in: SignIn
) -> None:
    make_division(session, "310101099", name="老街道")
    site = provider.sites[0]
    (before,) = site.placements
    before.valid_to, before.division_code = date(2024, 7, 1), "310101099"
    session.add(
        SitePlacement(
            site=site,
            division_code=NANJING_EAST_ROAD,
            today_code=NANJING_EAST_ROAD,
            address=before.address,
            valid_from=date(2024, 7, 1),
        )
    )
    sign_in(Role.DISTRICT)

    for path in (f"/providers/{provider.code}", f"/sites/{site.code}"):
        text = polite.get(path).main
        assert "迁至" not in text
        assert "老街道（310101099）变为" in text


def test_the_page_of_a_site_tells_who_answers_for_it_and_where_it_lies(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    make_division(session, "310101", name="黄浦区")
    make_division(session, "310115", name="浦东新区")
    site = make_site(
        session,
        make_organisation(session, name="示例医院"),
        name="张家浜分部",
        division_code="310101",
        located_code="310115",
        latitude=31.20001,
        longitude=121.5,
        precision="exact",
    )
    sign_in(Role.STREET)

    page = polite.get(f"/sites/{site.code}")

    assert page.heading == "张家浜分部"
    for fact in ("示例医院", "黄浦区", "浦东新区", "31.20001", "121.50000", "所在区划可以查看，不能更改"):
        assert fact in page.main
    assert "申请变更地址" not in page.main


def test_only_the_provider_of_a_site_is_offered_a_change_of_its_address(
    polite: Polite, provider: Organisation, sign_in: SignIn
) -> None:
    path = f"/sites/{provider.sites[0].code}"
    sign_in(Role.PROVIDER, organisation=provider)
    assert "申请变更地址" in polite.get(path).main

    sign_in(Role.PROVIDER)
    assert "申请变更地址" not in polite.get(path).main


def test_a_closed_site_and_a_closed_organisation_say_so(
    polite: Polite, session: Session, provider: Organisation, sign_in: SignIn
) -> None:
    provider.closed_on = provider.sites[0].closed_on = DAY
    sign_in(Role.DISTRICT)

    assert "已于2026年11月23日终止" in polite.get(f"/providers/{provider.code}").main
    assert "已于2026年11月23日停用" in polite.get(f"/sites/{provider.sites[0].code}").main


@pytest.mark.parametrize(
    "path", ["/providers/zzzzzzzzzz", "/sites/zzzzzzzzzz", "/providers/1", "/sites/x'--"]
)
def test_a_code_that_nobody_has_is_not_found(polite: Polite, sign_in: SignIn, path: str) -> None:
    sign_in(Role.CITY)

    polite.get(path, status=404)
