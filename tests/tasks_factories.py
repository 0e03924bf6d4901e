"""Tasks between departments: a district with its departments, and the doors of the workflow."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.tasks.models import DepartmentTask, TaskState
from registry.tasks.operations import Request, task_of
from registry.tasks.workflow import TaskStep
from registry.workflow.operations import start, take_step
from registry.workflow_table import Desk
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_division,
    make_organisation,
    make_parameter,
)

TRAIL = Trail(key=b"k" * 32, request_id="r-1")
PUDONG = "310115"
TO_FINANCE = Desk(Role.FINANCE, HUANGPU)
FRIDAY = date(2026, 11, 27)


@dataclass(frozen=True)
class Bureaux:
    """Who works where."""

    session: Session
    people: dict[str, Account]

    def actor(self, who: str) -> Actor:
        """One of the people in his first position."""
        return Actor.of(self.people[who].positions[0])

    def ask(self, who: str = "district", at: datetime = NOW, **facts: Any) -> DepartmentTask:
        """The district asks the finance department for something by Friday, unless the test says otherwise."""
        asked: dict[str, Any] = {
            "title": "核对三季度购买服务经费",
            "content": "请核对各社工站三季度已拨付金额，附表格。",
            "due_on": FRIDAY,
            "receiver": TO_FINANCE,
        }
        actor = self.actor(who)
        task = task_of(Request(**(asked | facts)), actor=actor, at=at)
        start(self.session, task, actor=actor, at=at, trail=TRAIL, calendar=WorkingCalendar({}))
        return task

    def take(
        self, task: DepartmentTask, step: TaskStep, who: str, *, at: datetime = NOW, **more: Any
    ) -> None:
        """One of the people takes a step."""
        take_step(
            self.session,
            task,
            step,
            actor=self.actor(who),
            at=at,
            trail=TRAIL,
            calendar=WorkingCalendar({}),
            **more,
        )


def make_bureaux(session: Session) -> Bureaux:
    """Divisions, parameters, and one person of each kind."""
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD, PUDONG):
        make_division(session, code)
    make_parameter(session, "task.least_workdays", 2)
    make_parameter(session, "handover.hand_on_workdays", 3)
    make_parameter(session, "handover.acknowledge_workdays", 5)
    open_ = partial(make_account, session)
    own = make_organisation(session, division_code=HUANGPU)
    people = {
        "city": open_(Role.CITY),
        "district": open_(Role.DISTRICT),
        "street": open_(Role.STREET, division_code=NANJING_EAST_ROAD),
        "finance": open_(Role.FINANCE),
        "second in finance": open_(Role.FINANCE),
        "city finance": open_(Role.FINANCE, division_code="31"),
        "police": open_(Role.POLICE),
        "finance elsewhere": open_(Role.FINANCE, division_code=PUDONG),
        "provider": open_(Role.PROVIDER, organisation=own, division_code=NANJING_EAST_ROAD),
    }
    return Bureaux(session, people)


def make_task(session: Session, account: Account, **facts: Any) -> DepartmentTask:
    """A row in any state, as if the steps had been taken: sent by the account to the finance department."""
    position = account.positions[0]
    defaults: dict[str, Any] = {
        "state": TaskState.SENT,
        "title": "核对三季度购买服务经费",
        "content": "请核对各社工站三季度已拨付金额。",
        "due_on": FRIDAY,
        "sent_at": NOW,
        "from_role": position.role,
        "from_code": position.division_code,
        "to_role": Role.FINANCE,
        "to_code": position.division_code,
        "asked_by": account,
    }
    task = DepartmentTask(**(defaults | facts))
    session.add(task)
    session.flush()
    return task
