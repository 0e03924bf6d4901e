"""Which places the public is shown, place by place: a station by its own filing, other sites by the listing."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.directory.places import PlaceState, count_in, place_by_code, places_in, places_outside
from registry.organisations.models import Organisation, Site, SiteKind, StandingKind
from registry.provider_entries.models import EntryState
from registry.station_filings.models import FilingState
from registry.station_filings.workflow import FilingStep
from tests.entry_factories import Desk, lay_out_terms, make_entry, make_filing
from tests.factories import HUANGPU, NANJING_EAST_ROAD, NOW, make_organisation, make_site, make_standing

TODAY = date(2026, 11, 26)


def operator(session: Session, *standings: StandingKind) -> Organisation:
    organisation = make_organisation(session)
    for kind in standings:
        make_standing(session, organisation, kind=kind)
    return organisation


def station(session: Session, organisation: Organisation, **facts) -> Site:
    return make_site(session, organisation, kind=SiteKind.STATION, **facts)


def file(session: Session, site: Site, state: FilingState) -> None:
    standing = site.organisation.standings[0]
    make_filing(session, site, state=state, standing=standing, filed_on=date(2024, 3, 1))


def state_of(session: Session, site: Site) -> PlaceState | None:
    """As the page of the place has it; the list must say the same."""
    session.flush()
    session.expire_all()
    found = place_by_code(session, site.code, TODAY)
    is_listed = site.id in [one.site.id for one in places_in(session, site.located_code, TODAY)]
    assert is_listed == (found is not None and found.state is PlaceState.OPEN)
    return found.state if found else None


def test_of_the_stations_of_one_operator_each_is_shown_by_its_own_filing(session: Session) -> None:
    owner = operator(session, StandingKind.STATION)
    filed, closed, never, drafted = (station(session, owner) for _ in range(4))
    file(session, filed, FilingState.FILED)
    file(session, closed, FilingState.CLOSED)
    make_filing(session, drafted)

    assert state_of(session, filed) is PlaceState.OPEN
    assert state_of(session, closed) is PlaceState.LEFT
    assert state_of(session, never) is None
    assert state_of(session, drafted) is None


def test_a_station_whose_change_is_in_hand_stays_shown(session: Session) -> None:
    site = station(session, operator(session, StandingKind.STATION))
    file(session, site, FilingState.REPLACED)
    file(session, site, FilingState.FILED)
    make_filing(session, site, state=FilingState.SUBMITTED)

    assert state_of(session, site) is PlaceState.OPEN


def test_a_station_of_a_time_before_filings_is_shown_by_the_standing(session: Session) -> None:
    site = station(session, operator(session, StandingKind.STATION))

    assert state_of(session, site) is PlaceState.OPEN


@pytest.mark.parametrize("state", list(FilingState))
def test_any_filing_of_the_operator_ends_the_time_before_filings(
    session: Session, state: FilingState
) -> None:
    owner = operator(session, StandingKind.STATION)
    filing, other = station(session, owner), station(session, owner)
    file(session, filing, state)

    assert state_of(session, other) is None


def test_a_closed_station_says_since_when(session: Session) -> None:
    lay_out_terms(session)
    owner = operator(session, StandingKind.STATION)
    site, other = station(session, owner), station(session, owner)
    file(session, other, FilingState.FILED)
    desk = Desk(session, site, own=Role.STATION)
    filing = make_filing(
        session, site, state=FilingState.FILED, standing=owner.standings[0], filed_on=date(2024, 3, 1)
    )
    desk.take(filing, FilingStep.CLOSE, desk.district, reason="站点合并")

    found = place_by_code(session, site.code, TODAY)
    assert found is not None
    assert (found.state, found.since) == (PlaceState.LEFT, NOW.date())
    assert state_of(session, other) is PlaceState.OPEN


def test_a_listing_shows_no_station_and_a_station_s_standing_no_other_site(session: Session) -> None:
    listed, filed = operator(session, StandingKind.PROVIDER), operator(session, StandingKind.STATION)

    assert state_of(session, station(session, listed)) is None
    assert state_of(session, make_site(session, filed)) is None
    assert state_of(session, make_site(session, listed)) is PlaceState.OPEN


def test_a_suspended_listing_hides_its_own_sites_and_no_filed_station(session: Session) -> None:
    owner = operator(session, StandingKind.STATION, StandingKind.PROVIDER)
    filed, listed, beside = station(session, owner), make_site(session, owner), make_site(session, owner)
    file(session, filed, FilingState.FILED)
    make_entry(session, listed, state=EntryState.LISTED, suspended_on=TODAY, standing=owner.standings[1])

    assert state_of(session, filed) is PlaceState.OPEN
    assert state_of(session, listed) is PlaceState.SUSPENDED
    assert state_of(session, beside) is PlaceState.SUSPENDED


def test_a_station_whose_site_was_given_up_or_whose_standing_ended_is_not_shown(session: Session) -> None:
    owner, ended = operator(session, StandingKind.STATION), make_organisation(session)
    make_standing(session, ended, kind=StandingKind.STATION, ended_on=date(2026, 5, 1))
    given_up, left = station(session, owner, closed_on=date(2026, 5, 1)), station(session, ended)
    for site in (given_up, left):
        file(session, site, FilingState.FILED)

    assert state_of(session, given_up) is PlaceState.CLOSED
    assert state_of(session, left) is PlaceState.LEFT


def test_the_first_places_of_a_division_are_its_first_and_all_are_counted(session: Session) -> None:
    owner = operator(session, StandingKind.PROVIDER)
    for name in ("丙", "甲", "乙"):
        make_site(session, owner, name=name)
    make_site(session, owner, name="丁", closed_on=date(2026, 5, 1))

    every = [one.site.name for one in places_in(session, HUANGPU, TODAY)]
    assert [one.site.name for one in places_in(session, HUANGPU, TODAY, most=2)] == every[:2]
    assert sorted(every) == ["丙", "乙", "甲"]
    assert count_in(session, HUANGPU, TODAY) == 3


def test_what_lies_in_no_division_below_is_all_that_lies_outside(session: Session) -> None:
    owner = operator(session, StandingKind.PROVIDER)
    for name, code in (
        ("街上", NANJING_EAST_ROAD),
        ("区里", HUANGPU),
        ("市里", "3101"),
        ("别区", "310104001"),
    ):
        make_site(session, owner, name=name, division_code=code)

    def outside(code: str, *children: str) -> list[str]:
        return sorted(one.site.name for one in places_outside(session, code, children, TODAY))

    assert outside(HUANGPU, NANJING_EAST_ROAD) == ["区里"]
    assert outside("31", HUANGPU, "310104") == ["市里"]
    assert outside("31", HUANGPU, "310104001") == ["市里"]
    assert outside(HUANGPU) == ["区里", "街上"]
