"""证书到期: who is told by night, when, and never twice."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.certificates.alerting import LAPSED, NEAR, remind_of_certificates
from registry.workflow.models import Todo
from registry.workflow.queries import open_todos
from registry.workforce.models import CertificateKind
from tests.factories import (
    DAY,
    NOW,
    make_account,
    make_certificate,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.majors_factories import actor_of


@pytest.fixture(autouse=True)
def _policy(session: Session) -> None:
    make_parameter(session, "certificate.reminder_days", [180, 90, 30])
    make_parameter(session, "certificate.late_days", 30)


def night(session: Session, on: date) -> int:
    return remind_of_certificates(session, on=on, at=NOW + (on - DAY))


def holder(session: Session, ends_in: int, **facts):
    site = make_provider(session)
    person = make_practitioner(session, name="王芳")
    make_post(session, person, site)
    return site, make_certificate(session, person, valid_to=DAY + timedelta(days=ends_in), **facts)


def notices(session: Session) -> list[tuple[str, date | None]]:
    found = session.scalars(sa.select(Todo).where(Todo.closed_at.is_(None)).order_by(Todo.id))
    return [(one.title, one.due_on) for one in found]


@pytest.mark.parametrize(
    ("ends_in", "title"),
    [(181, None), (180, NEAR), (91, NEAR), (1, NEAR), (0, LAPSED), (-30, LAPSED), (-31, None)],
)
def test_an_institution_is_told_half_a_year_ahead_until_a_month_after(session: Session, ends_in, title):
    holder(session, ends_in)

    assert night(session, DAY) == (0 if title is None else 1)
    assert [one for one, _due in notices(session)] == ([] if title is None else [title])


def test_nobody_is_told_of_a_licence_that_does_not_end(session: Session):
    _site, licence = holder(session, 20, kind=CertificateKind.NURSE_LICENCE)
    licence.valid_to = None

    assert night(session, DAY) == 0


def test_each_of_the_three_days_and_the_end_is_told_once_and_the_newest_alone_is_open(session: Session):
    holder(session, 200)
    told = []
    for day in range(240):
        on = DAY + timedelta(days=day)
        told += [day] * night(session, on)
        assert night(session, on) == 0
        assert len(notices(session)) <= 1

    assert told == [20, 110, 170, 200]


def test_nights_that_were_missed_are_made_up_for_with_the_newest_alone(session: Session):
    holder(session, 200)
    night(session, DAY + timedelta(days=20))

    assert night(session, DAY + timedelta(days=180)) == 1
    assert night(session, DAY + timedelta(days=181)) == 0


def test_the_notice_leads_to_the_holder_and_lies_in_the_inbox_of_his_institution(session: Session):
    site, certificate = holder(session, 20, kind=CertificateKind.NURSE_LICENCE)
    organisation = site.organisation
    own = make_account(session, Role.PROVIDER, organisation=organisation, division_code=site.division_code)
    others = make_account(session, Role.PROVIDER)
    district = make_account(session, Role.DISTRICT)
    night(session, DAY)

    (notice,) = open_todos(session, actor_of(own))
    assert (notice.subject_type, notice.subject_code) == ("certificate", certificate.practitioner.code)
    assert notice.subject_name == "王芳 护士执业证书"
    assert (notice.is_notice, notice.due_on) == (True, DAY + timedelta(days=19))
    assert open_todos(session, actor_of(others)) == open_todos(session, actor_of(district)) == []


def test_whoever_works_in_two_institutions_is_told_of_in_both(session: Session):
    _site, certificate = holder(session, 20)
    make_post(session, certificate.practitioner, make_provider(session))

    assert night(session, DAY) == 2


def test_nobody_is_told_of_people_who_left_or_have_not_come_yet(session: Session):
    site = make_provider(session)
    for times in ({"end_on": DAY}, {"start_on": DAY + timedelta(days=1)}):
        person = make_practitioner(session)
        make_post(session, person, site, **times)
        make_certificate(session, person, valid_to=DAY + timedelta(days=10))

    assert night(session, DAY) == 0


def test_a_registration_that_was_renewed_is_told_of_anew_before_its_next_end(session: Session):
    _site, certificate = holder(session, 20)
    night(session, DAY)
    certificate.valid_to = DAY + timedelta(days=20 + 3 * 365)
    session.flush()

    assert night(session, DAY + timedelta(days=1)) == 0
    assert notices(session) == []
    assert night(session, certificate.valid_to - timedelta(days=180)) == 1


def test_where_policy_says_nothing_nobody_is_told(session: Session):
    session.execute(sa.text("delete from parameter"))
    holder(session, 20)

    assert night(session, DAY) == 0
