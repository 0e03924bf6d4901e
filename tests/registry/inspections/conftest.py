"""A district with two officers and a city above it, and a provider that is visited."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.inspections.models import Inspection
from registry.inspections.operations import Report, SecondLook, draft_of
from registry.inspections.workflow import InspectionStep
from registry.organisations.models import Organisation
from registry.workflow.models import Todo
from registry.workflow.operations import start, take_step
from tests.factories import HUANGPU, NOW, make_account, make_division, make_provider
from tests.inspection_factories import FOUND, VISIT, VISITED_ON, make_inspection_terms

CALENDAR = WorkingCalendar({})
TRAIL = Trail(key=b"k" * 32, request_id="r-1")


@dataclass
class Field:
    """Who visits whom, and the doors of the workflow."""

    session: Session
    organisation: Organisation
    actors: dict[str, Actor] = field(default_factory=dict)

    def record(self, who: str = "officer", **facts: Any) -> Inspection:
        """A visit without findings."""
        values = {
            name: getattr(VISIT, name) for name in ("kind", "visited_on", "inspectors", "scope", "site")
        }
        visit = type(VISIT)(**(values | facts))
        inspection = draft_of(self.organisation, visit, at=NOW)
        start(
            self.session,
            inspection,
            actor=self.actors[who],
            at=NOW,
            trail=TRAIL,
            calendar=CALENDAR,
            facts=visit,
        )
        return inspection

    def step(
        self,
        inspection: Inspection,
        step: InspectionStep,
        who: str = "officer",
        *,
        at: datetime = NOW,
        reason: str = "",
        facts: Any = None,
    ) -> None:
        take_step(
            self.session,
            inspection,
            step,
            actor=self.actors[who],
            at=at,
            trail=TRAIL,
            calendar=CALENDAR,
            reason=reason,
            facts=facts,
        )

    def told(self) -> Inspection:
        """A visit with one finding, of which the provider knows."""
        inspection = self.record()
        self.step(inspection, InspectionStep.ADD_FINDING, facts=FOUND)
        self.step(inspection, InspectionStep.NOTIFY)
        return inspection

    def reported(self) -> Inspection:
        """The provider says that it is put right."""
        inspection = self.told()
        done = Report({1: VISITED_ON}, "已更换")
        self.step(inspection, InspectionStep.REPORT, "provider", facts=done)
        return inspection

    def cleared(self) -> Inspection:
        """The first officer looked again and found it put right."""
        inspection = self.reported()
        self.step(inspection, InspectionStep.CLEAR, facts=SecondLook((1,), "已换新"))
        return inspection

    def waits_for(self, inspection: Inspection) -> list[tuple[Any, ...]]:
        """Role, title and deadline of what is open, and whether it is a notice."""
        columns = (Todo.role, Todo.title, Todo.due_on, Todo.is_notice)
        open_now = sa.select(*columns).where(Todo.subject_id == inspection.id, Todo.closed_at.is_(None))
        return [tuple(row) for row in self.session.execute(open_now.order_by(Todo.id))]


@pytest.fixture
def scene(session: Session) -> Field:
    for code in ("31", HUANGPU, "310115", "310101002"):
        make_division(session, code)
    make_inspection_terms(session)
    organisation = make_provider(session).organisation
    made = Field(session, organisation)
    for name, role, place in (
        ("officer", Role.DISTRICT, HUANGPU),
        ("colleague", Role.DISTRICT, HUANGPU),
        ("city", Role.CITY, "31"),
        ("neighbour", Role.DISTRICT, "310115"),
        ("street", Role.STREET, "310101002"),
    ):
        made.actors[name] = Actor.of(make_account(session, role, division_code=place).positions[0])
    provider = make_account(session, Role.PROVIDER, organisation=organisation, division_code="310101002")
    made.actors["provider"] = Actor.of(provider.positions[0])
    return made
