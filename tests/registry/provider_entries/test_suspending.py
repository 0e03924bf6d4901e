"""A suspension is a fact beside the state: whatever becomes of the entry, only resuming it ends that."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.clock import today
from registry.directory.places import PlaceState, place_by_code, places_in
from registry.errors import NotAllowed
from registry.organisations.models import Site
from registry.provider_entries.models import EntryMark, EntryState, ProviderEntry
from registry.provider_entries.workflow import EntryStep
from registry.workflow.queries import history, open_steps
from tests.entry_factories import Desk, lay_out_terms
from tests.factories import NOW, make_organisation, make_site

DAY = date(2026, 11, 23)
LATER = NOW + timedelta(days=9)


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_site(session, make_organisation(session))


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site)


@pytest.fixture
def suspended(desk: Desk, site: Site) -> ProviderEntry:
    return desk.take(desk.listed(site), EntryStep.SUSPEND, desk.district, reason="消防整改")


def is_shown(session: Session, site: Site) -> bool:
    """To the public, in the list of the city."""
    return [place.code for place in places_in(session, "31", today(NOW))] == [site.code]


def test_a_suspended_institution_stays_listed_and_nobody_is_sent_there(
    session: Session, site: Site, suspended: ProviderEntry
) -> None:
    assert (suspended.state, suspended.suspended_on) == (EntryState.LISTED, DAY)
    assert suspended.marks_on(DAY) == (EntryMark.SUSPENDED,)
    assert not is_shown(session, site)
    place = place_by_code(session, site.code, DAY)
    assert place is not None
    assert place.state is PlaceState.SUSPENDED


def test_asking_to_leave_does_not_lift_a_suspension(
    session: Session, desk: Desk, site: Site, suspended: ProviderEntry
) -> None:
    desk.take(suspended, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期")
    assert (suspended.suspended_on, is_shown(session, site)) == (DAY, False)
    desk.take(suspended, EntryStep.KEEP, desk.city, reason="已找到新场地")
    assert (suspended.state, suspended.suspended_on) == (EntryState.LISTED, DAY)
    assert not is_shown(session, site)


def test_a_notice_of_removal_does_not_lift_a_suspension_nor_does_keeping_after_it(
    session: Session, desk: Desk, site: Site, suspended: ProviderEntry
) -> None:
    desk.take(suspended, EntryStep.NOTIFY, desk.district, reason="拟退出")
    assert (suspended.state, is_shown(session, site)) == (EntryState.LEAVING, False)
    desk.take(suspended, EntryStep.DEFEND, desk.own, reason="有服务")
    desk.take(suspended, EntryStep.KEEP, desk.city, reason="理由成立")
    assert (suspended.suspended_on, is_shown(session, site)) == (DAY, False)


def test_only_resuming_ends_a_suspension(
    session: Session, desk: Desk, site: Site, suspended: ProviderEntry
) -> None:
    desk.take(suspended, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期")
    desk.take(suspended, EntryStep.RESUME, desk.district, reason="整改完成")
    assert (suspended.state, suspended.suspended_on) == (EntryState.DECIDING, None)
    assert is_shown(session, site)


def test_who_is_to_leave_can_be_suspended_meanwhile(session: Session, desk: Desk, site: Site) -> None:
    entry = desk.listed(site)
    desk.take(entry, EntryStep.NOTIFY, desk.district, reason="拟退出")
    desk.take(entry, EntryStep.SUSPEND, desk.district, reason="有安全隐患")
    assert (entry.state, entry.suspended_on) == (EntryState.LEAVING, DAY)
    assert not is_shown(session, site)
    assert [step.to_state for step in history(session, entry)][-1] == "leaving"
    desk.take(entry, EntryStep.REMOVE, desk.city, reason="逾期未申辩", at=LATER)
    assert entry.state is EntryState.LEFT


def test_a_suspension_is_not_made_twice_nor_lifted_where_there_is_none(
    session: Session, desk: Desk, site: Site
) -> None:
    entry = desk.listed(site)
    with pytest.raises(NotAllowed, match="没有暂停"):
        desk.take(entry, EntryStep.RESUME, desk.district, reason="整改完成")
    desk.take(entry, EntryStep.SUSPEND, desk.district, reason="消防整改")
    with pytest.raises(NotAllowed, match="已经暂停"):
        desk.take(entry, EntryStep.SUSPEND, desk.district, reason="消防整改", at=LATER)
    offered = {one.step for one in open_steps(session, entry, desk.district)}
    assert offered == {EntryStep.RESUME, EntryStep.NOTIFY}
