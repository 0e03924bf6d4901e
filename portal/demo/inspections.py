"""Inspections and awards: one closed, one overdue, one defended, one that waits for its provider; a model place.

Everything happened before the provider's latest changes of address: the trail of the demonstration runs forwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.pacing import Story
from portal.demo.writing import Written
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.inspections.awarding import GivenDemonstration, GivenRating, record_award
from registry.inspections.defending import lapse_defences
from registry.inspections.models import FindingItem, Inspection, InspectionKind, Severity
from registry.inspections.operations import Found, Report, SecondLook, Visit, draft_of
from registry.inspections.ratings import DemonstrationLevel, RatingGrade
from registry.inspections.workflow import InspectionStep
from registry.organisations.models import Organisation, Standing, StandingKind
from registry.policy.queries import working_calendar
from registry.workflow.operations import start, take_step

CLOSED = WAITING = "one-short"
RATED = "exactly"
SHOWN = "strong"
DISTRICT = "310101"
INSPECTORS = ("王示例", "赵示例")
CITY_OFFICE = "示例市民政局"

Deed = tuple[datetime, Callable[[], None]]


@dataclass
class Bureau:
    """Takes steps for the officers and for the providers, each at its own time."""

    session: Session
    accounts: Accounts
    trail: Trail
    calendar: WorkingCalendar

    def actor(self, role: Role) -> Actor:
        """One of the demonstration's accounts."""
        return Actor.of(self.accounts[role].positions[0])

    def record(self, organisation: Organisation, visit: Visit, at: datetime) -> Inspection:
        """The district's officer puts a visit on record."""
        inspection = draft_of(organisation, visit, at=at)
        start(self.session, inspection, actor=self.actor(Role.DISTRICT), facts=visit, **self._door(at))
        return inspection

    def step(
        self, inspection: Inspection, step: InspectionStep, by: Actor, at: datetime, **more: Any
    ) -> None:
        """One step of one inspection."""
        take_step(self.session, inspection, step, actor=by, **self._door(at), **more)

    def owner_of(self, organisation: Organisation) -> Actor:
        """The provider's account, as if it stood in that organisation."""
        return replace(self.actor(Role.PROVIDER), organisation_id=organisation.id)

    def _door(self, at: datetime) -> dict[str, Any]:
        return {"at": at, "trail": self.trail, "calendar": self.calendar}


def write_inspections(
    session: Session, written: Written, accounts: Accounts, *, today: date, trail: Trail
) -> Story:
    """All of them, step by step in the order of time."""
    bureau = Bureau(session, accounts, trail, working_calendar(session))
    late, defended = _others(session, written)
    named = {key: session.get_one(Organisation, written.organisations[key]) for key in (CLOSED, RATED, SHOWN)}
    deeds = [
        *_awards(bureau, named),
        *_closed(bureau, named[CLOSED]),
        *_overdue(bureau, late, today),
        *_defended(bureau, defended, today),
        *_waiting(bureau, named[WAITING], today),
        _night(session, today),
    ]
    for at, deed in sorted(deeds, key=lambda one: one[0]):
        yield at
        deed()


def _night(session: Session, today: date) -> Deed:
    """The night before today: what nobody used by its last day waits no longer."""
    at = datetime.combine(today, time(0, 5), SHANGHAI)

    def lapse() -> None:
        lapse_defences(session, on=today - timedelta(days=1), at=at)

    return at, lapse


def _others(session: Session, written: Written) -> Sequence[Organisation]:
    """Two more listed providers of the district, by name."""
    listed = sa.select(Standing.organisation_id).where(
        Standing.kind == StandingKind.PROVIDER, Standing.ended_on.is_(None)
    )
    found = (
        sa.select(Organisation)
        .where(Organisation.division_code.startswith(DISTRICT), Organisation.id.in_(listed))
        .where(Organisation.id != written.organisations[CLOSED], Organisation.opened_on < date(2025, 1, 1))
    )
    return session.scalars(found.order_by(Organisation.name).limit(2)).all()


def _closed(bureau: Bureau, organisation: Organisation) -> list[Deed]:
    """Entered three days after the visit, put right at the second attempt, closed by the city."""
    visit = Visit(
        InspectionKind.SPECIAL, date(2026, 3, 10), INSPECTORS, "消防安全专项检查：器材、通道、用电。", None
    )
    found = (
        Found(FindingItem.SAFETY, "二楼活动室灭火器2具过期。", Severity.ORDINARY, date(2026, 3, 31)),
        Found(FindingItem.RECORDS, "安全巡查记录缺2026年2月。", Severity.MINOR, date(2026, 3, 31)),
    )
    case = _case(bureau, organisation, visit, found, recorded=date(2026, 3, 13), told=date(2026, 3, 13))
    done = Report({1: date(2026, 3, 25), 2: date(2026, 3, 20)}, "灭火器已更换，巡查记录已补齐。")
    again = Report({1: date(2026, 4, 14)}, "两具均已换新，附购置单。")
    officer, owner = bureau.actor(Role.DISTRICT), bureau.owner_of(organisation)
    half = SecondLook((2,), "仍有1具过期。", date(2026, 4, 17))
    steps = InspectionStep
    return [
        *case.deeds,
        case.deed(steps.REPORT, owner, date(2026, 3, 26), facts=done),
        case.deed(steps.SEND_BACK, officer, date(2026, 4, 1), facts=half),
        case.deed(steps.REPORT, owner, date(2026, 4, 15), facts=again),
        case.deed(
            steps.CLEAR, officer, date(2026, 4, 17), facts=SecondLook((1,), "现场查看，均在有效期内。")
        ),
        case.deed(steps.CLOSE, bureau.actor(Role.CITY), date(2026, 4, 20)),
    ]


def _overdue(bureau: Bureau, organisation: Organisation, today: date) -> list[Deed]:
    """Nobody has put anything right, and the day has passed."""
    visited = today - timedelta(days=80)
    visit = Visit(InspectionKind.RANDOM, visited, INSPECTORS, "双随机抽查：人员资质、服务档案。", None)
    found = (
        Found(
            FindingItem.RECORDS,
            "抽查10份服务档案，3份没有阶段评估。",
            Severity.ORDINARY,
            today - timedelta(days=20),
        ),
        Found(FindingItem.STAFF, "1名护理员没有岗前培训记录。", Severity.MINOR, today - timedelta(days=12)),
    )
    told = visited + timedelta(days=2)
    return _case(bureau, organisation, visit, found, recorded=visited, told=told).deeds


def _defended(bureau: Bureau, organisation: Organisation, today: date) -> list[Deed]:
    """The provider says that the finding is not so; the officer has to answer."""
    visited = today - timedelta(days=22)
    visit = Visit(InspectionKind.ROUTINE, visited, INSPECTORS, "第四季度日常检查：收费公示、服务记录。", None)
    found = (
        Found(FindingItem.MONEY, "服务大厅没有公示收费项目。", Severity.MINOR, today + timedelta(days=8)),
    )
    told = visited + timedelta(days=2)
    case = _case(bureau, organisation, visit, found, recorded=visited, told=told)
    words = "收费公示栏检查当日送修，已于次日挂回，附维修单和照片。"
    owner = bureau.owner_of(organisation)
    return [
        *case.deeds,
        case.deed(InspectionStep.DEFEND, owner, told + timedelta(days=4), facts=words),
    ]


def _waiting(bureau: Bureau, organisation: Organisation, today: date) -> list[Deed]:
    """The provider has still some days."""
    visited = today - timedelta(days=16)
    visit = Visit(
        InspectionKind.ROUTINE, visited, INSPECTORS, "第四季度日常检查：人员在岗、活动记录、场所设施。", None
    )
    found = (
        Found(
            FindingItem.SERVICE,
            "活动签到表与登记人数不符1次（10月21日）。",
            Severity.ORDINARY,
            today + timedelta(days=12),
        ),
        Found(FindingItem.PREMISES, "无障碍扶手松动，需加固。", Severity.MINOR, today + timedelta(days=12)),
    )
    told = visited + timedelta(days=2)
    return _case(bureau, organisation, visit, found, recorded=visited, told=told).deeds


@dataclass
class Case:
    """One inspection on its way; it comes into being with its first deed."""

    bureau: Bureau
    deeds: list[Deed]
    inspection: Inspection | None = None

    def deed(self, step: InspectionStep, by: Actor, on: date, **more: Any) -> Deed:
        """A step to be taken on its day."""
        return _at(on), lambda: self._take(step, by, on, more)

    def _take(self, step: InspectionStep, by: Actor, on: date, more: dict[str, Any]) -> None:
        if self.inspection is None:
            raise ValueError("a step before the visit was recorded")
        self.bureau.step(self.inspection, step, by, _at(on), **more)


def _case(
    bureau: Bureau,
    organisation: Organisation,
    visit: Visit,
    found: Sequence[Found],
    *,
    recorded: date,
    told: date,
) -> Case:
    """Recorded with its findings, and told."""
    case, officer = Case(bureau, []), bureau.actor(Role.DISTRICT)

    def record() -> None:
        case.inspection = bureau.record(organisation, visit, _at(recorded))
        for one in found:
            bureau.step(case.inspection, InspectionStep.ADD_FINDING, officer, _at(recorded), facts=one)

    case.deeds.append((_at(recorded), record))
    case.deeds.append(case.deed(InspectionStep.NOTIFY, officer, told))
    return case


def _awards(bureau: Bureau, named: dict[str, Organisation]) -> list[Deed]:
    """One grade that expired, one in force, and a demonstration place of the city."""
    expired = GivenRating(
        RatingGrade.THREE_A, date(2021, 7, 1), date(2026, 7, 1), CITY_OFFICE, "示例民社〔2021〕18号"
    )
    held = GivenRating(
        RatingGrade.FOUR_A, date(2024, 1, 1), date(2029, 1, 1), CITY_OFFICE, "示例民社〔2023〕41号"
    )
    shown = GivenDemonstration(
        DemonstrationLevel.CITY,
        "精神障碍社区康复服务示范点",
        date(2025, 6, 1),
        None,
        CITY_OFFICE,
        "示例民残福〔2025〕9号",
    )
    on = date(2025, 6, 10)
    return [
        _award(bureau, named[CLOSED], expired, on),
        _award(bureau, named[RATED], held, on),
        _award(bureau, named[SHOWN], held, on),
        _award(bureau, named[SHOWN], shown, on),
    ]


def _award(
    bureau: Bureau, organisation: Organisation, given: GivenRating | GivenDemonstration, on: date
) -> Deed:
    def record() -> None:
        city = bureau.actor(Role.CITY)
        record_award(bureau.session, organisation, given, actor=city, at=_at(on), trail=bureau.trail)

    return _at(on), record


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10, 30), SHANGHAI)
