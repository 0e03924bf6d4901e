"""达标方案 with the ledger at its end: what it says of each person, whom it is given to, and what is kept of that."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import today
from registry.documents.models import Annex, IssuedDocument
from registry.organisations.models import Site
from registry.policy.models import Parameter
from tests.factories import make_provider
from tests.portal.polite import Polite
from tests.portal.test_outlook import (
    FIGURE,
    outlook_of,
    press,
    site,
    text_of_docx,
    text_of_pdf,
)
from tests.reports.figures.worlds import HUANGPU, XUHUI

__all__ = ["site"]

SignIn = Callable[..., Any]
PURPOSE = {"reason": "inspection", "note": "2026年达标核查", "key": "0123456789abcdef"}


def plan_of(site: Site) -> str:
    return f"{outlook_of(site)}/plan/people"


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "practitioner.export")))


def test_the_plan_leads_to_the_page_that_asks_what_for(polite: Polite, sign_in: SignIn, site: Site) -> None:
    sign_in(Role.PROVIDER, organisation=site.organisation)

    page = polite.follow(polite.get(outlook_of(site)), "附逐人台账")

    assert page.url.startswith(plan_of(site))
    assert "17 人，本岗位一次最多" in page.text


@pytest.mark.parametrize(("kind", "read"), [("pdf", text_of_pdf), ("docx", text_of_docx)])
def test_the_paper_says_who_counts_why_and_until_when_with_cut_names(
    client: FlaskClient, sign_in: SignIn, site: Site, kind: str, read: Callable[[bytes], str]
) -> None:
    sign_in(Role.DISTRICT)

    answer = press(client, plan_of(site), format=kind, **PURPOSE)

    text = read(answer.data)
    assert answer.status_code == 200
    assert "示例暖阳中心（分子5人，分母17人）" in text
    assert "高*英" in text
    assert "高秀英" not in text
    assert f"{today() + timedelta(days=21)}（任职结束）" in text
    assert text.count("只计入分母") == 12
    assert "为“2026年达标核查”出具" in text


def test_who_takes_it_along_is_on_record_with_the_paper(
    client: FlaskClient, sign_in: SignIn, session: Session, site: Site
) -> None:
    sign_in(Role.DISTRICT)

    press(client, f"{FIGURE}/outlook/plan/people", division=HUANGPU, format="docx", **PURPOSE)

    (entry,) = entries(session)
    document = session.scalars(sa.select(IssuedDocument)).one()
    assert (entry.facts["rows"], entry.facts["what"], entry.reason) == (17, "plan", "2026年达标核查")
    assert (document.annex, document.division_code) == (Annex.PEOPLE, HUANGPU)


def test_without_a_purpose_nothing_is_handed_over(
    client: FlaskClient, sign_in: SignIn, session: Session, site: Site
) -> None:
    sign_in(Role.DISTRICT)

    answer = press(client, plan_of(site), format="pdf", reason="inspection", note="", key=PURPOSE["key"])

    assert answer.status_code == 400
    assert "写明具体用途" in answer.text
    assert entries(session) == []
    assert session.scalars(sa.select(IssuedDocument)).all() == []


def test_more_people_than_the_cap_are_refused_and_the_page_says_so_before(
    client: FlaskClient, sign_in: SignIn, session: Session, site: Site
) -> None:
    cap = sa.select(Parameter).where(Parameter.key == "export.rows.district")
    session.scalars(cap).one().value = 16
    session.flush()
    sign_in(Role.DISTRICT)

    page = client.get(plan_of(site)).text
    answer = press(client, plan_of(site), format="docx", **PURPOSE)

    assert "人数超过上限，不能附逐人台账" in page
    assert answer.status_code == 403
    assert entries(session) == []


def test_of_an_institution_without_anybody_there_is_nothing_to_add(
    polite: Polite, sign_in: SignIn, session: Session, site: Site
) -> None:
    empty = make_provider(session, name="示例空院")
    sign_in(Role.DISTRICT)

    assert "没有台账可附" in polite.get(plan_of(empty)).text


def test_the_plan_of_another_district_is_not_there_with_people_either(
    client: FlaskClient, sign_in: SignIn, site: Site
) -> None:
    sign_in(Role.DISTRICT, division_code=XUHUI)

    assert client.get(plan_of(site)).status_code == 404
    assert client.get(f"{FIGURE}/outlook/plan/people?division={HUANGPU}").status_code == 404


def test_a_day_to_come_has_no_paper_with_people(client: FlaskClient, sign_in: SignIn, site: Site) -> None:
    sign_in(Role.DISTRICT)

    answer = client.get(f"{plan_of(site)}?on=2099-01-01")

    assert answer.status_code == 400
    assert "还没有数据可出具文件" in answer.text
