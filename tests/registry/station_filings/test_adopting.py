"""Stations whose operator was on file before filings were filled in here: one filing each, and all steps open."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.trail import Trail
from registry.drafts.adopting import Adoption
from registry.drafts.operations import save_answers
from registry.organisations.models import Site, SiteKind, StandingKind
from registry.station_filings.adopting import adopt_standings
from registry.station_filings.models import FilingKind, FilingState, StationFiling
from registry.station_filings.operations import filing_of
from registry.station_filings.queries import filing_in_force
from registry.station_filings.workflow import FilingStep
from registry.workflow.queries import history
from tests.entry_factories import FILING_ANSWERS, KEY, Desk, lay_out_terms, make_filing, make_station
from tests.factories import DAY, NOW, make_site, make_standing

ADOPTION = Adoption(DAY, NOW, "portal jobs", Trail(KEY))


@pytest.fixture
def station(session: Session) -> Site:
    lay_out_terms(session)
    station = make_station(session, source="社工站名册")
    make_standing(session, station.organisation, kind=StandingKind.STATION, granted_on=date(2022, 1, 4))
    return station


def filings(session: Session) -> list[tuple[int, str, str | None]]:
    found = sa.select(StationFiling).order_by(StationFiling.id)
    return [(one.site_id, one.state.value, one.adopted_from) for one in session.scalars(found)]


def test_every_open_station_of_the_operator_gets_one(session: Session, station: Site) -> None:
    owner = station.organisation
    second = make_site(session, owner, kind=SiteKind.STATION, source="社工站名册")
    make_site(session, owner, kind=SiteKind.STATION, closed_on=DAY)
    make_site(session, owner, kind=SiteKind.STATION, opened_on=date(2026, 12, 1))
    make_site(session, owner)
    assert adopt_standings(session, ADOPTION) == 2
    assert adopt_standings(session, ADOPTION) == 0
    assert filings(session) == [
        (station.id, "filed", "社工站名册"),
        (second.id, "filed", "社工站名册"),
    ]


def test_a_new_station_of_an_operator_that_took_its_way_here_is_not_on_file_by_itself(
    session: Session, station: Site
) -> None:
    make_filing(session, station, state=FilingState.FILED, standing=station.organisation.standings[0])
    make_site(session, station.organisation, kind=SiteKind.STATION)
    assert adopt_standings(session, ADOPTION) == 0


def test_it_is_changed_and_closed_like_any_other(session: Session, station: Site) -> None:
    adopt_standings(session, ADOPTION)
    desk, brought_over = Desk(session, station, Role.STATION), filing_in_force(session, station.id)
    assert brought_over is not None
    assert [(step.step, step.reason) for step in history(session, brought_over)] == [("adopt", "社工站名册")]
    assert (brought_over.filed_on, brought_over.answers) == (date(2022, 1, 4), {})
    change = desk.begin(filing_of(session, station))
    assert change.kind is FilingKind.CHANGE
    save_answers(session, change, FILING_ANSWERS, base=change.version, actor=desk.own, at=NOW)
    desk.take(change, FilingStep.SUBMIT, desk.own)
    desk.take(change, FilingStep.REPORT, desk.street)
    desk.take(change, FilingStep.FILE, desk.district)
    assert (brought_over.state, change.standing) == (FilingState.REPLACED, brought_over.standing)
    desk.take(change, FilingStep.CLOSE, desk.district, reason="合同到期，居民转往邻街站点")
    assert station.organisation.standings[0].ended_on == DAY
