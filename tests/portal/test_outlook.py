"""达标方案: who sees it, what the page and both papers say, and that their code leads back."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import today
from registry.documents.models import DocumentKind, IssuedDocument
from registry.organisations.models import Site
from registry.workforce.models import Verification
from tests.factories import (
    make_education,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
    make_staff,
    make_target,
)
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, OTHER_STREET, XUHUI, XUHUI_STREET, lay_out_city

SignIn = Callable[..., Actor]
FIGURE = "/figures/qualified-share"


@pytest.fixture
def site(session: Session) -> Site:
    """5 of 17: one short; 陈小敏 waits for a check, 高秀英 leaves in three weeks."""
    lay_out_city(session)
    make_parameter(session, "outlook.months", 24)
    make_parameter(session, "path.hire_weight", 1)
    make_parameter(session, "path.conversion_weight", 1)
    site = make_provider(session, name="示例暖阳中心", is_example=False)
    staff = make_staff(session, site, qualified=5, other=12)
    staff[0].name, staff[0].posts[0].end_on = "高秀英", today() + timedelta(days=21)
    staff[-1].name = "陈小敏"
    make_education(session, staff[-1], verification=Verification.PENDING)
    session.flush()
    return site


def outlook_of(site: Site) -> str:
    return f"{FIGURE}/organisations/{site.organisation.code}/outlook"


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


def test_the_ledger_leads_to_the_plan_of_the_institution(polite: Polite, sign_in: SignIn, site: Site) -> None:
    sign_in(Role.PROVIDER, organisation=site.organisation)

    ledger = polite.get(f"{FIGURE}/organisations/{site.organisation.code}")
    page = polite.follow(ledger, "达标方案")

    assert "核验1项学历：5/17 → 6/17 = 35.3%" in page.text
    people = polite.follow(page, "查看待核验的人员")
    assert "共 1 人" in people.text
    assert "人选：陈小敏。" in page.text
    assert "核验都未通过时，共需：安排1名现有人员取得相关专业学历。" in page.text
    assert "只靠新聘时，需聘用1名相关专业人员：5/17 → 6/18 = 33.3%。" in page.text
    assert "高秀英（任职结束）：不再计入分子和分母" in page.text
    assert "4/16 = 25.0%" in page.text


def test_a_provider_who_names_no_division_is_led_to_the_own_plan(
    polite: Polite, sign_in: SignIn, site: Site
) -> None:
    sign_in(Role.PROVIDER, organisation=site.organisation)

    page = polite.follow_redirect(f"{FIGURE}/outlook")

    assert page.url == f"{FIGURE}/organisations/{site.organisation.code}/outlook"


def test_a_district_sees_what_falls_next_and_the_way_for_all_and_as_a_whole(
    polite: Polite, sign_in: SignIn, session: Session, site: Site
) -> None:
    falling = make_provider(session, name="示例春晖中心", division_code=OTHER_STREET)
    leaving = make_staff(session, falling, qualified=4, other=9)[0]
    leaving.name, leaving.posts[0].end_on = "马小睿", date(2099, 1, 1)
    session.flush()
    sign_in(Role.DISTRICT)

    page = polite.get(f"{FIGURE}/outlook")

    assert "1 家未达标，1 家按已登记的变动将低于目标" in page.text
    assert "1家机构未达标，共需：核验1项学历。" in page.text
    assert "全部完成后，合计9/30 → 10/30 = 33.3%。" in page.text
    assert "合计已达到目标，不需要安排。" in page.text
    assert "2099-01-01" in page.text
    assert "马小睿（任职结束）" in page.text


def test_a_shared_person_is_told_once_for_both_institutions(
    polite: Polite, sign_in: SignIn, session: Session, site: Site
) -> None:
    make_target(session, division_code=XUHUI, numerator=1, denominator=2, valid_from=date(2021, 1, 1))
    one, other = (
        make_provider(session, name=name, division_code=XUHUI_STREET) for name in ("示例甲中心", "示例乙中心")
    )
    shared = make_practitioner(session, name="蒋文文")
    for place in (one, other):
        make_post(session, shared, place)
        make_staff(session, place, qualified=0, other=1)
    sign_in(Role.DISTRICT, division_code=XUHUI)

    page = polite.get(f"{FIGURE}/outlook")

    assert "2家机构未达标，共需：安排1名现有人员取得相关专业学历。" in page.text
    assert "人选：蒋文文。" in page.text
    assert "同一人在示例乙中心、示例甲中心任职，办理一次，各家都计入。" in page.text


def test_names_are_masked_for_the_city_and_are_numbers_for_whoever_may_not_see_people(
    polite: Polite, sign_in: SignIn, site: Site
) -> None:
    sign_in(Role.CITY)
    of_city = polite.get(outlook_of(site)).text
    sign_in(Role.FINANCE, division_code=HUANGPU)
    of_finance = polite.get(outlook_of(site)).text

    assert "陈*敏" in of_city
    for text in (of_city, of_finance):
        assert "陈小敏" not in text
        assert "高秀英" not in text
    assert "陈*敏" not in of_finance
    assert "查看待核验的人员" in of_city
    assert "查看待核验的人员" not in of_finance


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_paper_says_what_the_page_says_with_cut_names_and_a_code(
    client: FlaskClient, sign_in: SignIn, session: Session, site: Site, kind: str
) -> None:
    sign_in(Role.PROVIDER, organisation=site.organisation)

    answer = press(client, f"{outlook_of(site)}/plan", format=kind)

    text = text_of_pdf(answer.data) if kind == "pdf" else text_of_docx(answer.data)
    document = session.scalars(sa.select(IssuedDocument)).one()
    assert document.kind is DocumentKind.PLAN
    assert (document.numerator, document.denominator) == (5, 17)
    assert f"核验码：{document.code[:5]}-{document.code[5:]}" in text
    assert "示例暖阳中心专业人员占比达标方案" in text
    assert "核验1项学历：5/17→6/17=35.3%。人选：陈*敏（" in text
    assert "高*英（" in text
    assert "陈小敏" not in text
    issued = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_code == document.code)).one()
    assert issued.facts["kind"] == "plan"


def test_the_code_of_a_districts_plan_leads_back_to_its_institutions(
    polite: Polite, client: FlaskClient, sign_in: SignIn, session: Session, site: Site
) -> None:
    sign_in(Role.DISTRICT)
    text = text_of_docx(press(client, f"{FIGURE}/outlook/plan", format="docx").data)

    document = session.scalars(sa.select(IssuedDocument)).one()
    checked = polite.get(f"/check/{document.code}")

    assert "三、方案一：各机构都达标" in text
    assert [part.name for part in document.printed_parts] == ["示例暖阳中心"]
    assert "达标方案" in checked.text
    assert "一致" in checked.text


def test_another_district_is_not_there(client: FlaskClient, sign_in: SignIn, site: Site) -> None:
    sign_in(Role.DISTRICT, division_code=XUHUI)

    assert client.get(outlook_of(site)).status_code == 404
    assert client.get(f"{FIGURE}/outlook?division={HUANGPU}").status_code == 404
    assert press(client, f"{FIGURE}/outlook/plan", division=HUANGPU).status_code == 404
    assert press(client, f"{outlook_of(site)}/plan").status_code == 404


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ({"on": "2026-02-30"}, "请写成"),
        ({"on": "2099-01-01"}, "请改为"),
        ({"on": "2001-01-01"}, "请改选之后的日期"),
        ({"rule": "nobody"}, "没有口径"),
        ({"format": "odt"}, "可选"),
    ],
)
def test_a_paper_that_cannot_be_made_is_refused_with_a_remedy(
    client: FlaskClient, sign_in: SignIn, session: Session, site: Site, asked: dict[str, str], remedy: str
) -> None:
    sign_in(Role.DISTRICT)

    answer = press(client, f"{FIGURE}/outlook/plan", **asked)

    assert answer.status_code == 400
    assert remedy in answer.text
    assert session.scalars(sa.select(IssuedDocument)).all() == []


def test_the_whole_country_has_no_plan(client: FlaskClient, sign_in: SignIn, site: Site) -> None:
    sign_in(Role.PROVINCE, division_code="0")

    answer = client.get(f"{FIGURE}/outlook?division=0")

    assert answer.status_code == 400
    assert "请选择一个区划" in answer.text


def test_an_institution_without_anybody_says_so(
    polite: Polite, sign_in: SignIn, session: Session, site: Site
) -> None:
    empty = make_provider(session, name="示例新芽中心")
    sign_in(Role.DISTRICT)

    page = polite.get(outlook_of(empty))

    assert "没有计入的从业人员，不作预判。" in page.text
    assert "没有计入的从业人员，不需要安排。" in page.text


def test_looking_at_it_leaves_an_entry(polite: Polite, sign_in: SignIn, session: Session, site: Site) -> None:
    sign_in(Role.DISTRICT)
    polite.get(f"{FIGURE}/outlook")

    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.facts["what"]) == ("figure.see", "outlook")


def test_a_hire_that_is_registered_does_not_hide_the_day_of_the_ends_alone(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    lay_out_city(session)
    for key, value in (("outlook.months", 24), ("path.hire_weight", 1), ("path.conversion_weight", 1)):
        make_parameter(session, key, value)
    site = make_provider(session, is_example=False)
    make_staff(session, site, qualified=4, other=9)[0].posts[0].end_on = today() + timedelta(days=21)
    newcomer = make_practitioner(session)
    make_education(session, newcomer)
    make_post(session, newcomer, site, start_on=today() + timedelta(days=7))
    session.flush()
    sign_in(Role.PROVIDER, organisation=site.organisation)

    page = polite.get(outlook_of(site))

    day = today() + timedelta(days=21)
    told = f"自{day.year}年{day.month}月{day.day}日起低于目标：3/12 = 25.0%。"
    assert f"看不到低于目标的日期。只看任职结束，{told}" in page.text
