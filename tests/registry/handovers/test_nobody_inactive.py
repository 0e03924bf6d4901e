"""Nobody who is not there is given anything, by any path: a property over positions, accounts and days."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import NamedTuple

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.delegations import Handover as Delegating
from registry.access.delegations import give_delegation, standing_in_for
from registry.access.models import Account, Extent, Position, Role
from registry.access.positions import Charge, colleagues
from registry.appointments.operations import Proposal, appointment_of
from registry.clock import WorkingCalendar
from registry.errors import InvalidInput, Refusal, RequirementUnmet
from registry.handovers.handing_over import hand_over
from registry.handovers.models import HandoverKind, HandoverState
from registry.handovers.open_work import candidates, holders_beside
from registry.handovers.operations import Plan
from registry.tasks.receivers import is_manned, receivers_for
from registry.workflow.operations import start
from registry.workflow_table import Desk
from tests.factories import DAY, HUANGPU, NOW, make_account, make_parameter
from tests.tasks_factories import TRAIL, make_bureaux


class Case(NamedTuple):
    """When a position begins, in days from now; how many days it lasts; whether the account is open."""

    begins: int
    lasts: int | None
    is_active: bool


CASES = [Case(*case) for case in product(range(-3, 4), (None, *range(7)), (True, False))]


@dataclass(frozen=True)
class Scene:
    """Somebody who holds a position of the federation, more or less; and somebody who did it before him."""

    session: Session
    person: Account
    position: Position
    before: Position
    city: Actor
    secadmin: Actor

    @property
    def desk(self) -> Desk:
        """Of the federation, where nobody else works but him and the one before."""
        return Desk(Role.DPF, self.position.division_code)

    @property
    def is_there(self) -> bool:
        """Written down anew here, so that the code is not asked about itself."""
        on, ended = DAY, self.position.ended_on
        return self.person.is_active and self.position.began_on <= on and (ended is None or on < ended)


def is_asked_a_task(scene: Scene) -> bool:
    return scene.desk in {one.desk for one in receivers_for(scene.session, scene.city, DAY)}


def has_a_desk(scene: Scene) -> bool:
    return is_manned(scene.session, scene.desk, DAY)


def is_offered_a_delegation(scene: Scene) -> bool:
    return scene.person in colleagues(scene.session, scene.before, on=DAY)


def is_given_a_delegation(scene: Scene) -> bool:
    week = Delegating(scene.person, Extent.WORK, DAY, DAY, "年休假")
    actor = Actor.of(scene.before)
    try:
        give_delegation(scene.session, scene.before, week, actor=actor, at=NOW, trail=TRAIL)
    except InvalidInput:
        return False
    return bool(standing_in_for(scene.session, scene.person.id, on=DAY))


def stands_beside(scene: Scene) -> bool:
    return scene.position in holders_beside(scene.session, scene.before, DAY)


def receives_a_handover(scene: Scene) -> bool:
    plan = Plan(scene.before, scene.position, HandoverKind.LEAVING, "调离，见调令")
    try:
        made = hand_over(scene.session, plan, actor=scene.secadmin, at=NOW, trail=TRAIL)
    except (InvalidInput, RequirementUnmet):
        return False
    return made.state is HandoverState.PASSED_ON


EMPTY_BEFORE = ("asked a task", "a desk with somebody in it")
"""Paths that ask for a desk: there, nobody else may sit at it."""

PATHS: Mapping[str, Callable[[Scene], bool]] = {
    "asked a task": is_asked_a_task,
    "a desk with somebody in it": has_a_desk,
    "offered a delegation": is_offered_a_delegation,
    "given a delegation": is_given_a_delegation,
    "counted as a colleague": stands_beside,
    "given a handover": receives_a_handover,
}


@pytest.mark.parametrize("path", PATHS)
def test_only_whoever_is_there_on_the_day_is_chosen_or_receives(
    session: Session, path: str, tell: Callable[[str], None]
) -> None:
    wrong = []
    for scene, case in _scenes(session):
        if path in EMPTY_BEFORE:
            scene.before.ended_on = DAY
            session.flush()
        if PATHS[path](scene) is not scene.is_there:
            wrong.append(case)
    tell(f"nobody inactive, {path}: {len(CASES)} cases, {len(wrong)} wrong")
    assert wrong == []


def test_only_whoever_is_or_will_be_there_can_be_named_in_advance(session: Session) -> None:
    for scene, case in _scenes(session):
        ended = scene.position.ended_on
        may_be_named = scene.person.is_active and (ended is None or ended > DAY)
        assert (scene.position in candidates(session, scene.before, DAY)) is may_be_named, case


def test_nobody_whose_account_is_closed_is_appointed(session: Session) -> None:
    for scene, case in _scenes(session):
        proposal = Proposal(
            username=scene.person.username,
            name=scene.person.name,
            charge=Charge(Role.HR, HUANGPU),
            begins_on=DAY,
            explanation="到岗通知",
            account=scene.person,
        )
        assert _is_appointed(scene, proposal) is scene.person.is_active, case


def _is_appointed(scene: Scene, proposal: Proposal) -> bool:
    appointment = appointment_of(proposal, actor=scene.secadmin, at=NOW)
    try:
        start(
            scene.session,
            appointment,
            actor=scene.secadmin,
            at=NOW,
            trail=TRAIL,
            calendar=WorkingCalendar({}),
            facts=proposal,
        )
    except Refusal:
        return False
    return True


def _scenes(session: Session) -> Iterator[tuple[Scene, Case]]:
    """Every case in a district of its own."""
    bureaux = make_bureaux(session)
    make_parameter(session, "delegation.days", 31)
    make_parameter(session, "appointment.confirm_workdays", 3)
    secadmin = Actor.of(make_account(session, Role.SECADMIN).positions[0])
    for number, case in enumerate(CASES, start=200):
        place = f"310{number}"
        before = make_account(session, Role.DPF, division_code=place).positions[0]
        person = make_account(session, Role.DPF, division_code=place, is_active=case.is_active)
        position = person.positions[0]
        position.began_on = DAY + timedelta(days=case.begins)
        position.ended_on = None if case.lasts is None else position.began_on + timedelta(days=case.lasts)
        session.flush()
        yield Scene(session, person, position, before, bureaux.actor("city"), secadmin), case
