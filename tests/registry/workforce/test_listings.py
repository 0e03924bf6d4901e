"""The list of practitioners: one row per person, cut by posts, certificates and diplomas on a day."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.rules import readable
from registry.actions import Action
from registry.listing import Page
from registry.workforce.listings import PRACTITIONERS
from registry.workforce.models import EducationLevel, Engagement, Practitioner, Profession, Verification
from tests.factories import (
    DAY,
    make_actor,
    make_certificate,
    make_education,
    make_post,
    make_practitioner,
    make_provider,
)


def listed(session: Session, on: date = DAY, **typed: str) -> Page:
    named = {key.replace("_", "-"): value for key, value in typed.items()}
    return PRACTITIONERS.ask(named, scope=sa.true(), on=on).fetch(session)


def ids(page: Page) -> list[int]:
    return [row.id for row in page.rows]


def test_somebody_in_two_institutions_is_one_row_that_names_both(session: Session) -> None:
    person = make_practitioner(session)
    make_post(session, person, make_provider(session, name="示例乙中心"), serves_programme=False)
    make_post(session, person, make_provider(session, name="示例甲中心"), profession=Profession.NURSE)

    (row,) = listed(session).rows

    assert row.institutions == ("示例甲中心", "示例乙中心")
    assert row.professions == (Profession.NURSE, Profession.SOCIAL_WORKER)
    assert row.engagements == (Engagement.FULL_TIME,)


def test_the_highest_diploma_is_shown_with_its_verification(session: Session) -> None:
    person = make_practitioner(session)
    make_education(session, person, level=EducationLevel.JUNIOR_COLLEGE, major_name="护理")
    make_education(
        session,
        person,
        level=EducationLevel.MASTER,
        major_name="应用心理",
        verification=Verification.PENDING,
        verified_on=None,
    )
    nobody = make_practitioner(session)

    rows = {row.id: row for row in listed(session).rows}

    shown = rows[person.id]
    assert (shown.level, shown.major) == (EducationLevel.MASTER, "应用心理")
    assert shown.verification is Verification.PENDING
    assert rows[nobody.id].level is None


@pytest.mark.parametrize(
    ("days", "horizons"), [(0, []), (1, ["30", "90", "180"]), (30, ["30", "90", "180"]), (31, ["90", "180"])]
)
def test_a_certificate_ends_within_the_horizons_that_hold_its_day(
    session: Session, days: int, horizons: list[str]
) -> None:
    make_certificate(session, make_practitioner(session), valid_to=DAY + timedelta(days=days))

    found = [days for days in ("30", "90", "180") if listed(session, certificate_ends=days).count.number]

    assert found == horizons


def test_certificates_that_end_come_soonest_first(session: Session) -> None:
    later, sooner = make_practitioner(session), make_practitioner(session)
    make_certificate(session, later, valid_to=DAY + timedelta(days=20))
    make_certificate(session, sooner, valid_to=DAY + timedelta(days=5))

    assert ids(listed(session, certificate_ends="30")) == [sooner.id, later.id]
    assert ids(listed(session)) == [later.id, sooner.id]


def test_posts_that_end_are_found_until_the_day_they_end(session: Session) -> None:
    person = make_practitioner(session)
    make_post(session, person, make_provider(session), end_on=DAY + timedelta(days=30))

    assert listed(session, post_ends="30").count.number == 1
    assert listed(session, DAY + timedelta(days=30), post_ends="30").count.number == 0
    assert listed(session, DAY - timedelta(days=1), post_ends="30").count.number == 0


def test_people_are_found_by_what_they_do_where_and_for_what(session: Session) -> None:
    huangpu = make_provider(session, name="示例黄浦中心")
    pudong = make_provider(session, division_code="310115004", name="示例浦东中心")
    here, there, left = (make_practitioner(session) for _ in range(3))
    make_post(session, here, huangpu)
    make_post(session, there, pudong, profession=Profession.NURSE, serves_programme=False)
    make_post(session, left, huangpu, end_on=DAY)

    assert ids(listed(session, division="310101")) == [here.id]
    assert ids(listed(session, organisation=pudong.organisation.code)) == [there.id]
    assert ids(listed(session, profession="nurse")) == [there.id]
    assert ids(listed(session, assigned="yes")) == [here.id]
    assert ids(listed(session, in_post="no")) == [left.id]
    assert ids(listed(session, q="浦东")) == [there.id]


def test_a_name_is_no_filter(session: Session) -> None:
    make_practitioner(session, name="张示例甲")

    assert listed(session, q="张示例甲").count.number == 0
    assert not any("name" in item.key for item in PRACTITIONERS.filters)


def test_pending_diplomas_are_found(session: Session) -> None:
    waiting = make_practitioner(session)
    make_education(session, waiting, verification=Verification.PENDING, verified_on=None)
    make_education(session, make_practitioner(session))

    assert ids(listed(session, diploma="pending")) == [waiting.id]


def test_an_officer_of_another_district_lists_nobody_of_this_one(session: Session) -> None:
    make_post(session, make_practitioner(session), make_provider(session))
    here = readable(Practitioner, make_actor(session, Role.DISTRICT), Action.PRACTITIONER_SEE)
    elsewhere = readable(
        Practitioner, make_actor(session, Role.DISTRICT, division_code="310115"), Action.PRACTITIONER_SEE
    )

    assert PRACTITIONERS.ask({}, scope=here, on=DAY).count(session).number == 1
    assert PRACTITIONERS.ask({}, scope=elsewhere, on=DAY).count(session).number == 0
