"""Changes of the list of majors: a city with colleagues, and the doors of the workflow."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.majors.models import MajorChange, MajorChangeLine, MajorChangeState, MajorDeed
from registry.majors.operations import Line, Proposal, change_of
from registry.majors.workflow import MajorChangeStep
from registry.policy.models import Grade
from registry.workflow.operations import start, take_step
from registry.workforce.models import Catalogue, MajorFamily
from tests.factories import DAY, NOW, make_account, make_parameter

TRAIL = Trail(key=b"k" * 32, request_id="r-1")
CALENDAR = WorkingCalendar({})
SOCIOLOGY = "030301"


@dataclass(frozen=True)
class Bureau:
    """Two colleagues in the city's civil affairs, and one above them."""

    session: Session
    maker: Account
    colleague: Account
    province: Account

    def draw_up(self, *lines: Line, **facts: Any) -> MajorChange:
        """A draft of the maker's: sociology is to count from today, unless the test says otherwise."""
        actor, proposal = actor_of(self.maker), make_proposal(*lines, **facts)
        change = change_of(proposal, actor=actor, at=NOW)
        start(self.session, change, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR, facts=proposal)
        return change

    def take(
        self, change: MajorChange, step: MajorChangeStep, who: Account, *, at: datetime = NOW, **more: Any
    ) -> None:
        """One of them takes a step."""
        take_step(
            self.session,
            change,
            step,
            actor=actor_of(who),
            at=at,
            trail=TRAIL,
            calendar=CALENDAR,
            **more,
        )

    def publish(self, *lines: Line, **facts: Any) -> MajorChange:
        """The maker hands in, the colleague publishes."""
        change = self.draw_up(*lines, **facts)
        self.take(change, MajorChangeStep.SUBMIT, self.maker)
        self.take(change, MajorChangeStep.PUBLISH, self.colleague)
        return change


def actor_of(account: Account) -> Actor:
    """In the account's first position."""
    return Actor.of(account.positions[0])


def make_bureau(session: Session, division_code: str = "31") -> Bureau:
    """Two in the city, one in the province; the term in which a second person looks."""
    make_parameter(session, "major_change.publish_workdays", 5)
    city = [make_account(session, Role.CITY, division_code=division_code) for _ in range(2)]
    above = make_account(session, Role.PROVINCE, division_code=division_code[:2])
    return Bureau(session, city[0], city[1], above)


def switch(code: str = SOCIOLOGY, deed: MajorDeed = MajorDeed.SWITCH_ON, **facts: Any) -> Line:
    """One line about a major of the undergraduate catalogue."""
    return Line(deed=deed, **({"catalogue": Catalogue.UNDERGRADUATE, "code": code} | facts))


def addition(code: str = "040203", **facts: Any) -> Line:
    """A major that is not on the list yet."""
    new = {"name": "社会体育指导与管理", "family": MajorFamily.PSYCHOLOGY, "counts": True}
    return switch(code, MajorDeed.ADD, **(new | facts))


def make_proposal(*lines: Line, **facts: Any) -> Proposal:
    """What was typed, with everything in it that is asked for."""
    defaults: dict[str, Any] = {
        "valid_from": DAY,
        "is_backdated": False,
        "reason": "市局专题会议确定社会学属于相关专业",
        "source": "示例民〔2026〕18号",
        "grade": Grade.OFFICIAL,
        "lines": lines or (switch(),),
    }
    return Proposal(**(defaults | facts))


def make_major_change(session: Session, account: Account, **facts: Any) -> MajorChange:
    """A row in any state, as if the steps had been taken; one line switches sociology on."""
    position = account.positions[0]
    state = facts.get("state", MajorChangeState.DRAFT)
    is_published = state is MajorChangeState.PUBLISHED
    defaults: dict[str, Any] = {
        "state": state,
        "division_code": position.division_code,
        "valid_from": date(2027, 1, 1),
        "reason": "市局专题会议确定社会学属于相关专业",
        "source": "示例民〔2026〕18号",
        "grade": Grade.OFFICIAL,
        "made_by": account.code,
        "drawn_up_at": NOW,
        "submitted_at": None if state is MajorChangeState.DRAFT else NOW,
        "published_at": NOW if is_published else None,
        "proposed_as": position.role,
        "proposed_by": account,
    }
    line = MajorChangeLine(
        deed=MajorDeed.SWITCH_ON,
        catalogue=Catalogue.UNDERGRADUATE,
        code=SOCIOLOGY,
        name="社会学",
        family=MajorFamily.SOCIAL_WORK,
        counts=True,
        note="",
    )
    change = MajorChange(**(defaults | facts), lines=[line])
    session.add(change)
    session.flush()
    return change
