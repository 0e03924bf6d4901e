"""A station is put on file by its street and its district, changes what stands there, and is closed."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.errors import InvalidInput, NotAllowed, RequirementUnmet
from registry.organisations.models import Site, StandingKind
from registry.station_filings.models import FilingKind, FilingState, StationFiling
from registry.station_filings.operations import filing_of
from registry.station_filings.queries import filing_in_force
from registry.station_filings.workflow import FilingStep
from tests.entry_factories import FILING_ANSWERS, Desk, lay_out_terms, make_filing, make_station
from tests.factories import make_organisation, make_site


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_station(session)


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site, Role.STATION)


def filed(session: Session, desk: Desk, site: Site) -> StationFiling:
    filing = make_filing(session, site)
    desk.take(filing, FilingStep.SUBMIT, desk.own)
    desk.take(filing, FilingStep.REPORT, desk.street)
    return desk.take(filing, FilingStep.FILE, desk.district)


def test_the_street_reports_and_the_district_puts_on_file(session: Session, desk: Desk, site: Site) -> None:
    filing = filed(session, desk, site)

    assert filing.state is FilingState.FILED
    assert filing.standing is not None
    assert (filing.standing.kind, filing.standing.number) == (StandingKind.STATION, "沪社工站2026-0001")


def test_the_street_does_not_put_on_file_what_it_reports(session: Session, desk: Desk, site: Site) -> None:
    filing = make_filing(session, site)
    desk.take(filing, FilingStep.SUBMIT, desk.own)
    desk.take(filing, FilingStep.REPORT, desk.street)
    with pytest.raises(NotAllowed):
        desk.take(filing, FilingStep.FILE, desk.street)


def test_a_change_of_a_filed_station_begins_with_what_stands(
    session: Session, desk: Desk, site: Site
) -> None:
    first = filed(session, desk, site)
    change = desk.begin(filing_of(session, site))
    assert (change.kind, change.answers) == (FilingKind.CHANGE, first.answers)
    change.answers = change.answers | {"phone": "021-00000002"}
    desk.take(change, FilingStep.SUBMIT, desk.own)
    desk.take(change, FilingStep.REPORT, desk.street)
    desk.take(change, FilingStep.FILE, desk.district)

    assert (first.state, change.standing) == (FilingState.REPLACED, first.standing)
    assert filing_in_force(session, site.id) is change


def test_an_operator_of_two_stations_holds_one_standing_until_the_last_is_closed(
    session: Session, desk: Desk, site: Site
) -> None:
    first = filed(session, desk, site)
    other = make_site(session, site.organisation, kind=site.kind)
    second = filed(session, desk, other)
    assert second.standing is first.standing
    assert first.standing is not None

    later = {"at": first.submitted_at.replace(year=2027)} if first.submitted_at else {}
    desk.take(first, FilingStep.CLOSE, desk.district, reason="并入邻近站点", **later)
    assert first.standing.ended_on is None
    desk.take(second, FilingStep.CLOSE, desk.district, reason="合同到期", **later)
    assert first.standing.ended_on is not None


def test_only_a_station_is_put_on_file(session: Session, site: Site) -> None:
    elsewhere = make_site(session, make_organisation(session))
    with pytest.raises(InvalidInput, match="只有社工站"):
        filing_of(session, elsewhere)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"contract_until": "2025-12-31"}, "合同终止日期早于起始日期"),
        ({"certified": "4"}, "持证社工不能多于驻站社工"),
        ({"operator_uscc": "91310101MA00000000"}, "校验位正确"),
        ({"phone": ""}, "请填写“对外联系电话”"),
    ],
)
def test_what_contradicts_itself_is_not_handed_in(
    session: Session, desk: Desk, site: Site, answers: dict[str, Any], said: str
) -> None:
    filing = make_filing(session, site, answers=FILING_ANSWERS | answers)
    with pytest.raises(RequirementUnmet, match=said):
        desk.take(filing, FilingStep.SUBMIT, desk.own)
