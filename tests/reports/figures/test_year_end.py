"""The verdict of an institution at the day of assessment: frozen over all its sites, worked out again for a part."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.errors import AlreadyFrozen
from registry.organisations.models import Site
from registry.policy.operations import freeze_institutions
from registry.workforce.counting import Place
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import pooled
from reports.figures.snapshots import institution_readings_on
from reports.figures.year_end import Assessment, institution_assessment
from tests.factories import NOW, make_provider, make_site, make_staff
from tests.reports.figures.worlds import ASSIGNED, CITY, HUANGPU, ON, XUHUI_STREET, lay_out_city

YEAR_END = date(2025, 12, 31)
ELSEWHERE = "320101001"


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def centre(session: Session) -> Site:
    """3 of 10 in 黄浦."""
    site = make_provider(session)
    make_staff(session, site, qualified=3, other=7)
    return site


def freeze(session: Session, division: str = CITY) -> int:
    readings = institution_readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END, division=division)
    return freeze_institutions(session, readings, at=NOW, by="test")


def assessed(session: Session, site: Site, *, division: str = "0", on: date = ON) -> Assessment | None:
    place = Place(division, organisation_id=site.organisation_id)
    now = pooled(session, QUALIFIED_SHARE, place=place, on=on, rule=ASSIGNED)
    return institution_assessment(
        session, QUALIFIED_SHARE, site.organisation, place=place, target=now.target, on=on, rule=ASSIGNED
    )


def counts(found: Assessment | None) -> tuple[int, int, bool]:
    assert found is not None
    return found.share.numerator, found.share.denominator, found.frozen_at is not None


def test_a_correction_after_the_freeze_leaves_the_verdict_as_it_was(session: Session, centre: Site) -> None:
    freeze(session)
    make_staff(session, centre, qualified=10, other=0)

    found = assessed(session, centre)
    assert counts(found) == (3, 10, True)
    assert found is not None
    assert found.live is not None
    assert (found.live.numerator, found.live.denominator, found.is_corrected) == (13, 20, True)


def test_what_was_frozen_and_holds_still_is_not_called_corrected(session: Session, centre: Site) -> None:
    freeze(session)

    found = assessed(session, centre)
    assert found is not None
    assert not found.is_corrected


def test_what_nobody_froze_is_worked_out_again_and_says_so(session: Session, centre: Site) -> None:
    assert counts(assessed(session, centre)) == (3, 10, False)


def test_nothing_is_assessed_before_its_day(session: Session, centre: Site) -> None:
    freeze(session)

    assert assessed(session, centre, on=date(2025, 12, 30)) is None


def test_a_part_of_an_institution_is_not_given_the_verdict_of_the_whole(
    session: Session, centre: Site
) -> None:
    other = make_site(session, centre.organisation, division_code=XUHUI_STREET)
    make_staff(session, other, qualified=1, other=4)
    freeze(session)

    assert counts(assessed(session, centre)) == (4, 15, True)
    assert counts(assessed(session, centre, division=HUANGPU)) == (3, 10, False)


def test_a_division_that_holds_all_of_an_institution_shows_the_frozen_verdict(
    session: Session, centre: Site
) -> None:
    freeze(session)
    make_staff(session, centre, qualified=10, other=0)

    assert counts(assessed(session, centre, division=HUANGPU)) == (3, 10, True)


def test_sites_in_another_province_count_in_the_verdict_of_an_institution(
    session: Session, centre: Site
) -> None:
    make_staff(
        session, make_site(session, centre.organisation, division_code=ELSEWHERE), qualified=0, other=2
    )

    (reading,) = institution_readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END, division=CITY)

    assert (reading.numerator, reading.denominator, reading.division_code[:6]) == (3, 12, HUANGPU)


def test_an_institution_that_is_held_to_the_target_of_another_place_is_frozen_there(session: Session) -> None:
    seat = make_provider(session, division_code="120101001")
    make_staff(session, make_site(session, seat.organisation), qualified=1, other=1)

    assert institution_readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END, division=CITY) == []


def test_an_institution_without_staff_is_frozen_as_not_applicable(session: Session) -> None:
    empty = make_provider(session)
    freeze(session)

    assert counts(assessed(session, empty)) == (0, 0, True)


def test_a_verdict_is_frozen_once(session: Session, centre: Site) -> None:
    assert freeze(session) == 1

    with pytest.raises(AlreadyFrozen, match=centre.organisation.code):
        freeze(session)
