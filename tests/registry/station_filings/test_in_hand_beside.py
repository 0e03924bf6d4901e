"""What a station has in hand beside what is on file: it ends when the station is closed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.errors import RequirementUnmet
from registry.organisations.models import Site, Standing
from registry.station_filings.models import FilingKind, FilingState
from registry.station_filings.operations import filing_of
from registry.station_filings.workflow import FilingStep
from registry.workflow.queries import history
from tests.entry_factories import Desk, lay_out_terms, make_station
from tests.factories import NOW

LATER = NOW + timedelta(days=2)


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_station(session)


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site, Role.STATION)


def test_a_closed_station_does_not_come_back_by_its_change(session: Session, desk: Desk, site: Site) -> None:
    filing = desk.filed(site)
    change = desk.change_reported(site)
    desk.take(filing, FilingStep.CLOSE, desk.district, reason="撤销", at=LATER)

    assert (filing.state, change.state) == (FilingState.CLOSED, FilingState.WITHDRAWN)
    last = history(session, change)[-1]
    assert (last.step, last.reason, last.actor_name) == ("end", "撤销", desk.district.name)
    assert session.scalar(sa.select(sa.func.count()).select_from(Standing)) == 1
    assert filing_of(session, site).kind is FilingKind.FILING  # it may begin anew


@pytest.mark.parametrize("step", [FilingStep.SUBMIT, FilingStep.FILE])
def test_a_change_of_what_is_not_on_file_is_neither_handed_in_nor_filed(
    session: Session, desk: Desk, site: Site, step: FilingStep
) -> None:
    filing = desk.filed(site)
    change = desk.change_reported(site)
    filing.state = FilingState.CLOSED  # as older records stand, which no step ended
    if step is FilingStep.SUBMIT:
        change.state = FilingState.RETURNED
    session.flush()
    with pytest.raises(RequirementUnmet, match="已撤销备案，变更不能再办"):
        desk.take(change, step, desk.own if step is FilingStep.SUBMIT else desk.district, at=LATER)


def test_the_earlier_filing_is_replaced_with_a_step_in_its_history(
    session: Session, desk: Desk, site: Site
) -> None:
    filing = desk.filed(site)
    change = desk.change_reported(site)
    desk.take(change, FilingStep.FILE, desk.district)

    assert (filing.state, change.state) == (FilingState.REPLACED, FilingState.FILED)
    last = history(session, filing)[-1]
    assert (last.step, last.from_state, last.to_state) == ("replace", "filed", "replaced")
    assert change.standing is filing.standing
