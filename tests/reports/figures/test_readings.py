"""The share in small worlds whose numbers were worked out by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.divisions.codes import Level
from registry.errors import InvalidInput
from registry.organisations.models import SitePlacement
from registry.workforce.counting import Basis, Place
from registry.workforce.models import Catalogue, EducationForm, Engagement, Verification
from reports.figures.definitions import figure
from reports.figures.readings import pooled, roll_up, share
from reports.figures.shares import Verdict
from tests.factories import (
    make_certificate,
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
from tests.reports.figures.worlds import (
    ALL_STAFF,
    ASSIGNED,
    BLANK_STREET,
    CERTIFIED_SHARE,
    CITY,
    HUANGPU,
    ON,
    OTHER_STREET,
    STREET,
    XUHUI,
    XUHUI_STREET,
    counts,
    lay_out_city,
    part_counts,
    qualified,
)

TOMORROW = ON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


def test_exactly_thirty_per_cent_is_met(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=3, other=7)

    reading = qualified(session)

    assert counts(reading) == (3, 10)
    assert reading.share.verdict is Verdict.MET
    assert (reading.share.conversions_needed, reading.share.hires_needed) == (0, 0)


def test_a_share_just_under_the_target_is_not_met(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=2, other=5)

    reading = qualified(session)

    # 2 of 7 is 28.6%: one conversion gives 3 of 7, one hire 3 of 8.
    assert reading.share.verdict is Verdict.NOT_MET
    assert (reading.share.conversions_needed, reading.share.hires_needed) == (1, 1)


def test_an_institution_without_staff_is_not_judged(session: Session) -> None:
    site = make_provider(session)

    reading = qualified(session, by=Level.SITE)

    assert counts(reading) == (0, 0)
    assert reading.share.verdict is Verdict.NOT_APPLICABLE
    assert [(part.code, part.share.verdict) for part in reading.parts] == [
        (site.organisation.code, Verdict.NOT_APPLICABLE)
    ]
    assert (reading.institutions.listed, reading.institutions.judged, reading.institutions.reached) == (
        1,
        0,
        0,
    )


def test_a_person_in_two_institutions_counts_once_in_each_and_once_in_the_pool(session: Session) -> None:
    here, there = make_provider(session), make_provider(session, division_code=XUHUI_STREET)
    (person,) = make_staff(session, here, qualified=1, other=0)
    make_post(session, person, there)
    make_staff(session, there, qualified=0, other=1)

    reading = qualified(session)

    assert counts(reading) == (1, 2)
    assert part_counts(reading) == {HUANGPU: (1, 1), XUHUI: (1, 2)}
    assert part_counts(qualified(session, by=Level.SITE)) == {
        here.organisation.code: (1, 1),
        there.organisation.code: (1, 2),
    }


def test_two_posts_and_two_sites_of_one_institution_make_one_person(session: Session) -> None:
    site = make_provider(session)
    second = make_site(session, site.organisation, division_code=OTHER_STREET)
    (person,) = make_staff(session, site, qualified=1, other=0)
    make_post(session, person, site, start_on=date(2021, 1, 1))
    make_post(session, person, second)

    assert counts(qualified(session)) == (1, 1)
    assert part_counts(qualified(session, HUANGPU)) == {
        STREET: (1, 1),
        OTHER_STREET: (1, 1),
        BLANK_STREET: (0, 0),
    }
    assert part_counts(qualified(session, HUANGPU, by=Level.SITE)) == {site.organisation.code: (1, 1)}


@pytest.mark.parametrize(
    ("facts", "numerator"),
    [
        pytest.param({}, 1, id="a verified diploma in a listed major counts"),
        pytest.param(
            {"verification": Verification.PENDING, "verified_on": None}, 0, id="a pending one does not"
        ),
        pytest.param(
            {"verification": Verification.REJECTED, "verified_on": None}, 0, id="a rejected one does not"
        ),
        pytest.param({"form": EducationForm.DEGREE}, 0, id="a degree without a diploma does not"),
        pytest.param({"major_code": "050101"}, 0, id="a major that is not listed does not"),
        pytest.param(
            {"catalogue": Catalogue.VOCATIONAL}, 0, id="the same code of another catalogue does not"
        ),
        pytest.param({"verified_on": ON}, 1, id="verified today counts today"),
        pytest.param({"verified_on": TOMORROW}, 0, id="verified tomorrow does not count today"),
        pytest.param({"obtained_on": TOMORROW}, 0, id="obtained tomorrow does not count today"),
    ],
)
def test_which_education_counts(session: Session, facts: dict[str, object], numerator: int) -> None:
    person = make_practitioner(session)
    make_post(session, person, make_provider(session))
    make_education(session, person, **facts)

    assert counts(qualified(session)) == (numerator, 1)


@pytest.mark.parametrize(
    ("facts", "assigned", "all_staff"),
    [
        pytest.param({}, 1, 1, id="full time"),
        pytest.param({"engagement": Engagement.PART_TIME}, 1, 1, id="part time"),
        pytest.param({"engagement": Engagement.DISPATCHED}, 1, 1, id="dispatched"),
        pytest.param({"engagement": Engagement.VOLUNTEER}, 0, 0, id="volunteers are left out"),
        pytest.param({"engagement": Engagement.INTERN}, 0, 0, id="interns are left out"),
        pytest.param({"serves_programme": False}, 0, 1, id="another business of a mixed-purpose body"),
        pytest.param({"start_on": ON}, 1, 1, id="starts today"),
        pytest.param({"start_on": TOMORROW}, 0, 0, id="starts tomorrow"),
        pytest.param({"end_on": TOMORROW}, 1, 1, id="ends tomorrow, so today still counts"),
        pytest.param({"end_on": ON}, 0, 0, id="ends today, so yesterday was the last day"),
    ],
)
def test_which_posts_count(session: Session, facts: dict[str, object], assigned: int, all_staff: int) -> None:
    make_post(session, make_practitioner(session), make_provider(session), **facts)

    assert counts(qualified(session)) == (0, assigned)
    assert counts(qualified(session, rule=ALL_STAFF)) == (0, all_staff)


def test_two_diplomas_make_one_qualified_person(session: Session) -> None:
    make_major(session, code="071101", name="心理学")
    (person,) = make_staff(session, make_provider(session), qualified=1, other=0)
    make_education(session, person, major_code="071101")

    assert counts(qualified(session)) == (1, 1)


def test_a_major_switched_off_by_date_counts_until_then(session: Session) -> None:
    make_major(session, code="101005", name="康复治疗学", valid_to=date(2026, 1, 1))
    person = make_practitioner(session)
    make_post(session, person, make_provider(session))
    make_education(session, person, major_code="101005")

    assert counts(qualified(session, on=date(2025, 12, 31))) == (1, 1)
    assert counts(qualified(session, on=date(2026, 1, 1))) == (0, 1)


def test_a_major_that_is_listed_and_does_not_count_does_not_count(session: Session) -> None:
    make_major(session, code="100201K", counts=False)
    person = make_practitioner(session)
    make_post(session, person, make_provider(session))
    make_education(session, person, major_code="100201K")

    assert counts(qualified(session)) == (0, 1)


def test_an_organisation_that_left_the_library_takes_its_staff_with_it(session: Session) -> None:
    organisation = make_organisation(session, division_code=STREET)
    make_standing(session, organisation, granted_on=date(2024, 1, 1), ended_on=ON)
    make_staff(session, make_site(session, organisation), qualified=1, other=1)

    assert counts(qualified(session, on=date(2023, 12, 31))) == (0, 0)
    assert counts(qualified(session, on=date(2024, 1, 1))) == (1, 2)
    assert counts(qualified(session, on=ON - timedelta(days=1))) == (1, 2)
    assert counts(qualified(session, on=ON)) == (0, 0)


def test_an_institution_listed_twice_at_once_is_counted_once(session: Session) -> None:
    site = make_provider(session)
    make_standing(session, site.organisation, granted_on=date(2025, 1, 1))
    make_staff(session, site, qualified=1, other=2)

    assert counts(qualified(session)) == (1, 3)
    assert qualified(session).institutions.listed == 1


def test_an_organisation_that_was_never_listed_is_no_institution(session: Session) -> None:
    make_staff(session, make_site(session, make_organisation(session)), qualified=1, other=1)

    assert counts(qualified(session)) == (0, 0)
    assert qualified(session).institutions.listed == 0


def test_a_site_that_moved_counts_where_it_stood_on_the_day(session: Session) -> None:
    site = make_provider(session)
    site.placements[0].valid_to = date(2025, 1, 1)
    session.add(
        SitePlacement(
            site=site,
            division_code=XUHUI_STREET,
            today_code=XUHUI_STREET,
            address="新址",
            valid_from=date(2025, 1, 1),
        )
    )
    make_staff(session, site, qualified=1, other=0)
    session.flush()

    assert part_counts(qualified(session, on=date(2024, 12, 31))) == {HUANGPU: (1, 1), XUHUI: (0, 0)}
    assert part_counts(qualified(session, on=date(2025, 1, 1))) == {HUANGPU: (0, 0), XUHUI: (1, 1)}


def test_a_past_day_is_cut_by_todays_divisions_or_by_its_own(session: Session) -> None:
    site = make_provider(session)
    site.placements[0].today_code = XUHUI_STREET
    make_staff(session, site, qualified=1, other=0)
    session.flush()

    assert part_counts(qualified(session, basis=Basis.TODAY)) == {HUANGPU: (0, 0), XUHUI: (1, 1)}
    assert part_counts(qualified(session, basis=Basis.THEN)) == {HUANGPU: (1, 1), XUHUI: (0, 0)}


def test_the_parts_lead_down_one_level_at_a_time(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=1)

    assert part_counts(qualified(session, CITY)) == {HUANGPU: (1, 2), XUHUI: (0, 0)}
    assert part_counts(qualified(session, HUANGPU)) == {
        STREET: (1, 2),
        OTHER_STREET: (0, 0),
        BLANK_STREET: (0, 0),
    }
    assert part_counts(qualified(session, STREET)) == {site.organisation.code: (1, 2)}
    assert set(part_counts(qualified(session, CITY, by=Level.TOWNSHIP))) == {
        STREET,
        OTHER_STREET,
        BLANK_STREET,
        XUHUI_STREET,
    }


def test_people_of_a_site_known_only_by_its_district_are_shown_as_the_rest(session: Session) -> None:
    make_staff(session, make_provider(session, division_code=HUANGPU), qualified=1, other=0)

    rest = qualified(session, HUANGPU).parts[-1]

    assert (rest.code, rest.is_rest, rest.share.numerator, rest.share.denominator) == (HUANGPU, True, 1, 1)


def test_a_level_that_is_not_below_the_division_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="更低的层级"):
        qualified(session, HUANGPU, by=Level.DISTRICT)


def test_the_third_form_counts_institutions(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=3, other=7)
    make_staff(session, make_provider(session, division_code=OTHER_STREET), qualified=1, other=9)
    make_provider(session, division_code=OTHER_STREET)

    tally = qualified(session).institutions

    assert (tally.reached, tally.judged, tally.listed, tally.missed, tally.empty) == (1, 2, 3, 1, 1)


def test_an_institution_with_sites_elsewhere_says_so(session: Session) -> None:
    site = make_provider(session)
    make_site(session, site.organisation, division_code=XUHUI_STREET)
    alone = make_provider(session)

    parts = {part.code: part.has_sites_elsewhere for part in qualified(session, STREET).parts}

    assert parts == {site.organisation.code: True, alone.organisation.code: False}


def test_one_institution_is_read_whole_or_by_its_part_in_a_division(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=0)
    make_staff(
        session, make_site(session, site.organisation, division_code=XUHUI_STREET), qualified=0, other=2
    )
    key = site.organisation_id
    asked = {"on": ON, "rule": ASSIGNED}

    whole = pooled(session, figure("qualified-share"), place=Place(organisation_id=key), **asked)
    part = pooled(session, figure("qualified-share"), place=Place(HUANGPU, organisation_id=key), **asked)

    assert (whole.numerator, whole.denominator, whole.verdict) == (1, 3, Verdict.MET)
    assert (part.numerator, part.denominator, part.verdict) == (1, 1, Verdict.MET)


def test_the_nearest_target_holds(session: Session) -> None:
    make_target(session, division_code=HUANGPU, numerator=1, denominator=2, valid_from=date(2026, 1, 1))
    make_staff(session, make_provider(session), qualified=4, other=6)

    reading = qualified(session, CITY)

    assert reading.share.verdict is Verdict.MET
    assert reading.parts[0].share.verdict is Verdict.NOT_MET
    assert reading.institutions.reached == 0


def test_a_target_is_carried_on_after_its_day(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=3, other=7)

    before, after = qualified(session, on=date(2025, 12, 31)), qualified(session, on=date(2026, 1, 1))

    assert before.share.target is not None
    assert after.share.target is not None
    assert (before.share.target.is_carried_on, after.share.target.is_carried_on) == (False, True)


@pytest.mark.parametrize(
    ("facts", "numerator"),
    [
        pytest.param({}, 1, id="registered"),
        pytest.param({"valid_to": ON}, 0, id="the registration ends today"),
        pytest.param({"valid_to": TOMORROW}, 1, id="the registration ends tomorrow"),
        pytest.param({"valid_from": TOMORROW}, 1, id="the first registration begins tomorrow"),
        pytest.param({"valid_from": None, "valid_to": None}, 1, id="without a registration"),
        pytest.param({"issued_on": TOMORROW, "valid_from": None}, 0, id="issued tomorrow"),
        pytest.param({"kind": "nurse_licence"}, 0, id="another certificate"),
    ],
)
def test_which_certificates_make_the_certified_share(
    session: Session, facts: dict[str, object], numerator: int
) -> None:
    (person,) = make_staff(session, make_provider(session), qualified=0, other=1)
    make_certificate(session, person, **facts)

    reading = share(session, CERTIFIED_SHARE, division=CITY, on=ON, rule=ASSIGNED)

    assert counts(reading) == (numerator, 1)
    assert reading.share.verdict is Verdict.NO_TARGET


def test_a_roll_up_equals_the_reading_of_every_division(session: Session) -> None:
    here, there = make_provider(session), make_provider(session, division_code=XUHUI_STREET)
    people = make_staff(session, here, qualified=2, other=1)
    make_post(session, people[0], there)
    make_post(session, people[2], make_site(session, here.organisation, division_code=OTHER_STREET))

    shares = roll_up(session, figure("qualified-share"), division=CITY, on=ON, rule=ASSIGNED)

    assert {code: (one.numerator, one.denominator) for code, one in shares.items()} == {
        CITY: (2, 3),
        "3101": (2, 3),
        HUANGPU: (2, 3),
        XUHUI: (1, 1),
        STREET: (2, 3),
        OTHER_STREET: (0, 1),
        XUHUI_STREET: (1, 1),
    }
    for code, one in shares.items():
        assert counts(qualified(session, code)) == (one.numerator, one.denominator)


def test_the_whole_country_is_read_like_any_division(session: Session) -> None:
    here = make_provider(session)
    people = make_staff(session, here, qualified=2, other=1)
    make_post(session, people[0], make_provider(session, division_code=XUHUI_STREET))
    never_listed = make_site(session, make_organisation(session))
    make_post(session, people[1], never_listed)
    make_staff(session, never_listed, qualified=1, other=1)

    assert counts(qualified(session, "0")) == (2, 3)
    assert part_counts(qualified(session, "0")) == {CITY: (2, 3)}
