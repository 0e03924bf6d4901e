"""A station where nobody has an account: its street fills in and reports, the district checks, names stay visible."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.trail import Trail
from registry.drafts.operations import save_answers
from registry.drafts.queries import rounds_of, typists_of
from registry.errors import InvalidInput, NotAllowed, NotVisible, RequirementUnmet
from registry.organisations.models import Site
from registry.station_filings.models import FilingKind, FilingState, StationFiling
from registry.station_filings.operations import filing_of
from registry.station_filings.queries import filing_in_force, stations_without_account
from registry.station_filings.workflow import FilingStep
from registry.workflow.operations import start
from registry.workflow.queries import history, open_steps, open_todos
from tests.entry_factories import (
    CALENDAR,
    FILING_ANSWERS,
    KEY,
    Desk,
    actor_of,
    lay_out_terms,
    make_filing,
    make_station,
)
from tests.factories import DAY, HUANGPU, NANJING_EAST_ROAD, NOW, make_account


class StreetDesk(Desk):
    """Nobody works at the station."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.street = actor_of(make_account(session, Role.STREET, division_code=NANJING_EAST_ROAD))
        self.second = actor_of(make_account(session, Role.STREET, division_code=NANJING_EAST_ROAD))
        self.elsewhere = actor_of(make_account(session, Role.STREET, division_code="310101013"))
        self.district = actor_of(make_account(session, Role.DISTRICT, division_code=HUANGPU))
        self.own = self.street


@pytest.fixture
def station(session: Session) -> Site:
    lay_out_terms(session)
    return make_station(session, name="示例社工站")


@pytest.fixture
def desk(session: Session, station: Site) -> StreetDesk:
    return StreetDesk(session)


def begun(session: Session, desk: StreetDesk, station: Site) -> StationFiling:
    filing: StationFiling = desk.begin(filing_of(session, station, street_on=DAY))
    session.flush()
    return filing


def filled_in(session: Session, desk: StreetDesk, station: Site) -> StationFiling:
    filing = begun(session, desk, station)
    save_answers(session, filing, FILING_ANSWERS, base=filing.version, actor=desk.street, at=NOW)
    return filing


def test_the_street_fills_in_and_reports_and_the_district_puts_it_on_file(
    session: Session, desk: StreetDesk, station: Site
) -> None:
    filing = filled_in(session, desk, station)
    desk.take(filing, FilingStep.REPORT, desk.street)
    assert filing.state is FilingState.REPORTED
    assert [(one.number, one.actor_name) for one in rounds_of(session, filing)] == [(1, desk.street.name)]
    desk.take(filing, FilingStep.FILE, desk.district)
    assert filing_in_force(session, station.id) is filing
    assert [(one.step, one.actor_name) for one in history(session, filing)] == [
        ("draw_up", desk.street.name),
        ("report", desk.street.name),
        ("file", desk.district.name),
    ]
    assert [todo.title for todo in open_todos(session, desk.street)] == ["建站信息已备案"]


def test_who_typed_each_answer_stays_visible(session: Session, desk: StreetDesk, station: Site) -> None:
    filing = filled_in(session, desk, station)
    save_answers(session, filing, {"workers": "9"}, base=filing.version, actor=desk.second, at=NOW)
    typists = typists_of(session, filing)
    assert (typists["phone"], typists["workers"]) == (desk.street.name, desk.second.name)


def test_with_gaps_it_is_not_reported(session: Session, desk: StreetDesk, station: Site) -> None:
    filing = begun(session, desk, station)
    with pytest.raises(RequirementUnmet, match="没有填好"):
        desk.take(filing, FilingStep.REPORT, desk.street)


def test_what_the_district_returns_waits_for_the_street_which_mends_and_reports_again(
    session: Session, desk: StreetDesk, station: Site
) -> None:
    filing = filled_in(session, desk, station)
    desk.take(filing, FilingStep.REPORT, desk.street)
    desk.take(filing, FilingStep.SEND_BACK, desk.district, reason="请核对合同编号")
    assert [todo.title for todo in open_todos(session, desk.street)] == ["补正被退回的建站备案"]
    save_answers(
        session, filing, {"contract_no": "示例2026-02"}, base=filing.version, actor=desk.second, at=NOW
    )
    desk.take(filing, FilingStep.REPORT, desk.second)
    assert (filing.state, len(rounds_of(session, filing))) == (FilingState.REPORTED, 2)


def test_a_report_that_is_taken_back_waits_for_the_street_again(
    session: Session, desk: StreetDesk, station: Site
) -> None:
    filing = filled_in(session, desk, station)
    desk.take(filing, FilingStep.REPORT, desk.street)
    desk.take(filing, FilingStep.TAKE_BACK, desk.street)
    assert [todo.title for todo in open_todos(session, desk.street)] == ["上报建站备案"]
    desk.take(filing, FilingStep.REPORT, desk.street)
    assert filing.state is FilingState.REPORTED


def test_a_station_with_an_account_fills_in_itself(session: Session, desk: StreetDesk, station: Site) -> None:
    make_account(session, Role.STATION, organisation=station.organisation)
    with pytest.raises(InvalidInput, match="已有账号"):
        filing_of(session, station, street_on=DAY)
    assert stations_without_account(session, NANJING_EAST_ROAD, DAY) == []


def test_the_street_finds_its_open_stations_without_an_account(
    session: Session, desk: StreetDesk, station: Site
) -> None:
    make_station(session, closed_on=date(2026, 1, 1))
    make_station(session, division_code="310101013")
    gone = make_station(session, name="示例甲社工站")
    left = make_account(session, Role.STATION, organisation=gone.organisation).positions[0]
    left.ended_on = DAY
    session.flush()
    found = stations_without_account(session, NANJING_EAST_ROAD, DAY)
    assert [site.name for site in found] == ["示例甲社工站", "示例社工站"]


def test_another_street_does_not_begin_or_see_it(session: Session, desk: StreetDesk, station: Site) -> None:
    draft = filing_of(session, station, street_on=DAY)
    with pytest.raises(NotVisible):
        start(session, draft, actor=desk.elsewhere, at=NOW, trail=Trail(KEY), calendar=CALENDAR)


def test_a_street_does_not_begin_in_the_name_of_the_station(
    session: Session, desk: StreetDesk, station: Site
) -> None:
    with pytest.raises(NotVisible):
        desk.begin(filing_of(session, station))


def test_a_street_touches_nothing_that_a_station_filled_in(
    session: Session, desk: StreetDesk, station: Site
) -> None:
    filing = make_filing(session, station, state=FilingState.RETURNED)
    with pytest.raises(NotAllowed, match="不能代改"):
        save_answers(session, filing, {"phone": "1"}, base=filing.version, actor=desk.street, at=NOW)
    with pytest.raises(NotAllowed, match="不能代改"):
        desk.take(filing, FilingStep.WITHDRAW, desk.street)
    with pytest.raises(NotAllowed, match="站点还没有提交"):
        desk.take(filing, FilingStep.REPORT, desk.street)
    with pytest.raises(NotAllowed, match="直接上报区县"):
        desk.take(filing, FilingStep.SUBMIT, desk.street)
    assert open_steps(session, filing, desk.street) == []


def test_the_street_withdraws_what_it_began(session: Session, desk: StreetDesk, station: Site) -> None:
    filing = begun(session, desk, station)
    assert [one.step for one in open_steps(session, filing, desk.street)] == ["report", "withdraw"]
    desk.take(filing, FilingStep.WITHDRAW, desk.street)
    assert filing.state is FilingState.WITHDRAWN


def test_a_station_that_gets_an_account_meanwhile_goes_on_with_it_and_its_street_looks_at_it(
    session: Session, desk: StreetDesk, station: Site
) -> None:
    filing = filled_in(session, desk, station)
    worker = actor_of(make_account(session, Role.STATION, organisation=station.organisation))
    desk.take(filing, FilingStep.SUBMIT, worker)
    desk.take(filing, FilingStep.REPORT, desk.street)
    desk.take(filing, FilingStep.FILE, desk.district)
    assert filing_of(session, station).kind is FilingKind.CHANGE
