"""Person by person: who was counted when a number was frozen, and counts otherwise for the same day by now."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.messages import Message
from registry.organisations.models import Site
from registry.policy.models import InstitutionSnapshot
from registry.policy.operations import freeze_divisions, freeze_institutions
from registry.workforce.counting import Place
from registry.workforce.models import Education, FormerNumber, Post, Practitioner, Verification
from reports.figures.corrections import Correction, CorrectionKind, corrections
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.snapshots import institution_readings_on, readings_on
from reports.figures.year_end import Assessment, frozen_days, frozen_days_of_institution
from tests.factories import NOW, make_practitioner, make_provider, make_site, make_staff
from tests.reports.figures.worlds import ASSIGNED, CITY, HUANGPU, ON, XUHUI, XUHUI_STREET, lay_out_city

YEAR_END = date(2025, 12, 31)


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def centre(session: Session) -> Site:
    """3 of 10 in 黄浦."""
    site = make_provider(session)
    make_staff(session, site, qualified=3, other=7)
    return site


def freeze(session: Session) -> None:
    divisions = readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END)
    institutions = institution_readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END, division="0")
    freeze_divisions(session, divisions, at=NOW, by="test")
    freeze_institutions(session, institutions, at=NOW, by="test")


def frozen(session: Session, division: str) -> Assessment:
    (found,) = frozen_days(session, QUALIFIED_SHARE, division=division, on=ON, rule=ASSIGNED)
    return found


def corrected(session: Session, division: str = CITY) -> list[Correction] | None:
    share = frozen(session, division).share
    place = Place(division)
    return corrections(session, QUALIFIED_SHARE, place=place, on=YEAR_END, rule=ASSIGNED, frozen=share)


def told(found: list[Correction] | None) -> list[tuple[CorrectionKind, int, int]]:
    assert found is not None
    return [(one.kind, one.numerator, one.denominator) for one in found]


def first_holder(session: Session) -> Education:
    return session.scalars(sa.select(Education).order_by(Education.id).limit(1)).one()


def test_who_was_entered_late_is_added_and_a_diploma_that_proved_wrong_lowers(
    session: Session, centre: Site
) -> None:
    freeze(session)
    make_staff(session, centre, qualified=0, other=1)
    proved_wrong = first_holder(session)
    proved_wrong.verification, proved_wrong.verified_on = Verification.REJECTED, None
    session.flush()

    found = corrected(session)

    assert told(found) == [(CorrectionKind.ADDED, 0, 1), (CorrectionKind.LOWERED, -1, 0)]
    assessed = frozen(session, CITY)
    assert assessed.live is not None
    assert (assessed.share.numerator, assessed.share.denominator) == (3, 10)
    assert (assessed.live.numerator, assessed.live.denominator) == (2, 11)


def test_whose_post_proved_to_have_ended_before_is_removed_with_the_reason(
    session: Session, centre: Site
) -> None:
    freeze(session)
    post = session.scalars(sa.select(Post).order_by(Post.id)).first()
    assert post is not None
    post.end_on = date(2025, 12, 1)
    session.flush()

    found = corrected(session)

    assert told(found) == [(CorrectionKind.REMOVED, -1, -1)]
    assert found is not None
    assert found[0].reason.msgid == "任职已于%(day)s结束。"
    assert found[0].person.id == post.practitioner_id


def test_whose_post_was_taken_out_of_the_register_is_named_all_the_same(
    session: Session, centre: Site
) -> None:
    freeze(session)
    post = session.scalars(sa.select(Post).order_by(Post.id)).first()
    assert post is not None
    person = post.practitioner_id
    session.execute(sa.delete(Post).where(Post.id == post.id))

    found = corrected(session)

    assert told(found) == [(CorrectionKind.REMOVED, -1, -1)]
    assert found is not None
    assert (found[0].person.id, found[0].employer.code) == (person, centre.organisation.code)
    assert found[0].reason == Message("现有记录中没有该人当日在此任职的记录。")


def test_who_was_merged_into_somebody_not_counted_stands_for_him(session: Session, centre: Site) -> None:
    freeze(session)
    kept, other = make_practitioner(session), holder(session)
    post = session.scalars(sa.select(Post).where(Post.practitioner_id == other.id)).one()
    merge(session, kept, other, [post])

    assert told(corrected(session)) == [(CorrectionKind.LOWERED, -1, 0)]  # the diploma was not carried over


def test_who_was_counted_twice_and_is_one_person_is_taken_off_once(session: Session, centre: Site) -> None:
    freeze(session)
    first, second = session.scalars(sa.select(Practitioner).order_by(Practitioner.id).limit(2))
    code = second.code
    merge(session, first, second, [])

    found = corrected(session)

    assert told(found) == [(CorrectionKind.REMOVED, -1, -1)]
    assert found is not None
    assert (found[0].person.code, found[0].person.name) == (code, "")


def holder(session: Session) -> Practitioner:
    return session.get_one(Practitioner, first_holder(session).practitioner_id)


def merge(session: Session, kept: Practitioner, other: Practitioner, moved: list[Post]) -> None:
    """The posts go over, whatever else the other had is gone, and his code leads to who is kept."""
    for post in moved:
        post.practitioner_id = kept.id
    session.flush()
    known = {"code": other.code, "person_no": other.person_no, "name": other.name}
    for model in (Education, Post):
        session.execute(sa.delete(model).where(model.practitioner_id == other.id))
    session.execute(sa.delete(Practitioner).where(Practitioner.id == other.id))
    session.add(FormerNumber(merged_at=NOW, practitioner_id=kept.id, **known))
    session.flush()


def test_what_happened_after_the_day_is_no_correction(session: Session, centre: Site) -> None:
    freeze(session)
    session.execute(sa.update(Post).values(end_on=date(2026, 1, 1)))

    assert corrected(session) == []


def test_an_institution_with_sites_in_two_districts_is_corrected_in_each_by_its_own_people(
    session: Session, centre: Site
) -> None:
    other = make_site(session, centre.organisation, division_code=XUHUI_STREET)
    make_staff(session, other, qualified=1, other=4)
    freeze(session)
    make_staff(session, other, qualified=1, other=0)

    assert told(corrected(session, XUHUI)) == [(CorrectionKind.ADDED, 1, 1)]
    assert corrected(session, HUANGPU) == []
    assert told(corrected(session, CITY)) == [(CorrectionKind.ADDED, 1, 1)]


def test_the_corrections_of_an_institution_are_those_of_its_own_people(
    session: Session, centre: Site
) -> None:
    elsewhere = make_provider(session)
    make_staff(session, elsewhere, qualified=1, other=1)
    freeze(session)
    make_staff(session, elsewhere, qualified=0, other=1)

    for site, expected in ((centre, []), (elsewhere, [(CorrectionKind.ADDED, 0, 1)])):
        place = Place(organisation_id=site.organisation_id)
        (assessed,) = frozen_days_of_institution(
            session, QUALIFIED_SHARE, site.organisation, place=place, on=ON, rule=ASSIGNED
        )
        found = corrections(
            session, QUALIFIED_SHARE, place=place, on=YEAR_END, rule=ASSIGNED, frozen=assessed.share
        )
        assert told(found) == expected


def test_without_the_people_of_that_day_nobody_is_named(session: Session, centre: Site) -> None:
    freeze(session)
    session.execute(sa.update(InstitutionSnapshot).values(people=None))

    assert corrected(session) is None


def test_somebody_without_a_post_is_in_no_list(session: Session, centre: Site) -> None:
    freeze(session)
    make_practitioner(session)

    assert corrected(session) == []
