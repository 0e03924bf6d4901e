"""Posts, certificates and courses written by hand: once, against the version that was read, by whoever keeps them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput, NotAllowed, NotVisible, StaleVersion
from registry.organisations.models import Site
from registry.workforce.models import (
    Certificate,
    CertificateKind,
    Engagement,
    Post,
    Practitioner,
    Profession,
    Training,
)
from registry.workforce.papers import Attended, Certified, Held, enter, put_right
from registry.workforce.writing import Hand
from tests.factories import NOW, make_actor, make_post, make_practitioner, make_provider

TRAIL = Trail(b"key of the tests")
TODAY = NOW.date()
CERTIFIED = Certified(
    CertificateKind.SOCIAL_WORKER, "社会工作师", "SW-1", date(2020, 6, 1), date(2024, 1, 1), date(2027, 1, 1)
)
ATTENDED = Attended(date(2024, 6, 1), Decimal("7.5"), "康复实务", "示例中心", "PX-1", True, False)


@pytest.fixture
def site(session: Session) -> Site:
    return make_provider(session)


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    person = make_practitioner(session, birth_year=1990)
    make_post(session, person, site)
    session.refresh(person)
    return person


@pytest.fixture
def hand(session: Session, site: Site) -> Hand:
    return Hand(employer(session, site), NOW, TRAIL)


def employer(session: Session, site: Site) -> Actor:
    place = site.organisation.division_code
    return make_actor(session, Role.PROVIDER, division_code=place, organisation=site.organisation)


def held(site: Site, **facts: Any) -> Held:
    usual: dict[str, Any] = {
        "site": site,
        "profession": Profession.NURSE,
        "engagement": Engagement.FULL_TIME,
        "serves_programme": True,
        "direct_service": True,
        "start_on": date(2024, 3, 1),
    }
    return Held(**(usual | facts))


def refused(error: pytest.ExceptionInfo[InvalidInput]) -> str:
    return error.value.field


def count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.parametrize(("facts", "model"), [(CERTIFIED, Certificate), (ATTENDED, Training)])
def test_the_same_paper_sent_twice_is_entered_once(session, person, hand, facts, model) -> None:
    first = enter(session, person, facts, hand)

    assert enter(session, person, facts, hand) is first
    assert count(session, model) == 1
    assert session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_code == person.code)
    ).all() == [f"{model.__tablename__}.add"]


def test_a_post_that_begins_after_the_last_one_ended_is_entered(session, person, site, hand) -> None:
    session.scalars(sa.select(Post)).one().end_on = date(2024, 3, 1)

    post = enter(session, person, held(site), hand)

    assert (post.profession, post.start_on, post.direct_service) == (Profession.NURSE, date(2024, 3, 1), True)
    assert [one.start_on for one in person.posts] == [date(2020, 1, 1), date(2024, 3, 1)]


def test_a_second_post_at_the_same_institution_at_the_same_time_is_refused(session, person, site, hand):
    with pytest.raises(InvalidInput) as error:
        enter(session, person, held(site), hand)

    assert refused(error) == "start_on"


def test_a_post_beside_one_at_another_institution_is_entered(session, person) -> None:
    other = make_provider(session)

    enter(session, person, held(other), Hand(employer(session, other), NOW, TRAIL))

    assert len(person.posts) == 2


def test_nobody_enters_a_post_at_a_place_of_others(session, person, hand) -> None:
    with pytest.raises(NotAllowed):
        enter(session, person, held(make_provider(session)), hand)


def test_nobody_enters_a_certificate_of_somebody_he_does_not_keep(session, hand) -> None:
    stranger = make_practitioner(session)
    make_post(session, stranger, make_provider(session))
    session.refresh(stranger)

    with pytest.raises(NotVisible):
        enter(session, stranger, CERTIFIED, hand)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"start_on": date(2024, 3, 1), "end_on": date(2024, 3, 1)}, "end_on"),
        ({"start_on": date(2005, 3, 1), "end_on": date(2006, 3, 1)}, "start_on"),
    ],
)
def test_a_post_with_days_that_cannot_be_is_refused(session, person, site, hand, changed, field) -> None:
    session.scalars(sa.select(Post)).one().end_on = date(2021, 1, 1)

    with pytest.raises(InvalidInput) as error:
        enter(session, person, held(site, **changed), hand)

    assert refused(error) == field


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_from": date(2019, 1, 1)}, "valid_from"),
        ({"valid_to": date(2024, 1, 1)}, "valid_to"),
    ],
)
def test_a_certificate_with_days_that_cannot_be_is_refused(session, person, hand, changed, field) -> None:
    with pytest.raises(InvalidInput) as error:
        enter(session, person, replace(CERTIFIED, **changed), hand)

    assert refused(error) == field


def test_a_certificate_number_is_nobody_elses(session, person, site, hand) -> None:
    other = make_practitioner(session)
    make_post(session, other, site)
    session.refresh(other)
    enter(session, other, CERTIFIED, hand)

    with pytest.raises(InvalidInput) as error:
        enter(session, person, CERTIFIED, hand)

    assert refused(error) == "number"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"hours": Decimal(0)}, "hours"),
        ({"hours": Decimal("500.5")}, "hours"),
        ({"hours": Decimal("1.25")}, "hours"),
        ({"is_rehabilitation": False}, "is_rehabilitation"),
    ],
)
def test_a_course_that_cannot_be_is_refused(session, person, hand, changed, field) -> None:
    with pytest.raises(InvalidInput) as error:
        enter(session, person, replace(ATTENDED, **changed), hand)

    assert refused(error) == field


def test_what_is_put_right_keeps_in_the_trail_what_it_said_before(session, person, hand) -> None:
    course = enter(session, person, ATTENDED, hand)

    put_right(session, person, course, replace(ATTENDED, hours=Decimal(9)), version=person.version, hand=hand)

    assert course.hours == 9
    facts = session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.action == "training.change")).one()
    assert facts == {"before": {"hours": "7.5"}, "after": {"hours": "9"}}


def test_the_trail_does_not_hold_the_numbers_of_papers(session, person, hand) -> None:
    enter(session, person, CERTIFIED, hand)

    facts = session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.action == "certificate.add")).one()
    assert facts["after"]["number"] == "*"


def test_an_older_version_is_refused_and_the_same_change_again_is_not(session, person, hand) -> None:
    course, version = enter(session, person, ATTENDED, hand), person.version
    put_right(session, person, course, replace(ATTENDED, hours=Decimal(9)), version=version, hand=hand)

    put_right(session, person, course, replace(ATTENDED, hours=Decimal(9)), version=version, hand=hand)
    with pytest.raises(StaleVersion):
        put_right(session, person, course, replace(ATTENDED, hours=Decimal(8)), version=version, hand=hand)

    assert course.hours == 9


def test_a_post_is_ended_by_putting_it_right(session, person, site, hand) -> None:
    post = session.scalars(sa.select(Post)).one()
    said = held(site, profession=post.profession, start_on=post.start_on, end_on=date(2025, 1, 1))

    put_right(session, person, post, said, version=person.version, hand=hand)

    assert post.end_on == date(2025, 1, 1)


@pytest.mark.parametrize("facts", [CERTIFIED, ATTENDED])
def test_an_institution_that_somebody_left_writes_no_papers_of_his(
    session, site, person, hand, facts
) -> None:
    make_post(session, person, make_provider(session))
    person.posts[0].end_on = TODAY
    session.flush()
    session.expire(person)

    with pytest.raises(NotAllowed):
        enter(session, person, facts, hand)


def test_it_may_take_him_back(session, site, person, hand) -> None:
    person.posts[0].end_on = date(2026, 1, 1)
    session.flush()

    assert enter(session, person, held(site, start_on=TODAY), hand).practitioner_id == person.id


def test_a_registration_without_an_end_is_asked_for_it(session, person, hand) -> None:
    with pytest.raises(InvalidInput) as error:
        enter(session, person, replace(CERTIFIED, valid_to=None), hand)

    assert refused(error) == "valid_to"
