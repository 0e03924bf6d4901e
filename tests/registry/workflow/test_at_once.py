"""Two people, or two clicks, at the same instant: one of them is first."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Position, Role
from registry.engine import make_engine
from registry.errors import Refusal, StepNotOpen
from registry.organisations.address_changes import draft_of
from registry.organisations.models import AddressChange, AddressChangeState, Site
from registry.organisations.workflow import AddressChangeStep
from registry.workflow.models import WorkflowStep
from registry.workflow.operations import start, take_step
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_address_change,
    make_division,
    make_parameter,
    make_provider,
)
from tests.registry.workflow.conftest import CALENDAR, PROPOSAL, TRAIL, WAITAN

Act = Callable[[Session], object]


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A database of its own: these transactions really commit."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD, WAITAN):
            make_division(session, code)
        make_parameter(session, "address_change.confirm_workdays", 5)
        make_parameter(session, "address_change.days_ahead", 60)
        site = make_provider(session)
        make_account(session, Role.PROVIDER, organisation=site.organisation)
        make_account(session, Role.DISTRICT, division_code=HUANGPU)
        make_account(session, Role.DISTRICT, division_code=HUANGPU)
        session.commit()
    yield engine
    engine.dispose()


def at_once(engine: sa.Engine, *acts: Act) -> list[object]:
    """What each act came to: its result or its refusal; all begin together, each in a transaction of its own."""
    gate = Barrier(len(acts))

    def run(act: Act) -> object:
        with Session(engine) as session:
            gate.wait()
            try:
                result = act(session)
                session.commit()
            except Refusal as refusal:
                return refusal
            return result

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def actors(session: Session, role: Role) -> list[Actor]:
    found = session.scalars(
        sa.select(Account).where(Account.positions.any(Position.role == role)).order_by(Account.id)
    )
    return [Actor.of(account.positions[0]) for account in found]


def drawing_up(key: str) -> Act:
    def act(session: Session) -> object:
        site, (provider,) = session.scalars(sa.select(Site)).one(), actors(session, Role.PROVIDER)
        change = draft_of(site, PROPOSAL, asked_by_id=provider.account_id, at=NOW)
        return start(
            session,
            change,
            actor=provider,
            at=NOW,
            trail=TRAIL,
            calendar=CALENDAR,
            facts=PROPOSAL,
            idempotency_key=key,
        ).subject_id

    return act


def answering(step: AddressChangeStep, officer: int) -> Act:
    def act(session: Session) -> object:
        change = session.scalars(sa.select(AddressChange)).one()
        actor = actors(session, Role.DISTRICT)[officer]
        take_step(session, change, step, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR, reason="不清楚")
        return step

    return act


def test_two_clicks_at_once_make_one_change(engine: sa.Engine) -> None:
    made = at_once(engine, drawing_up("form-1"), drawing_up("form-1"), drawing_up("form-1"))
    assert len(set(made)) == 1
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AddressChange)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(WorkflowStep)) == 1


def test_two_forms_at_once_for_one_site_make_one_change(engine: sa.Engine) -> None:
    made = at_once(engine, drawing_up("form-1"), drawing_up("form-2"))
    assert sum(isinstance(result, Refusal) for result in made) == 1


def test_of_two_officers_at_once_one_is_told_that_the_step_is_gone(engine: sa.Engine) -> None:
    with Session(engine) as session:
        site = session.scalars(sa.select(Site)).one()
        make_address_change(session, site, state=AddressChangeState.SUBMITTED, submitted_at=NOW)
        session.commit()
    done = at_once(engine, answering(AddressChangeStep.CONFIRM, 0), answering(AddressChangeStep.RETURN, 1))
    assert sum(isinstance(result, StepNotOpen) for result in done) == 1
    with Session(engine) as session:
        taken = session.scalars(sa.select(WorkflowStep)).one()
        assert taken.step == next(result for result in done if not isinstance(result, Refusal))
