"""Ratings and demonstration status are facts of others, with their paper and their days."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput, NotAllowed
from registry.inspections.awarding import GivenDemonstration, GivenRating, record_award
from registry.inspections.queries import demonstrations_of, ratings_of
from registry.inspections.ratings import DemonstrationLevel, RatingGrade, Validity
from registry.organisations.models import Organisation
from tests.factories import NOW, make_actor, make_organisation
from tests.inspection_factories import make_demonstration, make_rating

TRAIL = Trail(key=b"k" * 32, request_id="r-1")
GIVEN = GivenRating(
    RatingGrade.FOUR_A, date(2024, 1, 1), date(2029, 1, 1), "示例市民政局", "示例民社〔2023〕18号"
)
SHOWN = GivenDemonstration(
    DemonstrationLevel.CITY, "示范点", date(2025, 1, 1), None, "示例市民政局", "示例民残福〔2024〕9号"
)


@pytest.fixture
def officer(session: Session) -> Actor:
    return make_actor(session, Role.DISTRICT)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(session)


@pytest.mark.parametrize("given", [GIVEN, SHOWN])
def test_an_award_is_on_record_with_its_entry(
    session: Session, officer: Actor, organisation: Organisation, given: GivenRating | GivenDemonstration
) -> None:
    award = record_award(session, organisation, given, actor=officer, at=NOW, trail=TRAIL)

    found = [*ratings_of(session, [organisation.id]), *demonstrations_of(session, [organisation.id])]
    assert found == [award]
    assert session.scalars(sa.select(AuditEntry.subject_code)).all() == [award.code]


@pytest.mark.parametrize("given", [GIVEN, SHOWN])
def test_the_same_award_is_recorded_once(
    session: Session, officer: Actor, organisation: Organisation, given: GivenRating | GivenDemonstration
) -> None:
    record_award(session, organisation, given, actor=officer, at=NOW, trail=TRAIL)

    with pytest.raises(InvalidInput, match="已经登记过"):
        record_award(session, organisation, given, actor=officer, at=NOW, trail=TRAIL)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"valid_to": date(2024, 1, 1)}, "valid_to"),
        ({"valid_from": date(2019, 1, 1)}, "valid_from"),
    ],
)
def test_a_period_holds_a_day_and_lies_in_the_life_of_the_organisation(
    session: Session, officer: Actor, organisation: Organisation, facts: dict[str, date], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_award(session, organisation, replace(GIVEN, **facts), actor=officer, at=NOW, trail=TRAIL)

    assert refused.value.field == field


@pytest.mark.parametrize("role", [Role.STREET, Role.PROVIDER, Role.PROVINCE])
def test_others_record_no_award(session: Session, organisation: Organisation, role: Role) -> None:
    with pytest.raises(NotAllowed):
        record_award(session, organisation, GIVEN, actor=make_actor(session, role), at=NOW, trail=TRAIL)


def test_an_award_is_ahead_then_held_then_expired(session: Session, organisation: Organisation) -> None:
    rating = make_rating(session, organisation)

    assert rating.validity_on(date(2023, 12, 31)) is Validity.AHEAD
    assert rating.validity_on(date(2028, 12, 31)) is Validity.HELD
    assert rating.validity_on(date(2029, 1, 1)) is Validity.EXPIRED
    assert make_demonstration(session, organisation).validity_on(date(2099, 1, 1)) is Validity.HELD
