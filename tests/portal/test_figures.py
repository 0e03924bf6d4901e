"""The pages of figures: what they show, to whom, and where each number leads."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.organisations.models import Site
from registry.policy.operations import freeze_divisions, freeze_institutions
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.snapshots import institution_readings_on, readings_on
from tests.factories import (
    NOW,
    make_education,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_staff,
)
from tests.portal.people_files import taken
from tests.portal.polite import Polite
from tests.reports.figures.worlds import ASSIGNED, HUANGPU, STREET, XUHUI, XUHUI_STREET, lay_out_city

PAGE = "/figures/qualified-share"
SignIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def centre(session: Session) -> Site:
    """14 of 50 in 南京东路街道: 2 points short."""
    site = make_provider(session, name="示例康复服务中心")
    make_staff(session, site, qualified=14, other=36)
    return site


def test_the_city_sees_the_share_with_its_parts_target_and_gap(
    polite: Polite, sign_in: SignIn, centre: Site
) -> None:
    sign_in(Role.CITY)

    page = polite.get(PAGE)

    assert page.heading == "相关专业学历从业人员占比 上海市"
    for words in ("28.0%", "未达标", "14 / 50 人", "距目标还差 2.0 个百分点", "目标 30%", "沿用原目标"):
        assert words in page.main
    # 15 of 50 is 30%; one hire gives 15 of 51, which is 29.4%, two give 16 of 52.
    assert "再有 1 名现有人员具备条件，或新聘 2 名具备条件的人员，即可达标" in page.main
    assert ["黄浦区", "0 / 1", "14", "50", "28.0%", "✗未达标", "1", "2"] in page.rows


def test_a_share_just_under_the_target_is_not_printed_as_the_target(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_staff(session, make_provider(session), qualified=80, other=187)
    sign_in(Role.CITY)

    page = polite.get(PAGE)

    assert "29.96%" in page.main
    assert "距目标还差 0.04 个百分点" in page.main
    assert " 30.0% " not in page.main


def test_the_frozen_verdict_stands_beside_the_current_one(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    year_end = date(2025, 12, 31)
    freeze_divisions(session, readings_on(session, QUALIFIED_SHARE, ASSIGNED, year_end), at=NOW, by="test")
    make_staff(session, centre, qualified=10, other=0)
    sign_in(Role.CITY)

    page = polite.get(PAGE)

    assert "当前 40.0%" in page.main
    assert "2025年末 （考核时点，已定格） 28.0%" in page.main
    assert "定格 14/50，按登记更正后的记录重算为 24/60（40.0%）；定格数不变。" in page.main


def test_the_frozen_verdict_of_an_institution_stands_beside_its_current_share(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    readings = institution_readings_on(session, QUALIFIED_SHARE, ASSIGNED, date(2025, 12, 31), division="31")
    freeze_institutions(session, readings, at=NOW, by="test")
    make_staff(session, centre, qualified=10, other=0)
    sign_in(Role.PROVIDER, organisation=centre.organisation)

    page = polite.get(f"{PAGE}/organisations/{centre.organisation.code}")

    assert "当前 40.0%" in page.main
    assert "2025年末 （考核时点，已定格） 28.0%" in page.main
    assert "已定格" in polite.get("/").main


def test_a_year_end_that_nobody_froze_says_so(polite: Polite, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.CITY)

    assert "尚未定格" in polite.get(PAGE).main


def test_the_way_leads_from_the_city_to_the_people(polite: Polite, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.DISTRICT)

    street = polite.follow(polite.get(PAGE), "南京东路街道")
    institution = polite.follow(street, "示例康复服务中心")

    assert street.links["黄浦区"] == f"{PAGE}?division={HUANGPU}"
    assert "上海市" not in street.links
    assert "共 50 人：分母 50 人，其中分子 14 人；不计 0 人" in institution.main
    assert len(institution.rows) == 50 + 47


def test_an_institution_without_staff_and_a_blank_street_say_what_they_are(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_provider(session)
    sign_in(Role.DISTRICT)

    page = polite.get(PAGE)

    rows = {row[0]: row[1:] for row in page.rows}
    assert rows["南京东路街道"] == ["0 / 1", "0", "0", "--", "—不适用", "--", "--"]
    assert rows["外滩街道"] == ["◔空白：没有入库机构"]
    assert "外滩街道" not in page.links
    assert "没有计入的从业人员" in page.main


def test_the_parts_come_worst_first_and_in_any_other_order(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    make_staff(session, make_provider(session, division_code=XUHUI_STREET), qualified=1, other=9)
    sign_in(Role.CITY)

    def order(url: str) -> list[str]:
        return [row[0] for row in polite.get(url).rows if row[0] in ("黄浦区", "徐汇区")]

    assert order(PAGE) == ["徐汇区", "黄浦区"]
    for sort in ("-share", "staff", "code"):
        assert order(f"{PAGE}?sort={sort}") == ["黄浦区", "徐汇区"]
    # 徐汇 lacks 2 of 10, 黄浦 1 of 50.
    assert order(f"{PAGE}?sort=gap") == ["徐汇区", "黄浦区"]


def test_the_date_the_rule_and_the_level_can_be_chosen(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    make_post(session, make_practitioner(session), centre, serves_programme=False)
    sign_in(Role.CITY)

    page = polite.submit(
        polite.get(PAGE),
        {"统计日期": "2025年6月30日", "口径": "all-staff", "分列到": "township"},
        button="查看",
    )

    assert "截至 2025-06-30" in page.main
    assert "14 / 51 人" in page.main
    assert "南京东路街道" in page.links


def test_the_english_page_marks_names_as_chinese(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.CITY)
    client.set_cookie("language", "en")

    assert '<span lang="zh-Hans">黄浦区</span>' in client.get(PAGE).text


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        (f"{PAGE}?on=2026/2/30", 400, "2026/2/30"),
        (f"{PAGE}?on=1999-12-31", 400, "1999-12-31"),
        (f"{PAGE}?rule=some", 400, "assigned、all-staff"),
        (f"{PAGE}?by=street", 400, "township"),
        (f"{PAGE}?basis=never", 400, "today、then"),
        (f"{PAGE}?sort=name", 400, "-share"),
        (f"{PAGE}?by=province", 400, "更低的层级"),
        (f"{PAGE}?division=999999", 404, "999999"),
        ("/figures/unknown", 404, "qualified-share"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_is_wrong(
    polite: Polite, sign_in: SignIn, url: str, status: int, words: str
) -> None:
    sign_in(Role.CITY)

    assert words in polite.get(url, status).main


@pytest.mark.parametrize(
    ("role", "url", "status"),
    [
        (Role.CITY, f"{PAGE}?division={HUANGPU}", 200),
        (Role.DISTRICT, f"{PAGE}?division={STREET}", 200),
        (Role.DISTRICT, f"{PAGE}?division={XUHUI}", 404),
        (Role.DISTRICT, f"{PAGE}?division=31", 404),
        (Role.DISTRICT, f"{PAGE}?division=0", 404),
        (Role.CITY, f"{PAGE}?division=0", 404),
        (Role.PROVIDER, f"{PAGE}?division={HUANGPU}", 404),
        (Role.SYSADMIN, PAGE, 403),
        (Role.DISTRICT, f"{PAGE}/export?division={XUHUI}", 404),
        (Role.DISTRICT, f"/api/v1/figures/qualified-share?division={XUHUI}", 404),
    ],
)
def test_who_sees_which_division(
    client: FlaskClient, sign_in: SignIn, session: Session, role: Role, url: str, status: int
) -> None:
    sign_in(role)

    assert client.get(url).status_code == status


def test_a_provider_sees_its_own_institution_and_no_other(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    other = make_provider(session)
    sign_in(Role.PROVIDER, organisation=centre.organisation)

    own = polite.get(polite.get(PAGE, 303).response.headers["Location"])

    assert "示例康复服务中心" in own.heading
    assert "14 / 50 人" in own.main
    assert own.rows[-1] == ["2023-01-31", "14", "50", "28.0%", "✗未达标"]
    polite.get(f"{PAGE}/organisations/{other.organisation.code}", 404)
    polite.get(f"{PAGE}/organisations/{other.organisation.code}/export", 404)


def test_a_district_sees_of_a_foreign_institution_only_who_works_in_the_district(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    seat = make_provider(session, division_code=XUHUI_STREET)
    make_staff(session, seat, qualified=5, other=5)
    make_staff(session, make_site(session, seat.organisation), qualified=1, other=1)
    address = f"{PAGE}/organisations/{seat.organisation.code}"
    sign_in(Role.DISTRICT)

    part = polite.get(f"{address}?division={HUANGPU}")

    assert "共 2 人" in part.main
    assert "此处只计本区划内的人员" in part.main
    polite.get(address, 404)


@pytest.mark.parametrize(("role", "shown"), [(Role.CITY, "欧阳*明"), (Role.DISTRICT, "欧阳小明")])
def test_names_are_masked_by_role(
    polite: Polite, sign_in: SignIn, session: Session, role: Role, shown: str
) -> None:
    site = make_provider(session)
    person = make_practitioner(session, name="欧阳小明")
    make_post(session, person, site)
    sign_in(role)

    ledger = polite.get(f"{PAGE}/organisations/{site.organisation.code}?division={STREET}")
    own_page = polite.follow(ledger, shown)

    assert ("欧阳小明" in ledger.html) == (role is Role.DISTRICT)
    assert own_page.heading.startswith(shown)
    assert ("欧阳小明" in own_page.html) == (role is Role.DISTRICT)


def test_a_station_sees_the_share_of_its_street_and_names_of_its_own_people_only(
    polite: Polite, client: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    neighbour = make_provider(session)
    make_post(session, make_practitioner(session, name="欧阳小明", person_no="邻-1"), neighbour)
    own = make_provider(session)
    make_post(session, make_practitioner(session, name="尉迟自家"), own)
    sign_in(Role.STATION, division_code=STREET, organisation=own.organisation)

    page = polite.get(f"{PAGE}/organisations/{neighbour.organisation.code}?division={STREET}")
    file = taken(client, f"{PAGE}/export?division={STREET}&what=people&format=csv").get_data(as_text=True)

    assert "欧阳" not in page.html + file
    assert "邻-1" in page.main
    assert "邻-1" in file
    assert "尉迟自家" in file


def test_a_person_page_shows_posts_education_and_certificates(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    person = make_practitioner(session, name="张三")
    make_post(session, person, centre, end_on=date(2026, 1, 1))
    make_education(session, person)
    sign_in(Role.DISTRICT)

    page = polite.get(f"/workforce/{person.code}")

    assert page.heading == f"张三 {person.person_no}"
    assert "本科学历，专业“社会工作”（030302），已核验。" in page.main
    assert "2020-01-01 至 2026-01-01（不含）" in page.main
    assert "没有登记资格证书。" in page.main


def test_an_officer_of_another_district_does_not_find_the_person(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    person = make_practitioner(session)
    make_post(session, person, centre)
    sign_in(Role.DISTRICT, division_code=XUHUI)

    polite.get(f"/workforce/{person.code}", 404)


def test_the_exported_parts_are_those_of_the_page(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.CITY)

    answer = client.get(f"{PAGE}/export?what=parts&format=csv")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[1] == [HUANGPU, "黄浦区", "1", "0", "14", "50", "28.0%", "30%", "未达标", "1", "2"]
    assert rows[2][:2] == [XUHUI, "徐汇区"]
    assert rows[3][:2] == ["31", "合计（同一人只计一次）"]
    assert len(rows) == 4


def test_the_exported_people_are_masked_and_the_export_is_in_the_trail(
    client: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    make_post(session, make_practitioner(session, name="欧阳小明"), make_provider(session))
    sign_in(Role.CITY)

    answer = taken(client, f"{PAGE}/export?what=people&format=xlsx")

    sheets = load_workbook(io.BytesIO(answer.data))
    people = list(sheets.worksheets[0].iter_rows(values_only=True))
    assert people[1][1] == "欧阳*明"
    about = {row[0]: row[1] for row in sheets.worksheets[1].iter_rows(values_only=True)}
    assert about["口径"] == "从事本项服务的人员"
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_type == "figure")).one()
    assert (entry.subject_code, entry.division_code, entry.facts["rows"]) == ("qualified-share", "31", 1)


def test_an_institution_is_exported_person_by_person(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.PROVIDER, organisation=centre.organisation)

    answer = taken(client, f"{PAGE}/organisations/{centre.organisation.code}/export?format=csv")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 51
    assert sum(row[6] == "计入分子和分母" for row in rows) == 14
