"""A site with a station, a provider and the officers around it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.organisations.models import Site
from registry.services.activities import Held, record_activity
from registry.services.models import Activity, ServiceKind
from registry.workflow.operations import start, take_step
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_actor,
    make_division,
    make_parameter,
    make_provider,
)

PUDONG = "310115"
TRAIL = Trail(key=b"k" * 32, request_id="r-1")
CALENDAR = WorkingCalendar({date(2026, 1, 1): False})
TODAY = date(2026, 11, 23)
HELD = Held(held_on=TODAY, kind=ServiceKind.LIVING, persons=10, person_times=12, minutes=90)


@dataclass(frozen=True)
class Scene:
    """One site, and the people around it."""

    session: Session
    site: Site
    people: dict[str, Actor]

    def record(self, held: Held = HELD, who: str = "provider", **more: Any) -> Activity:
        facts = {"form_key": "f" * 32} | more
        return record_activity(
            self.session, self.site, held, actor=self.people[who], at=NOW, trail=TRAIL, **facts
        )

    def start(self, report: Any, who: str = "provider", **more: Any) -> Any:
        actor = self.people[who]
        return start(self.session, report, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR, **more)

    def take(self, report: Any, step: Any, who: str = "provider", **more: Any) -> Any:
        actor = self.people[who]
        return take_step(
            self.session, report, step, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR, **more
        )


@pytest.fixture
def scene(session: Session) -> Scene:
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD, PUDONG):
        make_division(session, code)
    make_parameter(session, "service_report.confirm_workdays", 5)
    site = make_provider(session)
    own = {"organisation": site.organisation, "division_code": NANJING_EAST_ROAD}
    people = {
        "provider": make_actor(session, Role.PROVIDER, **own),
        "colleague": make_actor(session, Role.PROVIDER, **own),
        "station": make_actor(session, Role.STATION, **own),
        "other provider": make_actor(session, Role.PROVIDER, division_code=NANJING_EAST_ROAD),
        "street": make_actor(session, Role.STREET, division_code=NANJING_EAST_ROAD),
        "district": make_actor(session, Role.DISTRICT, division_code=HUANGPU),
        "district elsewhere": make_actor(session, Role.DISTRICT, division_code=PUDONG),
    }
    return Scene(session, site, people)
