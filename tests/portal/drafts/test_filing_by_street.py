"""建站备案 by the street on pages: begun where nobody at the station has an account, reported, checked, names shown."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.organisations.models import Site
from registry.station_filings.models import FilingState, StationFiling
from tests.entry_factories import FILING_ANSWERS, lay_out_terms, make_filing, make_station
from tests.factories import HUANGPU, NANJING_EAST_ROAD, make_account
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]


@pytest.fixture
def station(session: Session) -> Site:
    lay_out_terms(session)
    station = make_station(session, name="示例社工站")
    session.commit()
    return station


@pytest.fixture
def street(session: Session, station: Site) -> Account:
    return make_account(session, Role.STREET, division_code=NANJING_EAST_ROAD, name="李街镇")


def test_the_street_begins_fills_in_and_reports_for_a_station_without_an_account(
    session: Session, station: Site, street: Account, sign_in: SignIn, polite: Polite
) -> None:
    sign_in(account=street)
    page = polite.follow(polite.get("/station-filings"), "代站点备案")
    assert "站点没有账号的，由街镇代为填报" in page.main
    shown = polite.submit(page, {"站点": station.code}, button="开始填写")
    assert "站点没有账号，由街镇代为填报" in shown.main
    filing = session.scalars(sa.select(StationFiling)).one()
    topic = polite.get(f"/station-filings/{filing.code}/topics/place")
    polite.submit(topic, {"场地面积": "80"}, button="保存，稍后再填")
    assert "填写人：李街镇" in polite.get(f"/station-filings/{filing.code}/answers").main
    session.refresh(filing)
    filing.answers = dict(FILING_ANSWERS)
    session.commit()
    page = polite.follow(polite.get(f"/station-filings/{filing.code}"), "核对全部内容并上报")
    assert "已上报区县" in polite.submit(page, button="核实并上报").text
    session.expire_all()
    assert filing.state is FilingState.REPORTED
    sign_in(account=make_account(session, Role.DISTRICT, division_code=HUANGPU))
    page = polite.follow(polite.get("/inbox"), "核对建站备案 · 示例社工站")
    assert "填写人：李街镇" in page.main
    polite.submit(page, button="核对并备案")
    session.expire_all()
    assert filing.state is FilingState.FILED


def test_where_every_station_has_an_account_the_street_is_told_so(
    session: Session, station: Site, street: Account, sign_in: SignIn, polite: Polite
) -> None:
    make_account(session, Role.STATION, organisation=station.organisation)
    sign_in(account=street)
    assert "都有账号，由站点自己填写备案" in polite.get("/station-filings/new").main


def test_what_a_station_filled_in_is_not_the_streets_to_type_on(
    session: Session, station: Site, street: Account, sign_in: SignIn, polite: Polite
) -> None:
    filing = make_filing(session, station, state=FilingState.RETURNED)
    session.commit()
    sign_in(account=street)
    address = f"/station-filings/{filing.code}"
    page = polite.visit(f"{address}/topics/place").main
    assert "要填写的内容" not in page
    assert "退回补正" in page
    assert "填写人" not in page
