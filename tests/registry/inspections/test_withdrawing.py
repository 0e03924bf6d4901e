"""An award that was entered wrongly is struck out with a reason; it is kept, and it counts on no day any more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.errors import NotAllowed, NotVisible, ReasonMissing, RequirementUnmet
from registry.inspections.awarding import record_award
from registry.inspections.queries import demonstrations_of, ratings_of
from registry.inspections.ratings import Award, RatingGrade
from registry.inspections.withdrawing import award_of, has_next, withdraw_award, withdrawn_of
from registry.organisations.models import Organisation
from tests.factories import NOW, make_actor, make_organisation
from tests.registry.inspections.test_awards import GIVEN, SHOWN, TRAIL

LATER = NOW + timedelta(hours=1)
WHY = "等级看错了一行"


@pytest.fixture
def officer(session: Session) -> Actor:
    return make_actor(session, Role.DISTRICT)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(session)


def given(session: Session, organisation: Organisation, actor: Actor, award: object = GIVEN) -> Award:
    return record_award(session, organisation, award, actor=actor, at=NOW, trail=TRAIL)  # type: ignore[arg-type]


def struck_out(session: Session, award: Award, actor: Actor, reason: str = WHY) -> None:
    withdraw_award(session, award, reason=reason, actor=actor, at=LATER, trail=TRAIL)


@pytest.mark.parametrize("facts", [GIVEN, SHOWN])
def test_what_was_entered_wrongly_goes_and_is_kept_with_the_reason(
    session: Session, officer: Actor, organisation: Organisation, facts: object
) -> None:
    award = given(session, organisation, officer, facts)
    code = award.code
    struck_out(session, award, officer)

    its = [organisation.id]
    assert [*ratings_of(session, its), *demonstrations_of(session, its)] == []
    (kept,) = withdrawn_of(session, organisation)
    assert (kept.code, kept.reason, kept.withdrawn_by) == (code, WHY, officer.name)
    assert (kept.valid_from, kept.document) == (facts.valid_from, facts.document)  # type: ignore[attr-defined]
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "rating.withdraw")).one()
    assert (entry.subject_code, entry.reason) == (code, WHY)


def test_the_right_one_can_be_recorded_from_the_same_day(
    session: Session, officer: Actor, organisation: Organisation
) -> None:
    struck_out(session, given(session, organisation, officer), officer)
    right = given(session, organisation, officer, replace(GIVEN, grade=RatingGrade.THREE_A))

    assert ratings_of(session, [organisation.id]) == [right]
    assert [one.grade for one in withdrawn_of(session, organisation)] == [RatingGrade.FOUR_A]


def test_once_the_next_was_given_it_stays(
    session: Session, officer: Actor, organisation: Organisation
) -> None:
    first = given(session, organisation, officer)
    another_body = replace(GIVEN, issued_by="示例评估中心", valid_from=date(2025, 1, 1))
    given(session, organisation, officer, another_body)
    assert not has_next(session, first)
    following = replace(GIVEN, valid_from=date(2029, 1, 1), valid_to=date(2034, 1, 1))
    last = given(session, organisation, officer, following)

    with pytest.raises(RequirementUnmet):
        struck_out(session, first, officer)
    struck_out(session, last, officer)
    struck_out(session, first, officer)


def test_a_reason_is_asked_for(session: Session, officer: Actor, organisation: Organisation) -> None:
    with pytest.raises(ReasonMissing):
        struck_out(session, given(session, organisation, officer), officer, "  ")


def test_the_level_that_recorded_it_strikes_it_out_and_no_other(
    session: Session, officer: Actor, organisation: Organisation
) -> None:
    award = given(session, organisation, make_actor(session, Role.CITY, division_code="31"))
    for role, place in ((Role.DISTRICT, {}), (Role.PROVINCE, {"division_code": "31"})):
        with pytest.raises(NotAllowed):
            struck_out(session, award, make_actor(session, role, **place))
    with pytest.raises((NotAllowed, NotVisible)):
        struck_out(session, award, make_actor(session, Role.DISTRICT, division_code="310115"))
    colleague = make_actor(session, Role.CITY, division_code="31")
    struck_out(session, award, colleague)
    assert len(withdrawn_of(session, organisation)) == 1


def test_an_award_is_found_at_its_own_organisation_alone(
    session: Session, officer: Actor, organisation: Organisation
) -> None:
    award = given(session, organisation, officer)
    assert award_of(session, organisation, award.code) is award
    assert award_of(session, make_organisation(session), award.code) is None
