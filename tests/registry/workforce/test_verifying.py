"""A diploma is told by the institution and looked at by its district; only then does it count."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.errors import InvalidInput, NotAllowed, ReasonMissing, StaleVersion, StepNotOpen
from registry.organisations.models import Site
from registry.workflow.models import Todo
from registry.workflow.operations import take_step
from registry.workflow.queries import open_todos
from registry.workforce.counting import QUALIFYING_DIPLOMA
from registry.workforce.models import (
    Catalogue,
    Education,
    EducationForm,
    EducationLevel,
    Practitioner,
    Verification,
)
from registry.workforce.verifying import (
    VERIFY_WORKDAYS,
    EducationStep,
    Studied,
    reasons_of,
    report_again,
    report_education,
)
from registry.workforce.writing import Hand
from tests.factories import (
    NOW,
    make_actor,
    make_major,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)

TRAIL, CALENDAR = Trail(b"key of the tests"), WorkingCalendar({})
STUDIED = Studied(
    EducationForm.DIPLOMA,
    EducationLevel.BACHELOR,
    Catalogue.UNDERGRADUATE,
    "030302",
    "社会工作",
    "示例大学",
    date(2012, 7, 1),
    "105331201205000001",
)
DAY = NOW.date()


@pytest.fixture
def site(session: Session) -> Site:
    make_parameter(session, VERIFY_WORKDAYS, 10)
    make_major(session)
    return make_provider(session)


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    person = make_practitioner(session, person_no="P-1")
    make_post(session, person, site)
    session.refresh(person)
    return person


@pytest.fixture
def hand(session: Session, site: Site) -> Hand:
    place = site.organisation.division_code
    actor = make_actor(session, Role.PROVIDER, division_code=place, organisation=site.organisation)
    return Hand(actor, NOW, TRAIL)


@pytest.fixture
def officer(session: Session) -> Actor:
    return make_actor(session, Role.DISTRICT)


@pytest.fixture
def told(session: Session, person: Practitioner, hand: Hand) -> Education:
    return report_education(session, person, STUDIED, hand=hand, calendar=CALENDAR, key="k" * 32)


def took(session: Session, told: Education, step: EducationStep, actor: Actor, reason: str = "") -> None:
    take_step(session, told, step, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR, reason=reason)
    session.flush()


def counts(session: Session, person: Practitioner) -> bool:
    return person.id in session.scalars(QUALIFYING_DIPLOMA.holders(DAY)).all()


def test_what_an_institution_tells_waits_for_the_district_and_does_not_count(session, told, person, officer):
    (todo,) = open_todos(session, officer)

    assert (told.verification, told.verified_on, counts(session, person)) == (
        Verification.PENDING,
        None,
        False,
    )
    assert (todo.title, todo.subject_name, todo.due_on is not None) == ("核验学历", "P-1 社会工作", True)


def test_verified_it_counts_from_that_day_and_its_institution_is_told(
    session, told, person, officer, hand
) -> None:
    took(session, told, EducationStep.VERIFY, officer)

    assert (told.verification, told.verified_on, counts(session, person)) == (
        Verification.VERIFIED,
        DAY,
        True,
    )
    assert open_todos(session, officer) == []
    assert [(one.title, one.is_notice) for one in open_todos(session, hand.actor)] == [("学历已核验", True)]
    assert session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "education.report",
        "education.verify",
    ]


def test_rejected_it_goes_back_with_the_reason_and_comes_again(session, told, person, officer, hand) -> None:
    with pytest.raises(ReasonMissing):
        took(session, told, EducationStep.REJECT, officer)
    took(session, told, EducationStep.REJECT, officer, "编号查不到")

    assert reasons_of(session, person) == {told.id: "编号查不到"}
    assert [one.title for one in open_todos(session, hand.actor)] == ["补正未通过核验的学历"]

    better = replace(STUDIED, school="示例师范大学")
    report_again(session, told, better, hand=hand, calendar=CALENDAR, version=told.version)

    assert (told.verification, told.school) == (Verification.PENDING, "示例师范大学")
    assert open_todos(session, hand.actor) == []
    assert [one.title for one in open_todos(session, officer)] == ["核验学历"]
    assert reasons_of(session, person) == {}


def test_of_two_employers_the_one_that_told_it_learns_of_the_verdict(
    session, told, person, officer, hand
) -> None:
    newer = make_provider(session, name="徐汇别家康复中心")
    make_post(session, person, newer, start_on=date(2026, 6, 1))
    session.refresh(person)
    place = newer.organisation.division_code
    other = make_actor(session, Role.PROVIDER, division_code=place, organisation=newer.organisation)

    took(session, told, EducationStep.REJECT, officer, "编号查不到")

    assert [one.title for one in open_todos(session, hand.actor)] == ["补正未通过核验的学历"]
    assert open_todos(session, other) == []


def test_where_whoever_told_it_employs_him_no_more_the_present_employer_learns_of_the_verdict(
    session, told, person, officer, hand
) -> None:
    newer = make_provider(session, name="徐汇别家康复中心")
    make_post(session, person, newer, start_on=date(2026, 6, 1))
    person.posts[0].end_on = date(2026, 6, 1)
    session.flush()
    session.refresh(person)
    place = newer.organisation.division_code
    present = make_actor(session, Role.PROVIDER, division_code=place, organisation=newer.organisation)

    took(session, told, EducationStep.REJECT, officer, "编号查不到")

    assert open_todos(session, hand.actor) == []
    assert [one.title for one in open_todos(session, present)] == ["补正未通过核验的学历"]


def test_whoever_told_it_does_not_verify_it(session, person, officer) -> None:
    own = Hand(officer, NOW, TRAIL)
    told = report_education(session, person, STUDIED, hand=own, calendar=CALENDAR)

    with pytest.raises(NotAllowed):
        took(session, told, EducationStep.VERIFY, officer)

    took(session, told, EducationStep.VERIFY, make_actor(session, Role.DISTRICT))
    assert told.verification is Verification.VERIFIED


def test_an_institution_verifies_nothing(session, told, hand) -> None:
    with pytest.raises(NotAllowed):
        took(session, told, EducationStep.VERIFY, hand.actor)


def test_a_verification_taken_back_does_not_count_until_it_is_made_again(session, told, person, officer):
    took(session, told, EducationStep.VERIFY, officer)
    took(session, told, EducationStep.REOPEN, officer, "看错了人")

    assert (told.verification, told.verified_on, counts(session, person)) == (
        Verification.PENDING,
        None,
        False,
    )
    assert [one.title for one in open_todos(session, officer)] == ["核验学历"]


def test_what_is_verified_is_not_changed_by_its_institution(session, told, officer, hand) -> None:
    took(session, told, EducationStep.VERIFY, officer)

    with pytest.raises(StepNotOpen):
        report_again(session, told, replace(STUDIED, school="别的"), hand=hand, calendar=CALENDAR)


def test_the_same_form_twice_is_one_diploma(session, told, person, hand) -> None:
    again = report_education(session, person, STUDIED, hand=hand, calendar=CALENDAR, key="k" * 32)

    assert again is told
    assert session.scalar(sa.select(sa.func.count()).select_from(Todo)) == 1


def test_the_same_diploma_in_another_form_is_refused(session, told, person, hand) -> None:
    with pytest.raises(InvalidInput) as error:
        report_education(session, person, STUDIED, hand=hand, calendar=CALENDAR, key="m" * 32)

    assert error.value.field == "major_code"


@pytest.mark.parametrize("day", [date(2030, 1, 1), date(2000, 7, 1)])
def test_a_diploma_of_a_day_that_cannot_be_is_refused(session, person, hand, day) -> None:
    with pytest.raises(InvalidInput) as error:
        report_education(session, person, replace(STUDIED, obtained_on=day), hand=hand, calendar=CALENDAR)

    assert error.value.field == "obtained_on"


def test_of_two_who_decide_at_once_the_second_is_told(session, told, officer) -> None:
    version = told.version
    took(session, told, EducationStep.REJECT, officer, "不清楚")

    with pytest.raises(StepNotOpen):
        took(session, told, EducationStep.VERIFY, officer)
    assert told.version > version


def test_a_correction_against_an_older_version_is_refused(session, told, officer, hand) -> None:
    version = told.version
    took(session, told, EducationStep.REJECT, officer, "不清楚")

    with pytest.raises(StaleVersion):
        report_again(session, told, STUDIED, hand=hand, calendar=CALENDAR, version=version)


def test_an_institution_that_somebody_left_does_not_answer_for_his_diploma(
    session, site, person, hand
) -> None:
    elsewhere = make_provider(session, division_code="310104003")
    make_post(session, person, elsewhere, start_on=date(2022, 1, 1), end_on=date(2022, 6, 1))
    session.expire(person)

    report_education(session, person, STUDIED, hand=hand, calendar=CALENDAR)

    in_charge, other = (
        make_actor(session, Role.DISTRICT),
        make_actor(session, Role.DISTRICT, division_code="310104"),
    )
    assert ([one.title for one in open_todos(session, in_charge)], open_todos(session, other)) == (
        ["核验学历"],
        [],
    )
