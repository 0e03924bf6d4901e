"""Hours of training in a year and in a registration, and how a registration stands: against counts by hand."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from registry.periods import Period
from registry.workforce.holdings import REHABILITATION_TRAINING
from registry.workforce.models import (
    CertificateKind,
    EducationForm,
    Engagement,
    MajorFamily,
    Practitioner,
    Training,
)
from registry.workforce.registration import (
    FIRST_MONTHS,
    RENEWAL_MONTHS,
    VALID_MONTHS,
    Registration,
    registration_of,
    registration_rules,
)
from registry.workforce.training import (
    ASSISTANT_HOURS,
    DEGREE_HOURS,
    WORKER_HOURS,
    continuing_hours,
    continuing_standing,
    hours_in_year,
    year_standing,
)
from tests.factories import (
    make_certificate,
    make_education,
    make_major,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
    make_renewed,
)


@pytest.fixture
def person(session: Session) -> Practitioner:
    make_parameter(session, "training.rehabilitation_hours", 20)
    make_parameter(session, "training.newcomers", "whole")
    for key, value in ((ASSISTANT_HOURS, 72), (WORKER_HOURS, 90)):
        make_parameter(session, key, value)
    for key, value in ((FIRST_MONTHS, 12), (VALID_MONTHS, 36), (RENEWAL_MONTHS, 3)):
        make_parameter(session, key, value)
    person = make_practitioner(session)
    make_post(session, person, make_provider(session))
    return person


def attend(session: Session, person: Practitioner, on: date, hours: str, *, counts: str = "r") -> None:
    session.add(
        Training(
            practitioner_id=person.id,
            held_on=on,
            hours=Decimal(hours),
            subject=f"课程{on}{counts}",
            organiser="示例中心",
            is_rehabilitation="r" in counts,
            is_continuing="c" in counts,
        )
    )
    session.flush()
    session.expire(person)


def test_hours_count_in_the_year_of_the_last_day_from_that_day_on(session, person) -> None:
    attend(session, person, date(2025, 12, 31), "8")
    attend(session, person, date(2026, 1, 1), "7.5")
    attend(session, person, date(2026, 6, 30), "4", counts="rc")
    attend(session, person, date(2026, 7, 1), "6", counts="c")

    read = {
        day: hours_in_year(session, [person.id], day)[person.id]
        for day in (
            date(2025, 12, 31),
            date(2026, 1, 1),
            date(2026, 6, 29),
            date(2026, 6, 30),
            date(2026, 12, 31),
        )
    }

    assert list(read.values()) == [
        Decimal(8),
        Decimal("7.5"),
        Decimal("7.5"),
        Decimal("11.5"),
        Decimal("11.5"),
    ]


def test_whoever_attended_nothing_has_no_hours(session, person) -> None:
    assert hours_in_year(session, [person.id], date(2026, 6, 1)) == {person.id: 0}


def test_twenty_hours_are_enough_and_sixteen_leave_four(session, person) -> None:
    attend(session, person, date(2026, 3, 1), "16")
    before = year_standing(session, person, date(2026, 3, 1))
    attend(session, person, date(2026, 4, 1), "4")
    after = year_standing(session, person, date(2026, 4, 1))

    assert (before.are_enough, before.missing, after.are_enough, after.missing) == (False, 4, True, 0)


def test_the_page_of_a_person_asks_for_the_hours_that_the_figure_asks_for(session, person) -> None:
    make_parameter(session, "training.rehabilitation_hours", 24, valid_from=date(2026, 1, 1))
    attend(session, person, date(2026, 3, 1), "20")

    standing = year_standing(session, person, date(2026, 3, 1))
    holders = REHABILITATION_TRAINING.bound(session).holders(date(2026, 3, 1))

    assert (standing.asked, standing.are_enough) == (24, False)
    assert session.scalars(holders).all() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"direct_service": False},
        {"engagement": Engagement.VOLUNTEER},
        {"end_on": date(2026, 1, 1)},
    ],
)
def test_nothing_is_asked_of_whoever_does_not_work_with_the_people_served(session, person, facts) -> None:
    for name, value in facts.items():
        setattr(person.posts[0], name, value)

    assert year_standing(session, person, date(2026, 6, 1)) is None


def test_continuing_education_counts_within_the_registration_alone(session, person) -> None:
    for day, hours in (
        (date(2023, 12, 31), "5"),
        (date(2024, 1, 1), "6"),
        (date(2026, 12, 31), "7"),
        (date(2027, 1, 1), "9"),
    ):
        attend(session, person, day, hours, counts="c")
    period = Period(date(2024, 1, 1), date(2027, 1, 1))

    read = [
        continuing_hours(session, person.id, period, on)
        for on in (date(2024, 1, 1), date(2026, 12, 30), date(2027, 6, 1))
    ]
    assert read == [6, 6, 13]


@pytest.mark.parametrize(
    ("grade", "asked"), [("助理社会工作师", 72), ("社会工作师", 90), ("高级社会工作师", 90)]
)
def test_the_grade_says_how_many_hours_a_registration_asks_for(session, person, grade, asked) -> None:
    certificate = make_certificate(
        session, person, grade=grade, valid_from=date(2024, 1, 1), valid_to=date(2027, 1, 1)
    )

    assert continuing_standing(session, person, certificate, date(2025, 1, 1)).asked == asked
    assert continuing_standing(session, person, certificate, date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        ([{"obtained_on": date(2025, 7, 1), "verified_on": date(2025, 9, 1)}], (96, 90)),
        # once, however many papers tell of it
        (
            [
                {"obtained_on": date(2025, 7, 1), "verified_on": date(2025, 9, 1), "form": form}
                for form in EducationForm
            ],
            (96, 90),
        ),
        ([{"obtained_on": date(2023, 12, 31), "verified_on": date(2025, 9, 1)}], (6, 0)),
        ([{"obtained_on": date(2025, 7, 1), "verified_on": date(2026, 3, 2)}], (6, 0)),
        ([{"obtained_on": date(2026, 3, 2), "verified_on": date(2026, 3, 2)}], (6, 0)),
        ([{"obtained_on": date(2025, 7, 1), "verified_on": None, "verification": "pending"}], (6, 0)),
        (
            [{"obtained_on": date(2025, 7, 1), "verified_on": date(2025, 9, 1), "major_code": "040203"}],
            (6, 0),
        ),
    ],
)
def test_a_diploma_in_social_work_obtained_in_the_registration_is_taken_for_hours_once(
    session, person, facts, held
) -> None:
    make_parameter(session, DEGREE_HOURS, 90)
    make_major(session)
    make_major(session, code="040203", name="应用心理学", family=MajorFamily.PSYCHOLOGY)
    attend(session, person, date(2024, 6, 1), "6", counts="c")
    for one in facts:
        make_education(session, person, **one)
    certificate = make_certificate(
        session, person, grade="社会工作师", valid_from=date(2024, 1, 1), valid_to=date(2027, 1, 1)
    )

    standing = continuing_standing(session, person, certificate, date(2026, 3, 1))

    assert (standing.held, standing.by_degree) == held
    assert standing.are_enough is (held[0] >= 90)


@pytest.mark.parametrize(
    ("on", "state", "day"),
    [
        (date(2023, 12, 31), Registration.NOT_YET, date(2024, 1, 1)),
        (date(2024, 1, 1), Registration.VALID, date(2026, 10, 1)),
        (date(2026, 9, 30), Registration.VALID, date(2026, 10, 1)),
        (date(2026, 10, 1), Registration.RENEWAL, date(2027, 1, 1)),
        (date(2026, 12, 31), Registration.RENEWAL, date(2027, 1, 1)),
        (date(2027, 1, 1), Registration.EXPIRED, date(2027, 1, 1)),
    ],
)
def test_a_registration_is_to_be_renewed_in_its_last_three_months(session, person, on, state, day) -> None:
    certificate = make_certificate(session, person, valid_from=date(2024, 1, 1), valid_to=date(2027, 1, 1))

    found = registration_of(certificate, registration_rules(session, "31", on), on)

    assert (found.state, found.day) == (state, day)


@pytest.mark.parametrize(
    ("on", "state"), [(date(2021, 6, 1), Registration.DUE), (date(2021, 6, 2), Registration.MISSED)]
)
def test_a_certificate_is_first_registered_within_a_year(session, person, on, state) -> None:
    certificate = make_certificate(
        session, person, issued_on=date(2020, 6, 1), valid_from=None, valid_to=None
    )

    assert registration_of(certificate, registration_rules(session, "31", on), on).state is state


@pytest.mark.parametrize(
    ("on", "state", "day"),
    [
        (date(2020, 12, 31), Registration.NOT_YET, date(2021, 1, 1)),
        (date(2023, 12, 31), Registration.VALID, date(2026, 11, 1)),
        (date(2024, 1, 1), Registration.NOT_YET, date(2024, 2, 1)),
        (date(2024, 1, 31), Registration.NOT_YET, date(2024, 2, 1)),
        (date(2024, 2, 1), Registration.VALID, date(2026, 11, 1)),
        (date(2027, 2, 1), Registration.EXPIRED, date(2027, 2, 1)),
    ],
)
def test_a_registration_renewed_after_a_gap_does_not_hold_in_the_gap(session, person, on, state, day) -> None:
    certificate = make_certificate(session, person, valid_from=date(2024, 2, 1), valid_to=date(2027, 2, 1))
    make_renewed(session, certificate, date(2021, 1, 1), date(2024, 1, 1))

    found = registration_of(certificate, registration_rules(session, "31", on), on)

    assert (found.state, found.day) == (state, day)


def test_who_renewed_before_the_end_is_valid_and_has_nothing_to_do_until_the_next_end(
    session, person
) -> None:
    certificate = make_certificate(session, person, valid_from=date(2024, 1, 1), valid_to=date(2027, 1, 1))
    make_renewed(session, certificate, date(2021, 1, 1), date(2024, 1, 1))
    on = date(2023, 12, 1)

    found = registration_of(certificate, registration_rules(session, "31", on), on)

    assert (found.state, found.day) == (Registration.VALID, date(2026, 10, 1))


def test_the_hours_of_a_past_day_are_those_of_the_registration_that_ran(session, person) -> None:
    certificate = make_certificate(session, person, valid_from=date(2024, 2, 1), valid_to=date(2027, 2, 1))
    make_renewed(session, certificate, date(2021, 1, 1), date(2024, 1, 1))
    attend(session, person, date(2023, 6, 1), "30", counts="c")

    assert continuing_standing(session, person, certificate, date(2023, 12, 31)).held == 30
    assert continuing_standing(session, person, certificate, date(2024, 1, 15)) is None
    assert continuing_standing(session, person, certificate, date(2024, 2, 1)).held == 0


def test_other_certificates_are_not_registered_in_this_way(session, person) -> None:
    licence = make_certificate(session, person, kind=CertificateKind.NURSE_LICENCE)

    assert (
        registration_of(licence, registration_rules(session, "31", date(2026, 1, 1)), date(2026, 1, 1))
        is None
    )
