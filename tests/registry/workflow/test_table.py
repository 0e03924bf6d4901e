"""Every state, every step, every person: exactly the cells of the table succeed, and each refusal is the right one.

What is expected is written here by hand, not read from the declaration.
"""

from typing import Any

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.errors import NotAllowed, NotVisible, Refusal, StepNotOpen
from registry.organisations.models import AddressChange, AddressChangeState, Site, SitePlacement
from registry.organisations.workflow import ADDRESS_CHANGES, AddressChangeStep
from registry.workflow.models import Todo, WorkflowStep
from registry.workflow.queries import open_steps
from registry.workflow.todos import addressees
from registry.workflow_table import WORKFLOWS
from tests.factories import NOW
from tests.registry.workflow.conftest import PROPOSAL, Scene

PROVIDERS = {"provider"}
OFFICERS = {"district", "colleague in the district"}
ONLOOKERS = {"street", "city"}

LEADS_TO = {
    ("draft", "save"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "return"): "returned",
    ("submitted", "confirm"): "confirmed",
    ("submitted", "withdraw"): "withdrawn",
    ("returned", "save"): "returned",
    ("returned", "submit"): "submitted",
    ("returned", "withdraw"): "withdrawn",
}
DOERS = {
    "save": PROVIDERS,
    "submit": PROVIDERS,
    "withdraw": PROVIDERS,
    "return": OFFICERS,
    "confirm": OFFICERS,
    "draw_up": set(),
}

WHEN_SEEN = {"draft": False, "submitted": True, "returned": True, "confirmed": True, "withdrawn": True}


def expected(state: str, step: str, who: str) -> type[Refusal] | str:
    """The state that the step leads to, or the refusal."""
    sees = who in PROVIDERS or (WHEN_SEEN[state] and who in OFFICERS | ONLOOKERS)
    if step == "draw_up":
        return StepNotOpen
    if not sees:
        return NotVisible
    if who not in DOERS[step]:
        return NotAllowed
    return LEADS_TO.get((state, step), StepNotOpen)


def in_state(scene: Scene, state: str) -> AddressChange:
    return scene.change(state=AddressChangeState(state), submitted_at=NOW if WHEN_SEEN[state] else None)


def contents(scene: Scene) -> list[Any]:
    """Every row that a step may touch, as plain values."""
    tables = (AddressChange, Site, SitePlacement, WorkflowStep, Todo, AuditEntry)
    return [scene.session.execute(sa.select(*model.__table__.columns)).all() for model in tables]


@pytest.mark.parametrize("step", list(AddressChangeStep))
@pytest.mark.parametrize("state", list(AddressChangeState))
def test_exactly_the_cells_of_the_table_succeed(scene: Scene, state: str, step: AddressChangeStep) -> None:
    change = in_state(scene, state)
    for who in scene.people:
        wanted = expected(state, step.value, who)
        with scene.session.begin_nested() as attempt:
            before = contents(scene)
            if isinstance(wanted, str):
                scene.take(change, step, who, reason="地址不清", facts=PROPOSAL)
                assert change.state == wanted, who
            else:
                with pytest.raises(wanted) as refused:
                    scene.take(change, step, who, reason="地址不清", facts=PROPOSAL)
                assert refused.type is wanted, who
                assert contents(scene) == before, who
            attempt.rollback()
        scene.session.refresh(change)


@pytest.mark.parametrize("state", list(AddressChangeState))
def test_the_buttons_are_the_steps_that_would_succeed(scene: Scene, state: str) -> None:
    change = in_state(scene, state)
    for who, actor in scene.people.items():
        offered = {transition.step.value for transition in open_steps(scene.session, change, actor)}
        possible = {
            step.value for step in AddressChangeStep if isinstance(expected(state, step.value, who), str)
        }
        assert offered == possible, who


def test_every_state_can_be_reached_and_every_open_one_can_be_left() -> None:
    reached, added = {ADDRESS_CHANGES.start.to_state}, True
    while added:
        following = {
            row.to_state for state in reached for row in ADDRESS_CHANGES.leaving(state) if row.to_state
        }
        added = bool(following - reached)
        reached |= following
    assert reached == set(AddressChangeState)
    ends = {state for state in AddressChangeState if not ADDRESS_CHANGES.leaving(state)}
    assert ends == {AddressChangeState.CONFIRMED, AddressChangeState.WITHDRAWN}


def test_whatever_a_step_leaves_to_somebody_has_somebody(scene: Scene) -> None:
    change = scene.change(state=AddressChangeState.SUBMITTED, submitted_at=NOW)
    waits = [row.waiting for row in WORKFLOWS[AddressChange].transitions if row.waiting]
    assert len(waits) == 2
    assert all(addressees(waiting.action, change) for waiting in waits)
