"""Long lists of the workforce: folded by division or in sheets on the page, whole in the file and on the paper."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.organisations.models import Site
from tests.factories import make_parameter, make_provider, make_staff
from tests.portal.polite import Polite
from tests.portal.test_outlook import press, text_of_docx
from tests.reports.figures.worlds import CITY, HUANGPU, STREET, XUHUI, XUHUI_STREET, lay_out_city

SignIn = Callable[..., Any]
FIGURE = "/figures/qualified-share"


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)
    make_parameter(session, "outlook.months", 24)
    make_parameter(session, "path.hire_weight", 1)
    make_parameter(session, "path.conversion_weight", 1)


def make_short(session: Session, count: int, division: str) -> list[Site]:
    """Institutions with one worker each, who does not count."""
    made = []
    for number in range(count):
        site = make_provider(session, name=f"示例{division}第{number}家", division_code=division)
        make_staff(session, site, qualified=0, other=1)
        made.append(site)
    return made


def test_ten_institutions_of_a_plan_are_listed_as_they_are(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_short(session, 8, STREET)
    make_short(session, 2, XUHUI_STREET)
    sign_in(Role.CITY)

    page = polite.get(f"{FIGURE}/outlook")

    assert sum("安排1名现有人员" in row[-1] for row in page.rows) == 10
    assert "机构较多" not in page.text


def test_more_are_folded_by_district_with_their_numbers(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_short(session, 8, STREET)
    make_short(session, 3, XUHUI_STREET)
    sign_in(Role.CITY)

    page = polite.get(f"{FIGURE}/outlook")

    assert "11 家未达标，0 家按已登记的变动将低于目标" in page.text
    assert [row for row in page.rows if len(row) == 3] == [["黄浦区", "8", "0"], ["徐汇区", "3", "0"]]
    assert not any("安排1名现有人员" in row[-1] for row in page.rows)


def test_a_fold_opens_the_steps_of_its_institutions(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_short(session, 8, STREET)
    make_short(session, 3, XUHUI_STREET)
    sign_in(Role.CITY)

    page = polite.follow(polite.get(f"{FIGURE}/outlook"), "徐汇区")

    steps = [row for row in page.rows if "安排1名现有人员" in row[-1]]
    assert [row[0] for row in steps] == [f"示例{XUHUI_STREET}第{number}家" for number in range(3)]


def test_a_long_fold_comes_in_sheets(polite: Polite, sign_in: SignIn, session: Session) -> None:
    make_short(session, 52, STREET)
    make_short(session, 1, XUHUI_STREET)
    sign_in(Role.CITY)

    first = polite.get(f"{FIGURE}/outlook?part={HUANGPU}")
    second = polite.follow(first, "下一页 ›")
    beyond = polite.get(f"{FIGURE}/outlook?part={HUANGPU}&page=3")

    assert "第 1 页，共 2 页" in first.text
    assert sum("安排1名现有人员" in row[-1] for row in second.rows) == 2
    assert "这一页没有机构。" in beyond.text


def test_a_division_that_is_none_of_the_folds_is_refused_with_a_remedy(
    client: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    make_short(session, 8, STREET)
    make_short(session, 3, XUHUI_STREET)
    sign_in(Role.CITY)

    answer = client.get(f"{FIGURE}/outlook?part=999999")

    assert answer.status_code == 400
    assert "区划“999999”没有需要安排的机构，请从列出的区划中选择。" in answer.text


def test_the_paper_of_a_folded_plan_has_every_institution(
    client: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    sites = make_short(session, 8, STREET) + make_short(session, 3, XUHUI_STREET)
    sign_in(Role.CITY)

    text = text_of_docx(press(client, f"{FIGURE}/outlook/plan", division=CITY, format="docx").data)

    assert all(site.organisation.name in text for site in sites)


def test_the_people_of_a_large_institution_come_in_sheets_and_the_sentence_counts_all(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    site = make_provider(session, name="示例大院")
    make_staff(session, site, qualified=20, other=33)
    sign_in(Role.DISTRICT)

    first = polite.get(f"{FIGURE}/organisations/{site.organisation.code}")
    second = polite.follow(first, "下一页 ›")

    assert "共 53 人：分母 53 人，其中分子 20 人；不计 0 人" in first.text
    assert sum("计入分子和分母" in row for cells in first.rows for row in cells) == 20
    assert sum("只计入分母" in cell for cells in second.rows for cell in cells) == 3
    assert "共 53 人：分母 53 人，其中分子 20 人；不计 0 人" in second.text


def test_a_page_beyond_the_people_leads_back(polite: Polite, sign_in: SignIn, session: Session) -> None:
    site = make_provider(session, name="示例小院")
    make_staff(session, site, qualified=1, other=1)
    sign_in(Role.DISTRICT)

    page = polite.get(f"{FIGURE}/organisations/{site.organisation.code}?page=7")

    assert "这一页没有人员。" in page.text
    assert len(polite.follow(page, "回到第一页").rows) >= 2


def test_the_ledger_of_a_city_leads_to_that_of_each_district_with_its_numbers(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_staff(session, make_provider(session, name="示例东院"), qualified=1, other=3)
    make_staff(
        session, make_provider(session, name="示例西院", division_code=XUHUI_STREET), qualified=2, other=0
    )
    sign_in(Role.CITY)

    page = polite.get(f"{FIGURE}/ledger")
    district = polite.follow(page, "徐汇区")

    assert "各区县（2）" in page.text
    assert "黄浦区 1 / 4 人" in page.text
    assert district.url == f"{FIGURE}/ledger?division={XUHUI}"
    assert len(district.rows) == 2


def test_the_ledger_of_a_street_leads_to_that_of_each_institution(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    for name in ("示例东院", "示例西院"):
        make_staff(session, make_provider(session, name=name), qualified=1, other=1)
    sign_in(Role.STREET, division_code=STREET)

    page = polite.get(f"{FIGURE}/ledger")
    own = polite.follow(page, "示例西院")

    assert "各机构（2）" in page.text
    assert len(own.rows) == 2
