"""What a slip, its check page, the public pages and the list say of an institution whose listing is not what it was."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.organisations.models import Site
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.renewals import remind_of_renewals
from registry.provider_entries.workflow import EntryStep
from tests.dossiers_factories import make_succession
from tests.entry_factories import Desk, lay_out_terms
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_organisation,
    make_parameter,
    make_site,
)
from tests.portal.polite import Polite
from tests.reports.documents.test_pdf import reader_of, text_of

SignIn = Callable[..., Actor]
LONG_OVER = date(2024, 1, 31)
LATER = NOW + timedelta(days=2)


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_site(session, make_organisation(session, name="示例心晴中心"))


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site)


@pytest.fixture
def entry(session: Session, desk: Desk, site: Site) -> ProviderEntry:
    entry = desk.listed(site)
    session.commit()
    return entry


@pytest.fixture
def district(session: Session) -> Account:
    return make_account(session, Role.DISTRICT, division_code=HUANGPU)


def changed(desk: Desk, site: Site) -> ProviderEntry:
    change = desk.handed_in(site)
    desk.take(change, EntryStep.CHECK, desk.district)
    return desk.take(change, EntryStep.CONFIRM, desk.city)


def checked(polite: Polite, entry: ProviderEntry) -> str:
    return polite.get(f"/public/check/{entry.check_code}").main


def test_a_slip_that_is_older_than_a_change_says_that_the_institution_left(
    polite: Polite, session: Session, desk: Desk, site: Site, entry: ProviderEntry
) -> None:
    change = changed(desk, site)
    desk.take(change, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期", at=LATER)
    desk.take(change, EntryStep.REMOVE, desk.city, reason="同意退出", at=LATER)
    session.commit()
    for one in (entry, change):
        assert "该机构已于2026年11月25日退出，凭证不再有效" in checked(polite, one)
        assert "已被新内容替代" not in checked(polite, one)


def test_a_slip_that_is_older_than_a_change_says_that_the_institution_is_suspended(
    polite: Polite, session: Session, desk: Desk, site: Site, entry: ProviderEntry
) -> None:
    change = changed(desk, site)
    desk.take(change, EntryStep.SUSPEND, desk.district, reason="消防整改")
    desk.take(change, EntryStep.NOTIFY, desk.district, reason="拟退出")
    session.commit()
    said = checked(polite, entry)
    assert "该机构的入库资格已暂停" in said
    assert "拟退出" in said


def test_an_institution_that_came_back_later_does_not_answer_for_an_old_slip(
    polite: Polite, session: Session, desk: Desk, site: Site, entry: ProviderEntry
) -> None:
    change = changed(desk, site)
    desk.take(change, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期", at=LATER)
    desk.take(change, EntryStep.REMOVE, desk.city, reason="同意退出", at=LATER)
    desk.listed(site, at=LATER + timedelta(days=1))
    session.commit()
    assert "凭证不再有效" in checked(polite, entry)


@pytest.mark.parametrize("state", [EntryState.LISTED, EntryState.LEFT])
def test_the_slip_of_a_merged_institution_names_its_successor(
    polite: Polite,
    client: FlaskClient,
    session: Session,
    site: Site,
    entry: ProviderEntry,
    sign_in: SignIn,
    district: Account,
    state: EntryState,
) -> None:
    successor = make_organisation(session, name="示例乙康复中心")
    make_succession(session, site.organisation, successor, on=date(2026, 6, 1))
    entry.state = state
    entry.standing.granted_on, entry.standing.ended_on = date(2023, 1, 1), date(2026, 6, 1)  # type: ignore[union-attr]
    session.commit()
    said = checked(polite, entry)
    assert "该机构已于2026年6月1日并入“示例乙康复中心”，凭证不再有效" in said
    assert "已并入其他机构" in said
    assert "在库" not in said
    sign_in(account=district)
    printed = text_of(reader_of(client.get(f"/provider-entries/{entry.code}/slip").data))
    assert "并入“示例乙康复中心”" in printed


def test_a_term_that_is_over_is_said_wherever_the_institution_is_shown(
    polite: Polite,
    client: FlaskClient,
    session: Session,
    site: Site,
    entry: ProviderEntry,
    sign_in: SignIn,
    district: Account,
) -> None:
    entry.valid_until = LONG_OVER
    session.commit()
    said = checked(polite, entry)
    assert "入库有效期已过（至2024年1月31日），机构尚未办理续期" in said
    assert "✓" not in said
    for url in (f"/public/places/{site.code}", f"/public/areas/{NANJING_EAST_ROAD}"):
        assert "这家机构的入库有效期已过" in polite.get(url).main

    sign_in(account=district)
    assert "有效期已过" in polite.get(f"/provider-entries/{entry.code}").heading
    assert "有效期已过" in polite.get("/provider-entries").rows[0][2]
    assert [row[0] for row in polite.get("/provider-entries?mark=lapsed").rows] == ["示例心晴中心"]
    assert polite.get("/provider-entries?mark=suspended").rows == []
    printed = text_of(reader_of(client.get(f"/provider-entries/{entry.code}/slip").data))
    assert "有效期已过；在库" in printed


def test_the_list_finds_what_is_suspended_whatever_its_state(
    polite: Polite, session: Session, desk: Desk, entry: ProviderEntry, sign_in: SignIn, district: Account
) -> None:
    desk.take(entry, EntryStep.SUSPEND, desk.district, reason="消防整改")
    desk.take(entry, EntryStep.NOTIFY, desk.district, reason="拟退出")
    session.commit()
    sign_in(account=district)
    (row,) = polite.get("/provider-entries?mark=suspended").rows
    assert "已暂停" in row[2]
    assert "拟退出" in row[2]
    page = polite.get(f"/provider-entries/{entry.code}")
    assert "已暂停" in page.heading
    assert "恢复资格" in page.main
    assert "陈述申辩期至" in page.main


def test_what_went_back_with_a_suspension_says_why(
    polite: Polite, session: Session, desk: Desk, site: Site, entry: ProviderEntry, sign_in: SignIn
) -> None:
    change = desk.handed_in(site)
    desk.take(entry, EntryStep.SUSPEND, desk.district, reason="消防设施未通过复查")
    session.commit()
    sign_in(account=make_account(session, Role.PROVIDER, organisation=site.organisation))
    page = polite.get(f"/provider-entries/{change.code}")
    assert "消防设施未通过复查" in page.main
    assert "随机构资格变动退回" in page.main
    page = polite.submit(polite.get(f"/provider-entries/{change.code}/answers"), button="提交", status=409)
    assert "入库资格已暂停，恢复之后才能办理" in page.main


def test_what_a_night_asks_is_said_to_come_from_the_system(
    polite: Polite, session: Session, site: Site, entry: ProviderEntry, sign_in: SignIn
) -> None:
    make_parameter(session, "provider_entry.renewal_days", [90, 30])
    entry.valid_until = LONG_OVER
    remind_of_renewals(session, on=date(2024, 2, 1), at=NOW)
    session.commit()
    sign_in(account=make_account(session, Role.PROVIDER, organisation=site.organisation))
    page = polite.get("/inbox")
    assert "办理机构入库续期" in page.main
    assert "机构入库有效期已过" in page.main
    assert page.main.count("系统自动提醒") == 2
