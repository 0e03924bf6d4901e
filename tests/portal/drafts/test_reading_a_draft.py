"""What readers of a draft find: what it stands beside, who has it, who was first, and where an unfinished one waits."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.organisations.models import Site, SiteKind
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.workflow import EntryStep
from reports.documents.slip_paper import Slip
from tests.entry_factories import ENTRY_ANSWERS, Desk, lay_out_terms, make_entry, make_filing
from tests.factories import HUANGPU, make_account, make_organisation, make_site, make_standing
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_site(session, make_organisation(session, name="示例心晴中心"))


@pytest.fixture
def provider(session: Session, site: Site) -> Account:
    return make_account(session, Role.PROVIDER, organisation=site.organisation)


@pytest.fixture
def district(session: Session) -> Account:
    return make_account(session, Role.DISTRICT, division_code=HUANGPU)


@pytest.fixture
def city(session: Session) -> Account:
    return make_account(session, Role.CITY, division_code="31")


def returned_once(session: Session, site: Site, **facts: Any) -> tuple[Desk, ProviderEntry]:
    """A change that the district returned once, mended and handed in again: two answers differ from the register."""
    desk = Desk(session, site)
    standing = make_standing(session, site.organisation)
    stands = make_entry(session, site, state=EntryState.LISTED, standing=standing)
    entry = make_entry(
        session,
        site,
        kind=EntryKind.CHANGE,
        base_answers=dict(stands.answers),
        answers=ENTRY_ANSWERS | {"area": "300", "phone": "021-00000009"},
        **facts,
    )
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    desk.take(entry, EntryStep.RETURN, desk.district, reason="面积不符")
    return desk, entry


def test_whoever_returned_it_sees_what_was_mended_and_whoever_confirms_what_the_register_becomes(
    polite: Polite, session: Session, site: Site, district: Account, city: Account, sign_in: SignIn
) -> None:
    desk, entry = returned_once(session, site)
    session.commit()
    sign_in(account=district)
    page = polite.get(f"/provider-entries/{entry.code}")
    assert "与“登记的内容”对照，有 2 处变化" in page.main
    assert "0 处变化" not in page.main

    entry.answers = entry.answers | {"area": "310"}
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    session.commit()
    page = polite.get(f"/provider-entries/{entry.code}")
    assert "与“第 1 次提交”对照，有 1 处变化" in page.main
    page = polite.follow(page, "改为与“登记的内容”对照（2 处变化）")
    assert "与“登记的内容”对照，有 2 处变化" in page.main

    desk.take(entry, EntryStep.CHECK, desk.district)
    session.commit()
    sign_in(account=city)
    page = polite.get(f"/provider-entries/{entry.code}")
    assert "与“登记的内容”对照，有 2 处变化" in page.main
    assert "改为与“第 1 次提交”对照（1 处变化）" in page.links
    page = polite.submit(page, button="确认变更")
    assert "已确认变更" in page.main


def test_a_first_entry_that_was_returned_once_has_nothing_to_be_compared_with(
    polite: Polite, session: Session, site: Site, district: Account, sign_in: SignIn
) -> None:
    desk = Desk(session, site)
    entry = make_entry(session, site)
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    desk.take(entry, EntryStep.RETURN, desk.colleague, reason="面积不符")
    session.commit()
    sign_in(account=district)
    assert "处变化" not in polite.get(f"/provider-entries/{entry.code}").main


def test_who_has_it_now_is_named_with_the_place_of_his_own_level(
    polite: Polite, session: Session, site: Site, district: Account, sign_in: SignIn
) -> None:
    desk = Desk(session, site)
    entry = make_entry(session, site)
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    desk.take(entry, EntryStep.CHECK, desk.district)
    session.commit()
    sign_in(account=district)
    page = polite.get(f"/provider-entries/{entry.code}")
    assert "区划31 市级民政" in page.main


def test_a_link_that_comes_too_late_names_who_was_first(
    polite: Polite, session: Session, site: Site, district: Account, sign_in: SignIn
) -> None:
    desk = Desk(session, site)
    entry = make_entry(session, site)
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    session.commit()
    sign_in(account=district)
    page = polite.get(f"/provider-entries/{entry.code}")
    desk.take(entry, EntryStep.RETURN, desk.colleague, reason="面积不符")
    session.commit()
    who = f"已由{desk.colleague.name}于2026-11-23 09:00办理"
    assert f"{who}“退回补正”" in polite.visit(f"/provider-entries/{entry.code}/steps/check").main
    refused = polite.submit(page, button="初核通过", status=409)
    assert who in refused.main
    assert refused.links["查看现在的内容"] == f"/provider-entries/{entry.code}"


def test_a_draft_stands_at_home_and_in_the_inbox_until_it_is_handed_in_and_is_no_to_do(
    polite: Polite, session: Session, site: Site, provider: Account, district: Account, sign_in: SignIn
) -> None:
    desk = Desk(session, site)
    entry = desk.begin(make_entry(session, site, answers={}))
    session.commit()
    sign_in(account=provider)
    for url in ("/", "/inbox"):
        page = polite.get(url)
        assert "草稿 1 件" in page.main
        assert "保存于 2026-11-23 09:00" in page.main
        assert page.links["继续填写机构入库 · 示例心晴中心"] == f"/provider-entries/{entry.code}"
    assert "今日待办已清空" in page.main
    sign_in(account=district)
    assert "草稿" not in polite.get("/inbox").main

    entry.answers = dict(ENTRY_ANSWERS)
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    session.commit()
    sign_in(account=provider)
    assert "草稿" not in polite.get("/inbox").main


def test_a_station_with_a_filing_in_hand_is_led_to_it(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    lay_out_terms(session)
    station = make_site(session, make_organisation(session), kind=SiteKind.STATION)
    sign_in(account=make_account(session, Role.STATION, organisation=station.organisation))
    form = polite.get("/station-filings/new")
    filing = make_filing(session, station)
    session.commit()
    page = polite.submit(form, {"站点": station.code}, button="开始填写")
    assert page.url == f"/station-filings/{filing.code}"
    assert "该站点已有一件未办结的备案，见本页" in page.main


@pytest.mark.parametrize("place", ["黄浦区外滩街道", "黄浦区"])
def test_the_check_page_names_the_street_once(place: str) -> None:
    slip = object.__new__(Slip)
    slip.__dict__.update(place=place, site=Site(address="外滩街道示例中路18号"))
    assert slip.address == "黄浦区外滩街道示例中路18号"
