"""一页纸 and 迎检台账包: the page, PDF and Word show the same lines, one sheet of A4, and people ask for more."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import today
from registry.documents.models import DocumentKind, IssuedDocument
from registry.organisations.models import Organisation, Site, StandingKind
from registry.profiles.queries import profile_of
from registry.provider_entries.models import EntryState
from reports.documents.speech import Speech
from reports.profiles.lines import overdue_text, shown_of
from reports.profiles.lists import opening_text
from reports.profiles.missing import gaps_of
from reports.profiles.one_page import page_of_institution
from tests.entry_factories import ENTRY_ANSWERS, make_entry
from tests.factories import (
    NANJING_EAST_ROAD,
    NOW,
    make_certificate,
    make_organisation,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
    make_renewed,
    make_staff,
    make_standing,
)
from tests.inspection_factories import make_finding, make_inspection, make_rating
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, XUHUI, lay_out_city
from tests.services_factories import make_activity, make_service

SignIn = Callable[..., Actor]
CHINESE = Speech(lambda msgid: msgid, "zh")
PURPOSE = {"reason": "inspection", "note": "2026年迎检材料", "key": "k" * 32}


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_city(session)
    make_parameter(session, "one_page.idle_days", 30)
    make_parameter(session, "export.rows.district", 20, valid_from=date(2010, 1, 1))
    site = make_provider(session, name="示例康复服务中心")
    make_staff(session, site, qualified=5, other=10)
    make_activity(session, site, held_on=today() - timedelta(days=3), entered_on=today())
    make_inspection(session, site.organisation, visited_on=today() - timedelta(days=9))
    make_rating(session, site.organisation)
    return site


@pytest.fixture
def organisation(site: Site) -> Organisation:
    return site.organisation


def press(client: FlaskClient, url: str, **form: str) -> Any:
    token = client.get("/sign-in/token").json["token"]
    return client.post(url, data={"csrf_token": token, **form})


def text_of_pdf(data: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return re.sub(r"\s", "", text)


def text_of_docx(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return re.sub(r"\s", "", "".join([*(one.text for one in document.paragraphs), *cells]))


def test_page_pdf_and_word_show_the_same_lines_on_one_sheet(
    polite: Polite, client: FlaskClient, sign_in: SignIn, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    url = f"/providers/{organisation.code}/one-page"
    page = polite.get(url)
    pdf, word = (press(client, f"{url}/issue", format=kind) for kind in ("pdf", "docx"))

    lines = [
        re.sub(r"\s", "", "".join(item.itertext()))
        for item in next(page.all("dl")).iter()
        if item.tag.endswith("dd")
    ]
    assert "33.3%（5/15人）" in page.text
    assert "资金情况尚未登记" in page.text
    assert len(PdfReader(BytesIO(pdf.data)).pages) == 1
    printed, written = text_of_pdf(pdf.data), text_of_docx(word.data)
    assert [line for line in lines if line not in printed] == []
    assert [line for line in lines if line not in written] == []


def test_the_code_on_the_sheet_leads_back_to_its_numbers(
    polite: Polite, client: FlaskClient, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    press(client, f"/providers/{organisation.code}/one-page/issue", format="docx")

    document = session.scalars(sa.select(IssuedDocument)).one()
    assert (document.kind, document.numerator, document.denominator) == (DocumentKind.ONE_PAGE, 5, 15)
    checked = polite.get(f"/check/{document.code}")
    assert "一致" in checked.text
    assert "示例康复服务中心" in checked.text


def test_a_district_has_its_page_too_and_no_other_district_has(
    polite: Polite, client: FlaskClient, sign_in: SignIn, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    page = polite.get("/one-page")
    assert "在库机构1家" in page.text
    pdf = press(client, "/one-page/issue", format="pdf", division=HUANGPU)
    assert len(PdfReader(BytesIO(pdf.data)).pages) == 1

    assert client.get(f"/one-page?division={XUHUI}").status_code == 404


@pytest.mark.parametrize("on", ["2099-01-01", "2026-02-30", "1999-01-01", "明天"])
def test_a_day_without_data_is_refused(
    client: FlaskClient, sign_in: SignIn, organisation: Organisation, on: str
) -> None:
    sign_in(Role.DISTRICT)

    assert client.get(f"/providers/{organisation.code}/one-page", query_string={"on": on}).status_code == 400


def test_a_past_day_shows_what_was_so_then(
    polite: Polite, sign_in: SignIn, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    before = today() - timedelta(days=20)
    page = polite.get(f"/providers/{organisation.code}/one-page?on={before.isoformat()}")

    assert "没有督导检查记录" in page.text
    assert "没有活动记录" in page.text


def test_the_pack_names_what_is_missing_first_and_what_was_entered_later(
    client: FlaskClient, sign_in: SignIn, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    answer = press(client, f"/providers/{organisation.code}/inspection-pack/issue", format="pdf")

    first = PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    assert "没有登记联系电话" in first
    late = f"补录 {today().month}月{today().day}日"
    assert late.replace(" ", "") in text_of_pdf(answer.data)
    assert "张示例" not in text_of_pdf(answer.data)


def test_the_lists_of_a_pack_are_one_workbook_with_an_entry(
    client: FlaskClient, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    answer = press(client, f"/providers/{organisation.code}/inspection-pack/issue", format="xlsx")

    names = load_workbook(BytesIO(answer.data)).sheetnames
    assert names[:2] == ["缺什么", "一页纸"]
    assert "从业人员" not in names
    assert session.scalars(sa.select(AuditEntry.action)).all()[-1] == "one_page.issue"


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_people_are_taken_along_with_a_purpose_and_an_entry(
    client: FlaskClient, sign_in: SignIn, session: Session, organisation: Organisation, kind: str
) -> None:
    sign_in(Role.DISTRICT)
    url = f"/providers/{organisation.code}/inspection-pack/people"
    assert press(client, url, format=kind).status_code in (200, 400)
    answer = press(client, url, format=kind, **PURPOSE)

    assert answer.status_code == 200
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "practitioner.export")).one()
    assert (entry.facts["rows"], entry.reason) == (15, "2026年迎检材料")
    if kind == "xlsx":
        assert "从业人员" in load_workbook(BytesIO(answer.data)).sheetnames
    elif kind == "pdf":
        assert "从业人员（15人）" in text_of_pdf(answer.data)
        assert "2026年迎检材料" in text_of_pdf(answer.data)


def test_more_people_than_the_cap_are_refused(
    client: FlaskClient, sign_in: SignIn, session: Session, site: Site
) -> None:
    make_staff(session, site, qualified=0, other=10)
    sign_in(Role.DISTRICT)
    url = f"/providers/{site.organisation.code}/inspection-pack/people"

    assert press(client, url, format="xlsx", **PURPOSE).status_code == 403


def test_a_provider_has_its_own_page_and_no_neighbours(
    polite: Polite, client: FlaskClient, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    other = make_provider(session).organisation
    sign_in(Role.PROVIDER, organisation=organisation, division_code=NANJING_EAST_ROAD)

    assert "33.3%" in polite.get(f"/providers/{organisation.code}/one-page").text
    assert client.get(f"/providers/{other.code}/one-page").status_code == 403


def test_usual_data_fit_one_sheet(client: FlaskClient, sign_in: SignIn, session: Session, site: Site) -> None:
    """Six open findings and everything missing that can be."""
    for day in range(1, 7):
        make_inspection(session, site.organisation, visited_on=date(2026, 10, day))
    sign_in(Role.DISTRICT)
    for url in (f"/providers/{site.organisation.code}/one-page/issue", "/one-page/issue"):
        answer = press(client, url, format="pdf")
        assert len(PdfReader(BytesIO(answer.data)).pages) == 1


def test_what_the_institution_registered_stands_before_what_its_services_say(
    polite: Polite, session: Session, site: Site, sign_in: SignIn
) -> None:
    make_service(session, site, phone="021-00000022", weekdays="12345", hours="9:00-17:00")
    (standing,) = site.organisation.standings
    answers = ENTRY_ANSWERS | {"phone": "021-00000011"}
    make_entry(session, site, state=EntryState.LEAVING, standing=standing, answers=answers)
    session.commit()
    sign_in(Role.DISTRICT)
    code = site.organisation.code
    page = polite.get(f"/providers/{code}/one-page").main
    assert "021-00000011、021-00000022" in page
    assert "起，拟退出，申辩期）" in page
    (row,) = [row for row in polite.get(f"/providers/{code}").rows if row[0] == standing.number]
    assert row[-1].endswith("拟退出，申辩期")


def test_a_foundation_is_not_blamed_for_serving_nobody(session: Session, site: Site) -> None:
    foundation = make_organisation(session, name="示例基金会")
    make_standing(session, foundation, kind=StandingKind.CHARITY)
    assert gaps_of(profile_of(session, foundation, today()), idle_days=30) == ()
    provider = make_organisation(session, name="示例空壳中心")
    make_standing(session, provider)
    said = [str(gap.sentence) for gap in gaps_of(profile_of(session, provider, today()), idle_days=30)]
    assert "没有登记在提供的服务项目" in said
    assert said[-1] == "没有督导检查记录"


def test_a_registration_renewed_after_a_gap_was_over_in_the_gap(session: Session, site: Site) -> None:
    person = make_practitioner(session)
    make_post(session, person, site)
    certificate = make_certificate(session, person, valid_from=date(2024, 3, 1), valid_to=date(2027, 3, 1))
    make_renewed(session, certificate, date(2021, 1, 1), date(2024, 1, 1))

    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(2027, 3, 1))
    assert [profile_of(session, site.organisation, day).expired for day in days] == [0, 1, 1, 0, 1]


def test_a_problem_is_late_by_working_days_and_services_name_their_weekdays(
    session: Session, site: Site
) -> None:
    service = make_service(session, site, weekdays="12345", hours="9:00-17:00")
    wednesday, friday = date(2026, 11, 25), date(2026, 11, 6)
    page = page_of_institution(session, site.organisation, on=wednesday, at=NOW)
    assert overdue_text(make_finding(rectify_by=friday, attempts=[]), page, CHINESE) == "逾期13个工作日"
    assert (
        overdue_text(make_finding(rectify_by=date(2026, 11, 24), attempts=[]), page, CHINESE)
        == "逾期1个工作日"
    )
    assert opening_text(service, CHINESE) == "周一至周五 9:00-17:00"


@pytest.mark.parametrize(("there", "shown"), [(0, 0), (4, 4), (5, 5), (6, 4)])
def test_one_line_alone_is_printed_and_not_counted(there: int, shown: int) -> None:
    assert shown_of(there, 4) == shown
