"""What the database itself holds true of services and activities."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.organisations.models import Site
from registry.services.models import ReportKind, Service, ServiceReportState
from tests.factories import DAY, make_account, make_organisation, make_site
from tests.services_factories import make_activity, make_service, make_service_report


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session, make_organisation(session))


def test_a_service_lies_where_its_site_lies(session: Session, site: Site) -> None:
    service = make_service(session, site)
    assert (service.division_code, service.organisation_id) == (site.division_code, site.organisation_id)


def test_a_service_follows_its_site_into_another_division_whoever_moves_it(
    session: Session, site: Site
) -> None:
    service = make_service(session, site)
    session.execute(sa.update(Site).where(Site.id == site.id).values(division_code="310115001"))
    session.refresh(service)
    assert service.division_code == "310115001"


def test_a_service_cannot_lie_elsewhere_than_its_site(session: Session, site: Site) -> None:
    service = make_service(session, site)
    with pytest.raises(IntegrityError):
        session.execute(sa.update(Service).where(Service.id == service.id).values(division_code="11"))


def test_a_fee_of_nothing_is_free_and_an_unknown_one_is_not(session: Session, site: Site) -> None:
    assert make_service(session, site, fee=Decimal(0)).is_free
    assert not make_service(session, site, fee=None).is_free


@pytest.mark.parametrize("facts", [{"capacity": 0}, {"fee": Decimal("-1")}, {"ended_on": DAY.replace(2019)}])
def test_a_service_without_sense_is_refused(session: Session, site: Site, facts: dict) -> None:
    with pytest.raises(IntegrityError):
        make_service(session, site, **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"persons": -1},
        {"persons": 11, "person_times": 10},
        {"minutes": 0},
        {"minutes": 1441},
        {"held_on": DAY + timedelta(days=1)},
    ],
)
def test_an_activity_that_cannot_have_taken_place_is_refused(
    session: Session, site: Site, facts: dict
) -> None:
    with pytest.raises(IntegrityError):
        make_activity(session, site, **facts)


def test_an_activity_is_late_when_it_was_entered_after_its_day(session: Session, site: Site) -> None:
    assert make_activity(session, site, held_on=DAY - timedelta(days=1)).is_late
    assert not make_activity(session, site).is_late


def test_a_service_has_one_report_in_hand_at_a_time(session: Session, site: Site) -> None:
    service, account = make_service(session, site), make_account(session)
    facts = {"kind": ReportKind.CHANGE, "service": service}
    make_service_report(session, site, account, state=ServiceReportState.WITHDRAWN, **facts)
    make_service_report(session, site, account, **facts)
    with pytest.raises(IntegrityError):
        make_service_report(session, site, account, **facts)


def test_new_services_may_be_reported_side_by_side(session: Session, site: Site) -> None:
    account = make_account(session)
    make_service_report(session, site, account)
    make_service_report(session, site, account)


def test_a_change_names_the_service_that_it_changes(session: Session, site: Site) -> None:
    with pytest.raises(IntegrityError):
        make_service_report(session, site, make_account(session), kind=ReportKind.END)
