"""What a merger or a split does to services, reports, activities, entries and filings, and that it can be undone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.errors import RequirementUnmet
from registry.organisations.models import Organisation, Site, SiteKind, StandingKind
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.workflow import EntryStep
from registry.services.models import Activity, ReportKind, Service, ServiceReport, ServiceReportState
from registry.services.workflow import ServiceReportStep
from registry.station_filings.models import FilingKind, FilingState, StationFiling
from registry.station_filings.workflow import FilingStep
from registry.successions.models import OrganisationSuccession, SuccessionKind
from registry.successions.operations import By, record_succession, undo_succession
from registry.successions.planning import Outlook, Wanted, outlook_of
from registry.workflow.models import Todo
from registry.workflow.operations import take_step
from registry.workflow.queries import history
from tests.entry_factories import CALENDAR, KEY, TERMS, make_entry, make_filing
from tests.factories import (
    DAY,
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_actor,
    make_division,
    make_organisation,
    make_parameter,
    make_site,
    make_standing,
)
from tests.services_factories import ANSWERS, make_activity, make_service, make_service_report

BEFORE, ON, DOCUMENT = date(2026, 5, 31), date(2026, 6, 1), "示民社〔2026〕6号"
Rows = list[tuple[Any, ...]]


@pytest.fixture
def officer(session: Session) -> Actor:
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD):
        make_division(session, code)
    for term in (*TERMS, "service_report.confirm_workdays"):
        make_parameter(session, term, 5)
    return make_actor(session, Role.DISTRICT)


@pytest.fixture
def old(session: Session, officer: Actor) -> Organisation:
    return make_organisation(session, name="示例甲中心")


@pytest.fixture
def new(session: Session, officer: Actor) -> Organisation:
    return make_organisation(session, name="示例乙中心")


@pytest.fixture
def site(session: Session, old: Organisation) -> Site:
    return make_site(session, old)


@pytest.fixture
def station(session: Session, old: Organisation) -> Site:
    return make_site(session, old, kind=SiteKind.STATION)


def wanted(new: Organisation, *sites: Site, **facts: Any) -> Wanted:
    codes = frozenset(site.code for site in sites)
    return replace(Wanted(SuccessionKind.MERGE, new.code, ON, DOCUMENT, codes), **facts)


def by(officer: Actor) -> By:
    return By(officer, NOW, DAY, Trail(KEY))


def seen(session: Session, old: Organisation, one: Wanted, officer: Actor) -> Outlook:
    session.refresh(old)
    return outlook_of(session, old, one, officer, DAY)


def recorded(session: Session, old: Organisation, one: Wanted, officer: Actor) -> OrganisationSuccession:
    session.refresh(old)
    succession = record_succession(session, old, one, by(officer))
    session.expire_all()
    return succession


def undone(session: Session, succession: OrganisationSuccession, officer: Actor) -> None:
    undo_succession(session, succession, "登记错误", by(officer))
    session.expire_all()


def said(counts: Any) -> list[tuple[str, int]]:
    return [(str(label), count) for label, count in counts]


def services(session: Session, organisation: Organisation) -> Rows:
    found = sa.select(Service).where(Service.organisation_id == organisation.id).order_by(Service.id)
    return [(one.title, one.started_on, one.ended_on) for one in session.scalars(found)]


def owner(session: Session, model: Any) -> list[int]:
    return list(session.scalars(sa.select(model.organisation_id).order_by(model.id)))


def successor_site(session: Session, new: Organisation) -> Site:
    return session.scalars(sa.select(Site).where(Site.organisation_id == new.id).order_by(Site.id)).one()


# Services, reports and activities


def test_a_service_ends_with_the_predecessor_and_goes_on_with_the_successor(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    make_service(session, site, title="手工小组")
    make_service(session, site, title="夏令营", started_on=date(2026, 7, 1), ended_on=date(2026, 9, 1))
    make_service(session, site, title="旧项目", ended_on=date(2025, 1, 1))
    assert said(seen(session, old, wanted(new, site), officer).rows) == [("服务项目", 2)]
    succession = recorded(session, old, wanted(new, site), officer)
    assert services(session, old) == [
        ("手工小组", date(2020, 1, 1), ON),
        ("旧项目", date(2020, 1, 1), date(2025, 1, 1)),
    ]
    assert services(session, new) == [
        ("夏令营", date(2026, 7, 1), date(2026, 9, 1)),
        ("手工小组", ON, None),
    ]
    undone(session, succession, officer)
    assert services(session, old) == [
        ("手工小组", date(2020, 1, 1), None),
        ("夏令营", date(2026, 7, 1), date(2026, 9, 1)),
        ("旧项目", date(2020, 1, 1), date(2025, 1, 1)),
    ]
    assert services(session, new) == []


def test_activities_belong_to_the_organisation_of_their_day(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    service = make_service(session, site)
    make_activity(session, site, held_on=BEFORE, service=service)
    make_activity(session, site, held_on=ON, service=service)
    outlook = seen(session, old, wanted(new, site), officer)
    assert said(outlook.rows) == [("服务项目", 1), ("承继日期起的活动记录", 1)]
    succession = recorded(session, old, wanted(new, site), officer)
    earlier, later = session.scalars(sa.select(Activity).order_by(Activity.held_on)).all()
    assert (earlier.organisation_id, earlier.service_id) == (old.id, service.id)
    assert (later.organisation_id, later.site) == (new.id, successor_site(session, new))
    assert later.service is not None
    assert later.service.organisation_id == new.id
    undone(session, succession, officer)
    assert owner(session, Activity) == [old.id, old.id]
    assert {one.service_id for one in session.scalars(sa.select(Activity))} == {service.id}


def changed(session: Session, site: Site, owner: Organisation) -> tuple[ServiceReport, Actor]:
    """A draft that asks for room for twenty, and who began it."""
    by = make_account(session, Role.PROVIDER, organisation=owner)
    facts = {"service": make_service(session, site), "answers": ANSWERS | {"capacity": "20"}}
    report = make_service_report(session, site, by, kind=ReportKind.CHANGE, **facts)
    return report, Actor.of(by.positions[0])


def test_a_report_in_hand_goes_on_and_the_district_confirms_it_for_the_successor(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    report, own = changed(session, site, old)
    step(session, report, ServiceReportStep.SUBMIT, own)
    assert ("在办的服务项目申报", 1) in said(seen(session, old, wanted(new, site), officer).rows)
    recorded(session, old, wanted(new, site), officer)
    assert report.organisation_id == new.id
    step(session, report, ServiceReportStep.CONFIRM, officer)
    session.expire_all()
    found = session.execute(sa.select(Service.organisation_id, Service.capacity).order_by(Service.id)).all()
    assert [tuple(row) for row in found] == [(old.id, 12), (new.id, 20)]


def test_a_returned_report_waits_for_the_successor_and_after_the_undo_for_the_predecessor(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    report, own = changed(session, site, old)
    step(session, report, ServiceReportStep.SUBMIT, own)
    step(session, report, ServiceReportStep.RETURN, officer, reason="请写明房间")
    service_id = report.service_id
    succession = recorded(session, old, wanted(new, site), officer)
    assert set(waiting_for(session)) == {new.id}
    undone(session, succession, officer)
    assert set(waiting_for(session)) == {old.id}
    assert (report.organisation_id, report.site_id, report.service_id) == (old.id, site.id, service_id)
    assert [one.step for one in history(session, report)] == ["submit", "return", "succeed", "give_back"]
    step(session, report, ServiceReportStep.SUBMIT, own)
    step(session, report, ServiceReportStep.CONFIRM, officer)
    assert report.service.capacity == 20


def test_with_a_site_that_closes_its_services_end_and_its_reports_are_withdrawn(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    service = make_service(session, site)
    account = make_account(session, Role.PROVIDER, organisation=old)
    report = make_service_report(session, site, account)
    step(session, report, ServiceReportStep.SUBMIT, Actor.of(account.positions[0]))
    outlook = seen(session, old, wanted(new), officer)
    assert said(outlook.over) == [
        ("停用场所的服务项目", 1),
        ("停用场所在办的服务项目申报（按撤回处理）", 1),
    ]
    succession = recorded(session, old, wanted(new), officer)
    assert (service.ended_on, report.state) == (ON, ServiceReportState.WITHDRAWN)
    assert waiting_for(session) == []
    undone(session, succession, officer)
    assert (service.ended_on, report.state) == (None, ServiceReportState.SUBMITTED)
    assert waiting_for(session) == [None]
    step(session, report, ServiceReportStep.CONFIRM, officer)


def _a_service_changed(session: Session, new: Organisation) -> None:
    session.scalars(sa.select(Service).where(Service.organisation_id == new.id)).one().capacity = 99


def _an_activity_was_recorded(session: Session, new: Organisation) -> None:
    make_activity(session, successor_site(session, new))


@pytest.mark.parametrize("happens", [_a_service_changed, _an_activity_was_recorded])
def test_nothing_is_undone_after_the_successor_acted_on_services(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site, happens: Any
) -> None:
    make_service(session, site)
    succession = recorded(session, old, wanted(new, site), officer)
    happens(session, new)
    session.flush()
    with pytest.raises(RequirementUnmet, match="不能再撤销"):
        undo_succession(session, succession, "登记错误", by(officer))


# Entries of providers


def test_the_entry_of_a_merged_provider_leaves_and_comes_back_when_it_is_undone(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    entry = make_entry(session, site, state=EntryState.LEAVING, standing=make_standing(session, old))
    succession = recorded(session, old, wanted(new, site), officer)
    assert (entry.state, entry.standing and entry.standing.ended_on) == (EntryState.LEFT, ON)
    undone(session, succession, officer)
    assert (entry.state, entry.standing and entry.standing.ended_on) == (EntryState.LEAVING, None)
    lines = [(one.step, one.from_state, one.to_state, one.reason) for one in history(session, entry)]
    assert lines == [("succeed", "leaving", "left", DOCUMENT), ("give_back", "left", "leaving", "登记错误")]


def test_an_entry_in_hand_is_withdrawn_and_waits_again_when_it_is_undone(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    entry = make_entry(session, site)
    own = Actor.of(make_account(session, Role.PROVIDER, organisation=old).positions[0])
    step(session, entry, EntryStep.SUBMIT, own)
    assert said(seen(session, old, wanted(new, site), officer).over) == [
        ("在办的机构入库材料（按撤回处理）", 1)
    ]
    succession = recorded(session, old, wanted(new, site), officer)
    assert (entry.state, waiting_for(session)) == (EntryState.WITHDRAWN, [])
    undone(session, succession, officer)
    assert (entry.state, waiting_for(session)) == (EntryState.SUBMITTED, [None])
    step(session, entry, EntryStep.RETURN, officer, reason="请写明应急办法")


def test_a_predecessor_that_lives_on_keeps_its_entry_and_the_preview_says_that_a_change_is_due(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    entry = make_entry(session, site, state=EntryState.LISTED, standing=make_standing(session, old))
    split = wanted(new, site, kind=SuccessionKind.SPLIT, ends=False)
    outlook = seen(session, old, split, officer)
    assert said(outlook.over) == []
    assert said(outlook.kept) == [("以转入场所登记的机构入库，请原单位办理变更，另填服务场所", 1)]
    recorded(session, old, split, officer)
    assert entry.state is EntryState.LISTED


def test_nothing_is_undone_once_the_predecessor_asked_anew(
    session: Session, old: Organisation, new: Organisation, officer: Actor, site: Site
) -> None:
    make_entry(session, site, state=EntryState.LISTED, standing=make_standing(session, old))
    succession = recorded(session, old, wanted(new, site), officer)
    make_entry(session, site)
    with pytest.raises(RequirementUnmet, match="又有新的办理"):
        undo_succession(session, succession, "登记错误", by(officer))
    assert session.scalar(sa.select(sa.func.count()).select_from(ProviderEntry)) == 2


# Filings of stations


def filed(session: Session, station: Site, **facts: Any) -> StationFiling:
    standing = make_standing(session, station.organisation, kind=StandingKind.STATION)
    return make_filing(session, station, state=FilingState.FILED, standing=standing, **facts)


def test_a_filing_goes_on_under_the_number_of_a_successor_on_file(
    session: Session, old: Organisation, new: Organisation, officer: Actor, station: Site
) -> None:
    filing = filed(session, station)
    number = make_standing(session, new, kind=StandingKind.STATION)
    outlook = seen(session, old, wanted(new, station), officer)
    assert said(outlook.rows) == [("建站备案（归入承继单位的备案编号）", 1)]
    succession = recorded(session, old, wanted(new, station), officer)
    further = session.scalars(sa.select(StationFiling).where(StationFiling.id != filing.id)).one()
    assert (filing.state, further.state) == (FilingState.REPLACED, FilingState.FILED)
    assert (further.organisation_id, further.standing_id, further.filed_on) == (new.id, number.id, ON)
    assert (further.answers, further.site) == (filing.answers, successor_site(session, new))
    assert [(one.step, one.reason) for one in history(session, further)] == [("succeed", DOCUMENT)]
    undone(session, succession, officer)
    assert [one.state for one in session.scalars(sa.select(StationFiling))] == [FilingState.FILED]
    assert (filing.organisation_id, filing.standing and filing.standing.ended_on) == (old.id, None)


def test_without_a_number_of_the_successor_the_filing_ends_and_the_preview_says_so(
    session: Session, old: Organisation, new: Organisation, officer: Actor, station: Site
) -> None:
    filing = filed(session, station)
    outlook = seen(session, old, wanted(new, station), officer)
    assert said(outlook.over) == [("转入站点的建站备案（承继单位没有备案编号，须另行备案）", 1)]
    succession = recorded(session, old, wanted(new, station), officer)
    assert filing.state is FilingState.CLOSED
    undone(session, succession, officer)
    assert filing.state is FilingState.FILED


def test_with_its_last_station_the_standing_of_a_predecessor_that_lives_on_ends(
    session: Session, old: Organisation, new: Organisation, officer: Actor, station: Site
) -> None:
    filing = filed(session, station)
    make_standing(session, new, kind=StandingKind.STATION)
    split = wanted(new, station, kind=SuccessionKind.SPLIT, ends=False)
    succession = recorded(session, old, split, officer)
    assert filing.standing is not None
    assert filing.standing.ended_on == ON
    undone(session, succession, officer)
    assert filing.standing.ended_on is None


def test_a_filing_in_hand_goes_on_with_the_successor(
    session: Session, old: Organisation, new: Organisation, officer: Actor, station: Site
) -> None:
    in_force = filed(session, station)
    own = Actor.of(make_account(session, Role.STATION, organisation=old).positions[0])
    answers = in_force.answers | {"workers": "5"}
    change = make_filing(
        session, station, kind=FilingKind.CHANGE, answers=answers, base_answers=in_force.answers
    )
    step(session, change, FilingStep.SUBMIT, own)
    outlook = seen(session, old, wanted(new, station), officer)
    assert ("在办的建站备案", 1) in said(outlook.rows)
    succession = recorded(session, old, wanted(new, station), officer)
    assert (change.organisation_id, change.kind) == (new.id, FilingKind.FILING)
    street = make_actor(session, Role.STREET, division_code=NANJING_EAST_ROAD)
    undone(session, succession, officer)
    assert (change.organisation_id, change.kind) == (old.id, FilingKind.CHANGE)
    step(session, change, FilingStep.REPORT, street)
    step(session, change, FilingStep.FILE, officer)
    assert (in_force.state, change.state) == (FilingState.REPLACED, FilingState.FILED)


def test_a_station_that_closes_is_off_file(
    session: Session, old: Organisation, new: Organisation, officer: Actor, station: Site
) -> None:
    filing = filed(session, station)
    draft = make_filing(session, station, kind=FilingKind.CHANGE)
    outlook = seen(session, old, wanted(new), officer)
    assert said(outlook.over) == [
        ("停用站点的建站备案", 1),
        ("停用站点在办的建站备案（按撤回处理）", 1),
    ]
    succession = recorded(session, old, wanted(new), officer)
    assert (filing.state, draft.state) == (FilingState.CLOSED, FilingState.WITHDRAWN)
    undone(session, succession, officer)
    assert (filing.state, draft.state) == (FilingState.FILED, FilingState.DRAFT)


def step(session: Session, record: Any, one: Any, actor: Actor, **more: Any) -> None:
    take_step(session, record, one, actor=actor, at=NOW, trail=Trail(KEY), calendar=CALENDAR, **more)
    session.flush()


def waiting_for(session: Session) -> list[int | None]:
    found = sa.select(Todo.organisation_id).where(Todo.closed_at.is_(None), Todo.is_notice.is_(False))
    return list(session.scalars(found.order_by(Todo.id)))
