"""The share of each institution beside its row: counted once a person, judged by integers, cut by the verdict."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.listing import Question
from registry.organisations.models import Site
from registry.workforce.facets import ShareState
from registry.workforce.institutions import PROVIDERS
from registry.workforce.models import Engagement
from tests.factories import (
    DAY,
    make_education,
    make_major,
    make_organisation,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_staff,
    make_standing,
    make_target,
)


def ask(on: date = DAY, **typed: str) -> Question:
    return PROVIDERS.ask(typed, scope=sa.true(), on=on)


def row_of(session: Session, site: Site, on: date = DAY) -> Any:
    return next(row for row in ask(on).fetch(session).rows if row.id == site.organisation_id)


@pytest.fixture
def rules(session: Session) -> None:
    make_major(session)
    make_target(session)


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize(
    ("qualified", "other", "state"),
    [
        (3, 7, ShareState.MET),
        (29, 71, ShareState.NOT_MET),
        (0, 1, ShareState.NOT_MET),
        (1, 0, ShareState.MET),
        (0, 0, ShareState.NOT_APPLICABLE),
    ],
)
def test_the_verdict_is_the_same_in_the_row_and_in_the_filter(
    session: Session, qualified: int, other: int, state: ShareState
) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=qualified, other=other)

    row = row_of(session, site)
    found = [key for key in ShareState if ask(share=key.value).count(session).number]

    assert row.share_state is state
    assert found == [state]


@pytest.mark.usefixtures("rules")
def test_the_row_tells_the_numbers_behind_its_verdict(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=2, other=5)

    row = row_of(session, site)

    assert (row.staff, row.qualified) == (7, 2)
    assert (row.share, row.target) == (Fraction(2, 7), Fraction(3, 10))


@pytest.mark.usefixtures("rules")
def test_somebody_at_two_sites_of_an_institution_is_one_person(session: Session) -> None:
    site = make_provider(session)
    second = make_site(session, site.organisation, name="第二服务点")
    person = make_practitioner(session)
    make_post(session, person, site)
    make_post(session, person, second)
    make_education(session, person)

    assert (row_of(session, site).staff, row_of(session, site).qualified) == (1, 1)


@pytest.mark.usefixtures("rules")
def test_volunteers_and_other_business_are_not_counted(session: Session) -> None:
    site = make_provider(session)
    make_post(session, make_practitioner(session), site, engagement=Engagement.VOLUNTEER)
    make_post(session, make_practitioner(session), site, serves_programme=False)

    assert row_of(session, site).staff == 0


@pytest.mark.usefixtures("rules")
def test_an_organisation_that_is_no_listed_provider_has_no_share(session: Session) -> None:
    site = make_site(session, make_organisation(session))
    make_staff(session, site, qualified=1, other=1)

    row = row_of(session, site)

    assert (row.staff, row.share, row.share_state) == (None, None, None)
    assert all(ask(share=key.value).count(session).number == 0 for key in ShareState)


@pytest.mark.usefixtures("rules")
def test_the_share_is_that_of_the_day_asked_for(session: Session) -> None:
    site = make_provider(session)
    (leaver, _other) = make_staff(session, site, qualified=1, other=1)
    leaver.posts[0].end_on = DAY
    session.flush()

    assert row_of(session, site, DAY - timedelta(days=1)).share_state is ShareState.MET
    assert row_of(session, site, DAY).share_state is ShareState.NOT_MET
    assert ask(DAY - timedelta(days=1), share="met").count(session).number == 1
    assert ask(DAY, share="met").count(session).number == 0


def test_the_nearest_target_in_force_is_the_one_that_judges(session: Session) -> None:
    make_major(session)
    make_target(session, division_code="0", numerator=9)
    make_target(session, division_code="310101", numerator=5)
    make_target(session, division_code="310101", numerator=1, valid_from=DAY + timedelta(days=1))
    here = make_provider(session)
    elsewhere = make_provider(session, division_code="500101001")
    for site in (here, elsewhere):
        make_staff(session, site, qualified=1, other=1)

    assert row_of(session, here).share_state is ShareState.MET
    assert row_of(session, elsewhere).share_state is ShareState.NOT_MET
    assert [row.id for row in ask(share="not_met").fetch(session).rows] == [elsewhere.organisation_id]


def test_without_a_target_there_is_a_share_and_no_verdict(session: Session) -> None:
    make_major(session)
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=0)

    row = row_of(session, site)

    assert (row.share, row.target, row.share_state) == (Fraction(1), None, None)
    assert all(ask(share=key).count(session).number == 0 for key in ("met", "not_met"))


def test_an_institution_is_held_to_the_target_of_its_site_and_not_of_its_seat(session: Session) -> None:
    make_major(session)
    make_target(session, division_code="310104", numerator=3)
    make_target(session, division_code="310101", numerator=1, denominator=2)
    organisation = make_organisation(session, division_code="310104003")
    make_standing(session, organisation)
    site = make_site(session, organisation, division_code="310101001")
    make_staff(session, site, qualified=4, other=6)

    assert row_of(session, site).share_state is ShareState.NOT_MET
    assert ask(share="met").count(session).number == 0
    assert ask(share="not_met").count(session).number == 1
