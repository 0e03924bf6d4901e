"""签认: who may answer for a frozen number, what it leaves behind, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.sessions import STRICTNESS_KEY
from registry.access.models import Role
from registry.access.models import SignIn as Stay
from registry.access.passwords import hash_password
from registry.access.strictness import DENGBAO3
from registry.audit.models import AuditEntry
from registry.clock import utc_now
from registry.policy.operations import freeze_divisions
from reports.figures.definitions import QUALIFIED_SHARE, STAFF
from reports.figures.snapshots import readings_on
from tests.factories import NOW, make_account, make_provider, make_staff
from tests.portal.polite import Polite
from tests.reports.figures.worlds import ASSIGNED, HUANGPU, XUHUI, lay_out_city

FIGURE = "/figures/qualified-share"
SIGN = f"{FIGURE}/sign?division={HUANGPU}&on=2025-12-31"
STAFF_PAGE = f"/figures/staff?division={HUANGPU}"
SignIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)
    make_staff(session, make_provider(session), qualified=14, other=36)


@pytest.fixture
def _frozen(session: Session) -> None:
    readings = readings_on(session, QUALIFIED_SHARE, ASSIGNED, date(2025, 12, 31))
    freeze_divisions(session, readings, at=NOW, by="job")


@pytest.mark.usefixtures("_frozen")
def test_a_district_signs_its_frozen_number_and_the_page_says_who_did(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    sign_in(Role.DISTRICT, division_code=HUANGPU, name="示例签认人")
    assert "尚未签认" in polite.get(f"{FIGURE}?division={HUANGPU}").main

    page = polite.get(SIGN)
    assert "28.0%" in page.main
    polite.submit(page)

    page = polite.get(f"{FIGURE}?division={HUANGPU}")
    assert "2025-12-31的定格数由示例签认人于" in page.main
    assert SIGN not in page.text
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figure.sign")).one()
    assert (entry.division_code, entry.facts["numerator"], entry.facts["denominator"]) == (HUANGPU, 14, 50)


def test_a_year_end_of_a_figure_without_a_target_is_signed_in_the_same_way(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    for year in (2024, 2025):
        readings = readings_on(session, STAFF, ASSIGNED, date(year, 12, 31))
        freeze_divisions(session, readings, at=NOW, by="job")
    sign_in(Role.DISTRICT, division_code=HUANGPU, name="示例签认人")

    polite.submit(polite.follow(polite.get(STAFF_PAGE), "签认2024-12-31的定格数"))

    page = polite.get(STAFF_PAGE)
    assert "2025年末 （已定格） 50" in page.main
    assert "2025-12-31的定格数尚未签认" in page.main
    (row,) = [row for row in page.rows if row[0].startswith("2024-12-31定格时间")]
    assert row[-1].startswith("示例签认人")


@pytest.mark.usefixtures("_frozen")
def test_signing_asks_once_more_who_it_is_where_the_last_proof_is_old(
    polite: Polite, app: Flask, sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, STRICTNESS_KEY, DENGBAO3)
    account = make_account(
        session, Role.DISTRICT, division_code=HUANGPU, password_hash=hash_password("Kx9#mQ2!vTz7")
    )
    sign_in(account=account)
    session.execute(sa.update(Stay).values(proved_at=utc_now() - timedelta(minutes=11)))
    session.commit()

    asked = polite.submit(polite.get(SIGN), status=401)
    assert asked.heading == "请确认是您本人"
    assert session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figure.sign")).all() == []
    polite.submit(asked, {"登录密码": "Kx9#mQ2!vTz7"})

    assert session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figure.sign")).one()


@pytest.mark.usefixtures("_frozen")
def test_signing_twice_is_refused_by_name(polite: Polite, sign_in: SignIn, client: FlaskClient) -> None:
    sign_in(Role.DISTRICT, division_code=HUANGPU, name="示例签认人")
    page = polite.get(SIGN)
    polite.submit(page)

    again = client.get(SIGN)

    assert again.status_code == 409
    assert "已由示例签认人签认" in again.text


def test_what_is_not_frozen_cannot_be_signed(sign_in: SignIn, client: FlaskClient) -> None:
    sign_in(Role.DISTRICT, division_code=HUANGPU)

    answer = client.get(SIGN)

    assert answer.status_code == 409
    assert "定格后才能签认" in answer.text


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        (Role.CITY, "31", 200),
        (Role.DISTRICT, XUHUI, 404),
        (Role.STREET, "310101002", 403),
        (Role.SYSADMIN, "31", 403),
    ],
)
@pytest.mark.usefixtures("_frozen")
def test_only_who_answers_for_the_place_signs(
    role: Role, division: str, status: int, sign_in: SignIn, client: FlaskClient
) -> None:
    sign_in(role, division_code=division)

    assert client.get(SIGN).status_code == status
