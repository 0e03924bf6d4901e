"""A city with a district and a street, one security administrator, and everybody who may confirm."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.access.positions import Charge
from registry.appointments.models import Appointment
from registry.appointments.operations import Proposal, appointment_of
from registry.appointments.workflow import AppointmentStep
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.workflow.models import Todo
from registry.workflow.operations import start, take_step
from tests.factories import (
    DAY,
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_division,
    make_organisation,
    make_parameter,
)

CALENDAR = WorkingCalendar({})
TRAIL = Trail(key=b"k" * 32, request_id="r-1")
PUDONG = "310115"

Step = AppointmentStep


@dataclass(frozen=True)
class Office:
    """Who works there, and the doors of the workflow."""

    session: Session
    people: dict[str, Account]

    def actor(self, who: str) -> Actor:
        """One of the people in his first position."""
        return Actor.of(self.people[who].positions[0])

    def ask(self, who: str = "secadmin", **facts: Any) -> Appointment:
        """A new officer of the street is to begin today, unless the test says otherwise."""
        proposal = replace(NEWCOMER, **facts)
        appointment = appointment_of(proposal, actor=self.actor(who), at=NOW)
        start(
            self.session,
            appointment,
            actor=self.actor(who),
            at=NOW,
            trail=TRAIL,
            calendar=CALENDAR,
            facts=proposal,
        )
        return appointment

    def take(
        self,
        appointment: Appointment,
        step: AppointmentStep,
        who: str | Actor,
        *,
        at: datetime = NOW,
        **more: Any,
    ) -> None:
        """One of the people takes a step."""
        actor = self.actor(who) if isinstance(who, str) else who
        take_step(self.session, appointment, step, actor=actor, at=at, trail=TRAIL, calendar=CALENDAR, **more)

    def waits_for(self, appointment: Appointment) -> list[tuple[Role, str, str]]:
        """Role, division and title of what is open."""
        todos = sa.select(Todo.role, Todo.division_code, Todo.title).where(
            Todo.subject_type == "appointment", Todo.subject_id == appointment.id, Todo.closed_at.is_(None)
        )
        return [tuple(row) for row in self.session.execute(todos)]


NEWCOMER = Proposal(
    username="wangmin",
    name="王示例",
    charge=Charge(Role.STREET, NANJING_EAST_ROAD),
    begins_on=DAY,
    explanation="2026年11月到岗通知",
)


@pytest.fixture
def office(session: Session) -> Office:
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD, PUDONG):
        make_division(session, code)
    make_parameter(session, "appointment.confirm_workdays", 3)
    open_ = partial(make_account, session)
    own = make_organisation(session, division_code=HUANGPU)
    people = {
        "secadmin": open_(Role.SECADMIN),
        "district secadmin": open_(Role.SECADMIN, division_code=HUANGPU),
        "secadmin elsewhere": open_(Role.SECADMIN, division_code=PUDONG),
        "city": open_(Role.CITY),
        "province": open_(Role.PROVINCE),
        "district": open_(Role.DISTRICT),
        "second in the district": open_(Role.DISTRICT),
        "district elsewhere": open_(Role.DISTRICT, division_code=PUDONG),
        "health": open_(Role.HEALTH),
        "provider": open_(Role.PROVIDER, organisation=own),
        "other provider": open_(Role.PROVIDER),
    }
    return Office(session, people)
