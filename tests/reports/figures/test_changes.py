"""What changed between two days: who, when, why, and that it adds up."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.errors import InvalidInput
from registry.workforce.counting import Place
from registry.workforce.models import Practitioner
from reports.figures.changes import Change, ChangeKind, changes, end_of_last_month, refuse_wrong_span, sums_of
from reports.figures.definitions import CERTIFIED_SHARE, QUALIFIED_SHARE, REGISTERED_SHARE, TRAINED_SHARE
from tests.factories import (
    make_certificate,
    make_education,
    make_organisation,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_standing,
    make_training,
)
from tests.reports.figures.worlds import ASSIGNED, CITY, ON, STREET, lay_out_city

SINCE = date(2026, 10, 23)
BETWEEN = date(2026, 11, 5)


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


def found(session: Session, **asked: Any) -> list[Change]:
    options = {
        "figure": QUALIFIED_SHARE,
        "place": Place(CITY),
        "since": SINCE,
        "on": ON,
        "rule": ASSIGNED,
    } | asked
    figure = options.pop("figure")
    return changes(session, figure, **options)


def only(session: Session, **asked: Any) -> tuple[ChangeKind, date, int, int, str]:
    (one,) = found(session, **asked)
    return one.kind, one.on, one.numerator, one.denominator, str(one.reason)


def hired(session: Session, **post: Any) -> Practitioner:
    person = make_practitioner(session)
    make_post(session, person, make_provider(session), **post)
    return person


def test_nothing_changed_where_nothing_happened(session: Session) -> None:
    make_education(session, hired(session))

    assert found(session) == []


def test_who_was_hired_with_a_diploma_adds_to_both_numbers(session: Session) -> None:
    make_education(session, hired(session, start_on=BETWEEN))

    assert only(session) == (ChangeKind.JOINED, BETWEEN, 1, 1, "2026-11-05到岗。")
    assert str(found(session)[0].standing) == "本科学历，专业“社会工作”（030302），已核验。"


def test_who_was_hired_on_the_first_day_was_there_already(session: Session) -> None:
    hired(session, start_on=SINCE)

    assert found(session) == []


def test_who_was_hired_on_the_last_day_is_new(session: Session) -> None:
    hired(session, start_on=ON)

    assert only(session) == (ChangeKind.JOINED, ON, 0, 1, "2026-11-23到岗。")


def test_who_left_takes_off_what_he_was(session: Session) -> None:
    make_education(session, hired(session, end_on=BETWEEN))

    assert only(session) == (ChangeKind.LEFT, BETWEEN, -1, -1, "任职已于2026-11-05结束。")


def test_who_came_and_went_between_the_days_is_no_change(session: Session) -> None:
    hired(session, start_on=date(2026, 11, 1), end_on=date(2026, 11, 20))

    assert found(session) == []


def test_a_diploma_that_was_verified_counts_for_the_first_time(session: Session) -> None:
    make_education(session, hired(session), verified_on=BETWEEN)

    reason = "本科学历，专业“社会工作”（030302），已核验。"
    assert only(session) == (ChangeKind.FIRST, BETWEEN, 1, 0, reason)


def test_a_registration_that_was_renewed_late_counts_again(session: Session) -> None:
    person = hired(session)
    make_certificate(session, person, valid_to=date(2026, 10, 1))
    make_certificate(session, person, issued_on=BETWEEN, valid_from=BETWEEN)

    gained = (ChangeKind.GAINED, BETWEEN, 1, 0, "社会工作师证书在登记有效期内。")
    assert only(session, figure=CERTIFIED_SHARE) == gained
    assert only(session, figure=REGISTERED_SHARE) == gained


def test_a_registration_that_ran_out_no_longer_counts(session: Session) -> None:
    make_certificate(session, hired(session), valid_to=BETWEEN)

    reason = "社会工作师证书登记已于2026-11-05到期，请办理再登记。"
    assert only(session, figure=CERTIFIED_SHARE) == (ChangeKind.LOST, BETWEEN, -1, 0, reason)


def test_a_new_paper_joins_the_denominator_of_the_registered(session: Session) -> None:
    make_certificate(session, hired(session), issued_on=BETWEEN, valid_from=None, valid_to=None)

    assert only(session, figure=REGISTERED_SHARE) == (
        ChangeKind.JOINED,
        BETWEEN,
        0,
        1,
        "2026-11-05起符合分母条件。",
    )


def test_the_hours_of_a_year_are_full_on_the_day_of_the_last_course(session: Session) -> None:
    person = hired(session)
    make_training(session, person, hours=12, held_on=date(2026, 3, 1))
    make_training(session, person, hours=8, held_on=BETWEEN)

    reason = "本年度已参加康复培训20学时，达到20学时。"
    assert only(session, figure=TRAINED_SHARE) == (ChangeKind.FIRST, BETWEEN, 1, 0, reason)


def test_the_hours_begin_anew_with_the_year(session: Session) -> None:
    make_training(session, hired(session), hours=25, held_on=date(2026, 3, 1))

    lost = only(session, figure=TRAINED_SHARE, since=date(2026, 12, 10), on=date(2027, 1, 10))
    reason = "本年度已参加康复培训0学时，规定20学时，还差20学时。"
    assert lost == (ChangeKind.LOST, date(2027, 1, 1), -1, 0, reason)


def test_an_institution_that_entered_the_library_brings_its_people(session: Session) -> None:
    organisation = make_organisation(session, division_code=STREET)
    make_standing(session, organisation, granted_on=BETWEEN)
    make_post(session, make_practitioner(session), make_site(session, organisation))

    assert only(session) == (ChangeKind.JOINED, BETWEEN, 0, 1, "机构于2026-11-05入库。")


def test_an_institution_that_left_the_library_takes_its_people(session: Session) -> None:
    organisation = make_organisation(session, division_code=STREET)
    make_standing(session, organisation, ended_on=BETWEEN)
    make_post(session, make_practitioner(session), make_site(session, organisation))

    assert only(session) == (ChangeKind.LEFT, BETWEEN, 0, -1, "机构已于2026-11-05退出机构库。")


def test_who_went_from_one_institution_to_another_changes_no_number(session: Session) -> None:
    person = make_practitioner(session)
    make_post(session, person, make_provider(session, name="甲中心"), end_on=BETWEEN)
    make_post(session, person, make_provider(session, name="乙中心"), start_on=BETWEEN)

    assert only(session) == (ChangeKind.MOVED, BETWEEN, 0, 0, "由“甲中心”转到“乙中心”。")


def test_the_sums_tell_each_kind_apart(session: Session) -> None:
    make_education(session, hired(session, start_on=BETWEEN))
    hired(session, start_on=BETWEEN)
    make_education(session, hired(session, end_on=BETWEEN))

    said = [(one.kind, one.people, one.numerator, one.denominator) for one in sums_of(found(session))]
    assert said == [(ChangeKind.JOINED, 2, 1, 2), (ChangeKind.LEFT, 1, -1, -1)]


@pytest.mark.parametrize(
    ("on", "before"),
    [
        (date(2026, 11, 27), date(2026, 10, 31)),
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2024, 3, 30), date(2024, 2, 29)),
        (date(2026, 1, 15), date(2025, 12, 31)),
    ],
)
def test_the_changes_of_a_month_begin_where_the_month_before_ended(on: date, before: date) -> None:
    assert end_of_last_month(on) == before


@pytest.mark.parametrize("since", [ON, date(2026, 12, 1), date(2022, 12, 31)])
def test_a_span_without_a_past_is_refused(since: date) -> None:
    with pytest.raises(InvalidInput) as refusal:
        refuse_wrong_span(since, ON)
    assert refusal.value.field == "since"
