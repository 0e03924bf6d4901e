"""A city, two districts and a street with the people who take files along and who may let them go."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.exports import ExportReason, Purpose, TakenAlong
from registry.access.models import Account, Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.releases.models import FileKind, Release
from registry.releases.operations import Wanted, release_of
from registry.releases.taking import take_release
from registry.releases.workflow import ReleaseStep
from registry.workflow.models import Todo
from registry.workflow.operations import start, take_step
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_division,
    make_export_caps,
    make_organisation,
    make_parameter,
)

CALENDAR = WorkingCalendar({})
TRAIL = Trail(key=b"k" * 32, request_id="r-1")
PUDONG = "310115"
LIST = Wanted(
    kind=FileKind.XLSX,
    title="从业人员名单",
    path="/workforce/export",
    asked_for={"division": HUANGPU, "on": "2026-11-23"},
    about=(("区划", HUANGPU),),
    rows=5,
)
WHY = Purpose(ExportReason.REPORTING, "2026年第四季度报送")


@dataclass(frozen=True)
class Bureau:
    """Who works there, and the doors of the workflow; the cap is three people."""

    session: Session
    people: dict[str, Account]

    def actor(self, who: str) -> Actor:
        """One of the people in his first position."""
        return Actor.of(self.people[who].positions[0])

    def ask(self, who: str | Actor = "district", **facts: Any) -> Release:
        """Five people of Huangpu, unless the test says otherwise."""
        actor = self.actor(who) if isinstance(who, str) else who
        release = release_of(replace(LIST, **facts), WHY, actor=actor, at=NOW)
        start(self.session, release, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR)
        return release

    def decide(
        self, release: Release, step: ReleaseStep, who: str | Actor, *, at: datetime = NOW, reason: str = ""
    ) -> None:
        """The second person takes a step."""
        actor = self.actor(who) if isinstance(who, str) else who
        take_step(
            self.session, release, step, actor=actor, at=at, trail=TRAIL, calendar=CALENDAR, reason=reason
        )

    def take(
        self, release: Release, who: str | Actor = "district", *, at: datetime = NOW, **facts: Any
    ) -> None:
        """The maker fetches the file."""
        actor, wanted = self.actor(who) if isinstance(who, str) else who, replace(LIST, **facts)
        along = TakenAlong("listing", "practitioners", HUANGPU, wanted.rows, {"format": "xlsx"})
        take_release(self.session, release, wanted, along, actor=actor, at=at, trail=TRAIL, calendar=CALENDAR)

    def waits_for(self, release: Release) -> list[tuple[Role, str, int | None, str, bool]]:
        """Role, division, organisation, title and whether it is a notice, of what is open."""
        columns = (Todo.role, Todo.division_code, Todo.organisation_id, Todo.title, Todo.is_notice)
        todos = sa.select(*columns).where(Todo.subject_id == release.id, Todo.closed_at.is_(None))
        return [tuple(row) for row in self.session.execute(todos)]

    def entries(self) -> list[AuditEntry]:
        """The trail, first to last."""
        return list(self.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence)))


@pytest.fixture
def bureau(session: Session) -> Bureau:
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD, PUDONG):
        make_division(session, code)
    make_export_caps(session, rows=3)
    make_parameter(session, "release.decide_workdays", 2)
    make_parameter(session, "release.valid_days", 7)
    open_ = partial(make_account, session)
    own = make_organisation(session, division_code=HUANGPU)
    people = {
        "province": open_(Role.PROVINCE),
        "city": open_(Role.CITY),
        "district": open_(Role.DISTRICT),
        "colleague": open_(Role.DISTRICT),
        "district elsewhere": open_(Role.DISTRICT, division_code=PUDONG),
        "street": open_(Role.STREET, division_code=NANJING_EAST_ROAD),
        "provider": open_(Role.PROVIDER, organisation=own),
        "colleague at the provider": open_(Role.PROVIDER, organisation=own),
        "other provider": open_(Role.PROVIDER),
        "hr": open_(Role.HR),
        "hr of the city": open_(Role.HR, division_code="31"),
        "second hr of the city": open_(Role.HR, division_code="31"),
        "health": open_(Role.HEALTH),
        "secadmin": open_(Role.SECADMIN),
    }
    return Bureau(session, people)
