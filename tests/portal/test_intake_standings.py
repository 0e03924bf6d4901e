"""Who of a file that was loaded counts: for whoever sent it, and for nobody else's institution."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.intake.people import standings_of
from registry.access.actors import Actor
from registry.access.models import Role
from registry.intake.models import IntakeRun
from registry.organisations.models import Site
from registry.workforce.models import Engagement, Practitioner
from reports.figures.ledger import Standing
from tests.factories import DAY, make_actor, make_major, make_post, make_practitioner, make_provider

HUANGPU, XUHUI = "310101", "310104"


@pytest.fixture
def here(session: Session) -> Site:
    make_major(session)
    return make_provider(session)


@pytest.fixture
def volunteer(session: Session, here: Site) -> Practitioner:
    """He works elsewhere, and helps out here."""
    person = make_practitioner(session, person_no="P-1")
    make_post(session, person, here, engagement=Engagement.VOLUNTEER)
    make_post(session, person, make_provider(session, division_code="310104003"))
    return person


def standing(session: Session, run: IntakeRun, actor: Actor) -> Standing | None:
    seen = standings_of(session, run, ["P-1"], actor=actor, on=DAY).get("P-1")
    return None if seen is None else seen.row.standing


def test_a_volunteer_here_is_not_told_by_what_he_is_elsewhere(
    app: Flask, session: Session, here: Site, volunteer: Practitioner
) -> None:
    actor = make_actor(session, Role.PROVIDER, organisation=here.organisation)
    run = IntakeRun(division_code=HUANGPU, organisation_id=here.organisation_id)

    assert standing(session, run, actor) is Standing.OUTSIDE


def test_a_district_is_told_of_its_own_institutions_alone(
    app: Flask, session: Session, here: Site, volunteer: Practitioner
) -> None:
    for district, told in ((HUANGPU, Standing.OUTSIDE), (XUHUI, Standing.STAFF), ("31", Standing.STAFF)):
        actor = make_actor(session, Role.DISTRICT, division_code=district)
        assert standing(session, IntakeRun(division_code=district), actor) is told


def test_a_post_that_ended_elsewhere_is_no_reason_here(app: Flask, session: Session, here: Site) -> None:
    person = make_practitioner(session, person_no="P-1")
    make_post(session, person, here, engagement=Engagement.INTERN)
    make_post(session, person, make_provider(session), end_on=DAY - timedelta(days=9))
    run = IntakeRun(division_code=HUANGPU, organisation_id=here.organisation_id)
    actor = make_actor(session, Role.PROVIDER, organisation=here.organisation)

    seen = standings_of(session, run, ["P-1"], actor=actor, on=DAY)["P-1"]

    assert "结束" not in str(seen.row.reason)
