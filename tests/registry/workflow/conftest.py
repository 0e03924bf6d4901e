"""A district with a provider that wants to move, and everybody who may come to the door."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.organisations.address_changes import Proposal
from registry.organisations.models import AddressChange, Site
from registry.workflow.models import WorkflowStep
from registry.workflow.operations import take_step
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_actor,
    make_address_change,
    make_division,
    make_parameter,
    make_provider,
)

PUDONG = "310115"
LUJIAZUI = "310115005"
WAITAN = "310101013"

# New Year's Day is named, so 2026 counts as published; the 27th is made a holiday to be seen in a deadline.
CALENDAR = WorkingCalendar({date(2026, 1, 1): False, date(2026, 11, 27): False})
TRAIL = Trail(key=b"k" * 32, request_id="r-1")

PROPOSAL = Proposal(
    address="示例路99号",
    division_code=WAITAN,
    latitude=None,
    longitude=None,
    effective_on=date(2026, 12, 15),
    explanation="租约到期",
)


@dataclass(frozen=True)
class Scene:
    """One site of a provider in Nanjing East Road, and the people around it."""

    session: Session
    site: Site
    people: dict[str, Actor]

    def change(self, **facts: Any) -> AddressChange:
        """A change of the site's address in any state."""
        return make_address_change(self.session, self.site, **({"division_code": WAITAN} | facts))

    def take(
        self, change: AddressChange, step: Any, who: str, *, at: datetime = NOW, **more: Any
    ) -> WorkflowStep:
        """One of the people takes a step."""
        return take_step(
            self.session, change, step, actor=self.people[who], at=at, trail=TRAIL, calendar=CALENDAR, **more
        )


@pytest.fixture
def scene(session: Session) -> Scene:
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD, WAITAN, PUDONG, LUJIAZUI):
        make_division(session, code)
    make_parameter(session, "address_change.confirm_workdays", 5)
    make_parameter(session, "address_change.days_ahead", 60)
    site = make_provider(session)
    owner = site.organisation
    people = {
        "provider": make_actor(session, Role.PROVIDER, organisation=owner, division_code=NANJING_EAST_ROAD),
        "other provider": make_actor(session, Role.PROVIDER, division_code=NANJING_EAST_ROAD),
        "station": make_actor(session, Role.STATION, division_code=NANJING_EAST_ROAD),
        "street": make_actor(session, Role.STREET, division_code=NANJING_EAST_ROAD),
        "street elsewhere": make_actor(session, Role.STREET, division_code=WAITAN),
        "district": make_actor(session, Role.DISTRICT, division_code=HUANGPU),
        "colleague in the district": make_actor(session, Role.DISTRICT, division_code=HUANGPU),
        "district elsewhere": make_actor(session, Role.DISTRICT, division_code=PUDONG),
        "city": make_actor(session, Role.CITY, division_code="31"),
        "city elsewhere": make_actor(session, Role.CITY, division_code="51"),
        "province": make_actor(session, Role.PROVINCE, division_code="31"),
        "sysadmin": make_actor(session, Role.SYSADMIN, division_code="31"),
    }
    return Scene(session, site, people)
