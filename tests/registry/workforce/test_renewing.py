"""再登记 by hand: a renewal is added beside the registration that it renews, a correction changes that one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.workforce.models import (
    Certificate,
    CertificateKind,
    CertificateRegistration,
    Practitioner,
)
from registry.workforce.papers import Certified, enter, put_right
from registry.workforce.registration import RENEWAL_MONTHS, VALID_MONTHS, registration_terms
from registry.workforce.writing import Hand
from tests.factories import NOW, make_actor, make_parameter, make_post, make_practitioner, make_provider

OLD = (date(2021, 1, 1), date(2024, 1, 1))
NEW = (date(2024, 3, 1), date(2027, 3, 1))
FIRST = Certified(CertificateKind.SOCIAL_WORKER, "社会工作师", "SW-1", date(2020, 6, 1), *OLD)

Told = Callable[[tuple[date | None, date | None]], None]


@pytest.fixture
def person(session: Session) -> Practitioner:
    make_parameter(session, VALID_MONTHS, 36)
    make_parameter(session, RENEWAL_MONTHS, 3)
    person = make_practitioner(session, birth_year=1990)
    make_post(session, person, make_provider(session))
    session.refresh(person)
    return person


@pytest.fixture
def hand(session: Session, person: Practitioner) -> Hand:
    owner = person.posts[0].site.organisation
    actor = make_actor(session, Role.PROVIDER, division_code=owner.division_code, organisation=owner)
    return Hand(actor, NOW, Trail(b"key of the tests"))


@pytest.fixture
def certificate(session: Session, person: Practitioner, hand: Hand) -> Any:
    return enter(session, person, FIRST, hand)


@pytest.fixture
def tell(session: Session, person: Practitioner, hand: Hand, certificate: Certificate) -> Told:
    """Say other days of the certificate."""

    def told(days: tuple[date | None, date | None]) -> None:
        said = replace(FIRST, valid_from=days[0], valid_to=days[1])
        put_right(session, person, certificate, said, version=person.version, hand=hand)
        session.expire(certificate)

    return told


def held(certificate: Certificate) -> list[tuple[date | None, date | None]]:
    return [(one.start, one.end) for one in certificate.registrations]


@pytest.mark.parametrize(
    "start",
    [date(2024, 3, 1), date(2024, 1, 1), date(2023, 12, 31), date(2023, 10, 1)],
    ids=["after a gap", "at the end", "on the last day", "when it may first be renewed"],
)
def test_a_renewal_leaves_the_old_registration_as_it_was(tell: Told, certificate, start: date) -> None:
    tell((start, date(2027, 1, 1)))

    assert held(certificate) == [OLD, (start, date(2027, 1, 1))]
    (earlier,) = certificate.earlier
    assert (earlier.source, earlier.recorded_at) == ("人工登记", NOW)


@pytest.mark.parametrize(
    "days",
    [
        (date(2021, 1, 1), date(2024, 6, 1)),
        (date(2021, 1, 10), date(2024, 1, 10)),
        (date(2020, 12, 1), date(2023, 12, 1)),
        (date(2023, 9, 30), date(2026, 9, 30)),
    ],
    ids=["the same start", "some days later", "earlier", "a day before it may be renewed"],
)
def test_other_days_of_the_same_registration_are_a_correction(tell: Told, certificate, days) -> None:
    tell(days)

    assert held(certificate) == [days]


def test_a_renewal_told_again_with_other_days_is_put_right(tell: Told, certificate) -> None:
    tell(NEW)
    tell((date(2024, 2, 1), date(2027, 2, 1)))

    assert held(certificate) == [OLD, (date(2024, 2, 1), date(2027, 2, 1))]


@pytest.mark.parametrize("start", [date(2021, 1, 1), date(2022, 1, 1), date(2023, 9, 30)])
def test_a_renewal_does_not_begin_within_the_registration_before_it(tell: Told, certificate, start) -> None:
    tell(NEW)

    with pytest.raises(InvalidInput) as error:
        tell((start, date(2027, 1, 1)))

    assert error.value.field == "valid_from"
    assert str(error.value) == "登记有效期起早于上一次登记的有效期止2024-01-01，请对照证书核对。"
    assert held(certificate) == [OLD, NEW]


def test_a_renewal_that_was_none_is_taken_back(session: Session, tell: Told, certificate) -> None:
    tell(NEW)
    tell((None, None))

    assert held(certificate) == [OLD]
    assert session.scalars(sa.select(CertificateRegistration)).all() == []


def test_the_trail_of_a_renewal_tells_both_periods(session: Session, tell: Told) -> None:
    tell(NEW)

    facts = session.scalars(
        sa.select(AuditEntry.facts).where(AuditEntry.action == "certificate.change")
    ).one()
    assert facts == {
        "before": {"valid_from": "2021-01-01", "valid_to": "2024-01-01"},
        "after": {"valid_from": "2024-03-01", "valid_to": "2027-03-01"},
    }


def test_other_certificates_are_renewed_when_they_are_over(
    session: Session, person: Practitioner, hand: Hand
) -> None:
    licence = replace(FIRST, kind=CertificateKind.NURSE_LICENCE)
    held_by = enter(session, person, licence, hand)
    assert isinstance(held_by, Certificate)

    for start, periods in ((date(2023, 12, 31), 1), (date(2026, 12, 31), 2)):
        said = replace(licence, valid_from=start, valid_to=start.replace(year=start.year + 3))
        put_right(session, person, held_by, said, version=person.version, hand=hand)
        assert len(held(held_by)) == periods


def test_the_usual_term_is_that_of_the_day_on_which_the_registration_begins(session: Session) -> None:
    make_parameter(session, VALID_MONTHS, 36, valid_to=date(2025, 1, 1))
    make_parameter(session, VALID_MONTHS, 60, valid_from=date(2025, 1, 1))
    terms = registration_terms(session)

    assert terms.end_of(CertificateKind.SOCIAL_WORKER, date(2024, 2, 29)) == date(2027, 2, 28)
    assert terms.end_of(CertificateKind.SOCIAL_WORKER, date(2025, 1, 1)) == date(2030, 1, 1)
    assert terms.end_of(CertificateKind.NURSE_LICENCE, date(2025, 1, 1)) is None


def test_without_the_parameter_nobody_knows_the_usual_term(session: Session) -> None:
    assert registration_terms(session).end_of(CertificateKind.SOCIAL_WORKER, date(2024, 1, 1)) is None


def test_no_registration_of_a_social_worker_is_without_an_end(session: Session, person: Practitioner) -> None:
    facts = {"kind": CertificateKind.SOCIAL_WORKER, "grade": "", "number": "1", "issued_on": OLD[0]}
    session.add(Certificate(practitioner=person, valid_from=OLD[0], valid_to=None, **facts))

    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
