"""The corrections since a freeze: what the pages of a figure and the list show, to whom, and what they leave behind."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.organisations.models import Site
from registry.policy.models import InstitutionSnapshot
from registry.policy.operations import freeze_divisions, freeze_institutions
from reports.figures.definitions import QUALIFIED_SHARE, STAFF
from reports.figures.snapshots import institution_readings_on, readings_on
from tests.factories import NOW, make_post, make_practitioner, make_provider, make_staff
from tests.portal.people_files import taken
from tests.portal.polite import Polite
from tests.reports.figures.worlds import ASSIGNED, HUANGPU, XUHUI, lay_out_city

SignIn = Callable[..., Any]
PAGE, STAFF_PAGE = "/figures/qualified-share", "/figures/staff"
YEAR_END = date(2025, 12, 31)


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def centre(session: Session) -> Site:
    """3 of 10 when the year 2025 ended; somebody who worked there by then is entered afterwards."""
    site = make_provider(session, name="示例康复服务中心")
    make_staff(session, site, qualified=3, other=7)
    for figure in (QUALIFIED_SHARE, STAFF):
        divisions = readings_on(session, figure, ASSIGNED, YEAR_END)
        institutions = institution_readings_on(session, figure, ASSIGNED, YEAR_END, division="0")
        freeze_divisions(session, divisions, at=NOW, by="test")
        freeze_institutions(session, institutions, at=NOW, by="test")
    late = make_practitioner(session, name="欧阳小明", person_no="补-1")
    make_post(session, late, site, start_on=date(2025, 12, 1))
    return site


def test_a_figure_leads_from_its_year_end_to_the_people_who_make_the_difference(
    polite: Polite, sign_in: SignIn, centre: Site
) -> None:
    sign_in(Role.DISTRICT)

    page = polite.get(STAFF_PAGE)
    assert "2025年末 （已定格） 10" in page.main
    assert "定格 10 人，按登记更正后的记录重算为 11 人；定格数不变。" in page.main
    assert "+1 人" in page.main
    listed = polite.follow(page, "看2025-12-31的更正")

    assert listed.heading == "定格后的更正：从业人员数（按岗位） 黄浦区 · 截至 2025-12-31"
    (row,) = listed.rows
    assert row[1:7] == ["示例康复服务中心", "◐补计", "不计", "计入分子和分母", "+1", "+1"]
    assert row[0].startswith("欧阳小明")


def test_the_list_says_then_now_and_why(polite: Polite, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.DISTRICT)

    page = polite.get(f"{PAGE}/corrections")

    assert "2025-12-31定格数 （考核时点，已定格） 30.0%" in page.main
    assert "差额：分子 0，分母 +1" in page.main
    (row,) = page.rows
    assert row[3:7] == ["不计", "只计入分母", "0", "+1"]
    assert row[7] == "没有学历登记，请补录并提交核验。"


def test_a_provider_sees_the_corrections_of_its_own_institution(
    polite: Polite, sign_in: SignIn, centre: Site
) -> None:
    sign_in(Role.PROVIDER, organisation=centre.organisation)

    page = polite.follow(polite.visit(PAGE), "看2025-12-31的更正")

    assert "示例康复服务中心" in page.heading
    assert len(page.rows) == 1
    polite.get(polite.get(f"{PAGE}/corrections", 303).response.headers["Location"])


def test_the_city_is_shown_the_name_masked(polite: Polite, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.CITY)

    (row,) = polite.get(f"{PAGE}/corrections?division={HUANGPU}").rows

    assert row[0].startswith("欧阳*明")


def test_another_district_is_not_told(polite: Polite, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.DISTRICT, division_code=XUHUI)

    polite.get(f"{PAGE}/corrections?division={HUANGPU}", 404)


def test_looking_leaves_an_entry_that_names_the_frozen_day(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)

    polite.get(f"{PAGE}/corrections")

    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figure.see")).first()
    assert entry is not None
    assert (entry.facts["what"], entry.facts["on"], entry.facts["rows"]) == ("corrections", "2025-12-31", 1)


def test_before_anything_was_frozen_the_page_says_so(polite: Polite, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.DISTRICT)

    assert "还没有定格数" in polite.get(f"{PAGE}/corrections?on=2025-06-30").main


def test_where_the_people_were_not_kept_only_the_totals_are_told(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    session.execute(sa.update(InstitutionSnapshot).values(people=None))
    session.commit()
    sign_in(Role.DISTRICT)

    page = polite.get(f"{PAGE}/corrections")

    assert "没有随存人员名单" in page.main
    assert "差额：分子 0，分母 +1" in page.main
    assert page.rows == []


def test_a_figure_per_head_has_no_list_of_people(polite: Polite, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.DISTRICT)

    assert "没有逐人台账" in polite.get("/figures/staff-per-10000/corrections", 400).main


def test_the_list_is_taken_along_as_it_stands_on_the_page(
    polite: Polite, client: FlaskClient, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)

    page = polite.get(f"{PAGE}/corrections")
    file = taken(client, page.links["csv"])

    head, *rows = csv.reader(io.StringIO(file.text.removeprefix("\ufeff")))
    assert head[3:8] == ["更正情况", "定格时", "现在", "分子增减", "分母增减"]
    assert [row[:8] for row in rows] == [
        ["补-1", "欧阳小明", "示例康复服务中心", "补计", "不计", "只计入分母", "0", "1"]
    ]
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.action, entry.facts["what"], entry.facts["on"]) == (
        "practitioner.export",
        "corrections",
        "2025-12-31",
    )


def test_an_institution_takes_along_its_own(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.PROVIDER, division_code=HUANGPU, organisation=centre.organisation)

    file = taken(
        client, f"{PAGE}/organisations/{centre.organisation.code}/export?what=corrections&format=csv"
    )

    assert "欧阳小明" in file.text


def test_where_nothing_was_frozen_there_is_no_file(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)

    answer = polite.get(f"{PAGE}/export?what=corrections&on=2024-06-30&format=csv", status=400)

    assert "没有逐人更正可导出" in answer.main
