"""Service reports, entries and filings that a leaver has not handed in are seen before he goes, and go on."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Position, Role
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.handovers.handing_over import hand_over
from registry.handovers.leaving import refuse_to_leave_alone
from registry.handovers.models import Handover, HandoverKind, Passing
from registry.handovers.open_work import open_work
from registry.handovers.operations import Plan
from registry.organisations.models import Site, SiteKind
from registry.provider_entries.models import EntryState
from registry.services.models import ServiceReportState
from registry.services.workflow import ServiceReportStep
from registry.station_filings.models import FilingState
from registry.workflow.operations import take_step
from tests.entry_factories import CALENDAR, KEY, lay_out_terms, make_entry, make_filing, make_station
from tests.factories import (
    DAY,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_organisation,
    make_parameter,
    make_site,
)
from tests.services_factories import make_service_report


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    for term in ("handover.hand_on_workdays", "handover.acknowledge_workdays"):
        make_parameter(session, term, 5)
    return make_site(session, make_organisation(session), name="示例服务点")


@pytest.fixture
def leaver(session: Session, site: Site) -> Account:
    return make_account(session, Role.PROVIDER, organisation=site.organisation)


def open_items(session: Session, position: Position) -> list[tuple[str, str, Passing]]:
    return [(item.title, item.name, item.passing) for item in open_work(session, position, DAY).items]


def handed_over(session: Session, leaver: Account, successor: Account) -> Handover:
    plan = Plan(leaver.positions[0], successor.positions[0], HandoverKind.LEAVING, "调离，见调令")
    by = Actor.of(leaver.positions[0])
    return hand_over(session, plan, actor=by, at=NOW, trail=Trail(KEY))


def lines(handover: Handover) -> list[tuple[str, str]]:
    return [(line.title, line.subject_code) for line in handover.lines]


def test_what_an_institution_has_not_handed_in_is_seen_before_its_only_person_goes(
    session: Session, site: Site, leaver: Account
) -> None:
    make_entry(session, site)
    make_service_report(session, site, leaver, answers={"title": "同伴小组"})
    make_service_report(session, site, leaver, state=ServiceReportState.WITHDRAWN)
    assert open_items(session, leaver.positions[0]) == [
        ("没有交出的机构入库材料", "示例服务点", Passing.DESK),
        ("没有交出的服务项目申报", "同伴小组", Passing.OWNER),
    ]
    with pytest.raises(InvalidInput, match="还有2件未办结的工作"):
        refuse_to_leave_alone(session, leaver.positions[0], on=DAY)


@pytest.mark.parametrize("state", [EntryState.SUBMITTED, EntryState.CHECKED, EntryState.WITHDRAWN])
def test_what_waits_for_officers_or_is_over_is_no_work_of_the_institution(
    session: Session, site: Site, leaver: Account, state: EntryState
) -> None:
    make_entry(session, site, state=state)
    assert open_items(session, leaver.positions[0]) == []


def test_the_successor_gets_them_on_his_list_and_becomes_the_one_who_asked(
    session: Session, site: Site, leaver: Account
) -> None:
    entry, report = make_entry(session, site), make_service_report(session, site, leaver)
    successor = make_account(session, Role.PROVIDER, organisation=site.organisation)
    handover = handed_over(session, leaver, successor)
    assert lines(handover) == [
        ("没有交出的机构入库材料", entry.code),
        ("没有交出的服务项目申报", report.code),
    ]
    assert report.asked_by_id == successor.id
    assert [title for title, _name, _passing in open_items(session, successor.positions[0])] == [
        "本岗待办",
        "没有交出的机构入库材料",
        "没有交出的服务项目申报",
    ]


def test_a_returned_report_is_listed_once(session: Session, site: Site, leaver: Account) -> None:
    make_parameter(session, "service_report.confirm_workdays", 5)
    report = make_service_report(session, site, leaver)
    district = Actor.of(make_account(session, Role.DISTRICT).positions[0])
    world: dict[str, Any] = {"at": NOW, "trail": Trail(KEY), "calendar": CALENDAR}
    take_step(session, report, ServiceReportStep.SUBMIT, actor=Actor.of(leaver.positions[0]), **world)
    take_step(session, report, ServiceReportStep.RETURN, actor=district, reason="请写明房间", **world)
    session.flush()
    assert [title for title, _name, _passing in open_items(session, leaver.positions[0])] == ["本岗待办"]
    successor = make_account(session, Role.PROVIDER, organisation=site.organisation)
    handed_over(session, leaver, successor)
    assert report.asked_by_id == successor.id


def test_a_filing_of_a_station_and_one_that_the_street_began_belong_to_their_own_desks(
    session: Session, site: Site
) -> None:
    station = make_station(session, name="示例社工站")
    other = make_site(session, make_organisation(session), kind=SiteKind.STATION, name="示例代办站")
    make_filing(session, station, state=FilingState.RETURNED)
    make_filing(session, other, is_by_street=True)
    worker = make_account(session, Role.STATION, organisation=station.organisation)
    street = make_account(session, Role.STREET, division_code=NANJING_EAST_ROAD)
    elsewhere = make_account(session, Role.STREET, division_code="310101013")
    titled = "没有交出的建站备案"
    assert open_items(session, worker.positions[0]) == [(titled, "示例社工站", Passing.DESK)]
    assert open_items(session, street.positions[0]) == [(titled, "示例代办站", Passing.DESK)]
    assert open_items(session, elsewhere.positions[0]) == []
