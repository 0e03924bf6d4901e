"""A double click, or two people, at the same instant: one activity, one award, one merger."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Position, Role
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.errors import Refusal
from registry.inspections.awarding import GivenRating, record_award
from registry.inspections.ratings import Rating, RatingGrade
from registry.organisations.models import Organisation, Site
from registry.services.activities import record_activity
from registry.services.models import Activity
from registry.successions.models import OrganisationSuccession, SuccessionKind
from registry.successions.operations import By, record_succession
from registry.successions.planning import Wanted
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_division,
    make_organisation,
    make_provider,
)
from tests.registry.services.conftest import HELD, TODAY, TRAIL

Act = Callable[[Session, int], object]
CLICKS = 4


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A database of its own: these transactions really commit."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD):
            make_division(session, code)
        site = make_provider(session)
        make_account(session, Role.PROVIDER, organisation=site.organisation)
        make_account(session, Role.DISTRICT, division_code=HUANGPU)
        for name in ("示例并出单位", "示例承继单位"):
            make_organisation(session, name=name)
        session.commit()
    yield engine
    engine.dispose()


def at_once(engine: sa.Engine, act: Act) -> list[str]:
    """How each of the clicks came out, sorted; all begin together, each in a transaction of its own."""
    gate = Barrier(CLICKS)

    def run(number: int) -> str:
        with Session(engine) as session:
            gate.wait()
            try:
                act(session, number)
                session.commit()
            except Refusal as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(CLICKS) as pool:
        return sorted(pool.map(run, range(CLICKS)))


def actor(session: Session, role: Role) -> Actor:
    return Actor.of(session.scalars(sa.select(Position).where(Position.role == role)).one())


def count(engine: sa.Engine, model: type) -> int:
    with Session(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def recording(key: Callable[[int], str], *, is_another: bool = False) -> Act:
    def act(session: Session, number: int) -> object:
        return record_activity(
            session,
            session.scalars(sa.select(Site)).one(),
            HELD,
            actor=actor(session, Role.PROVIDER),
            at=NOW,
            trail=TRAIL,
            form_key=key(number),
            is_another=is_another,
        )

    return act


def test_one_form_sent_four_times_at_once_makes_one_activity_and_no_fault(engine: sa.Engine) -> None:
    assert at_once(engine, recording(lambda _number: "f" * 32)) == ["done"] * CLICKS
    assert count(engine, Activity) == 1


def test_of_four_forms_with_the_very_same_words_one_is_recorded_and_the_others_are_asked(
    engine: sa.Engine,
) -> None:
    outcomes = at_once(engine, recording(lambda number: f"{number}" * 32))
    assert outcomes == ["InvalidInput"] * (CLICKS - 1) + ["done"]
    assert count(engine, Activity) == 1


def test_whoever_says_that_each_is_another_records_each(engine: sa.Engine) -> None:
    outcomes = at_once(engine, recording(lambda number: f"{number}" * 32, is_another=True))
    assert outcomes == ["done"] * CLICKS
    assert count(engine, Activity) == CLICKS


def test_one_award_sent_four_times_at_once_is_on_record_once(engine: sa.Engine) -> None:
    given = GivenRating(RatingGrade.FOUR_A, date(2024, 1, 1), date(2029, 1, 1), "示例市民政局", "示例18号")

    def act(session: Session, _number: int) -> object:
        organisation = session.scalars(sa.select(Organisation).order_by(Organisation.id)).first()
        assert organisation is not None
        officer = actor(session, Role.DISTRICT)
        return record_award(session, organisation, given, actor=officer, at=NOW, trail=TRAIL)

    assert at_once(engine, act) == ["InvalidInput"] * (CLICKS - 1) + ["done"]
    assert count(engine, Rating) == 1


def test_two_organisations_without_sites_merge_into_each_other_at_once_in_one_direction(
    engine: sa.Engine,
) -> None:
    def act(session: Session, number: int) -> object:
        names = ("示例并出单位", "示例承继单位")
        pair = [
            session.scalars(sa.select(Organisation).where(Organisation.name == name)).one() for name in names
        ]
        old, new = pair if number % 2 else reversed(pair)
        wanted = Wanted(SuccessionKind.MERGE, new.code, date(2026, 6, 1), "示民社〔2026〕6号", frozenset())
        by = By(actor(session, Role.DISTRICT), NOW, TODAY, Trail(b"k" * 32))
        return record_succession(session, old, wanted, by)

    outcomes = at_once(engine, act)
    assert outcomes == ["InvalidInput"] * (CLICKS - 1) + ["done"]
    assert count(engine, OrganisationSuccession) == 1
