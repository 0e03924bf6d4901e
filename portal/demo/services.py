"""What the stations and providers of the demonstration offer, and two years of what took place.

Named cases, all of the two accounts in 外滩街道: a service that ended and one that begins next month, an activity of
today, one that was entered later (补录), one that was corrected, one that was struck out, a report that waits for the
district and one that came back.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from portal.demo.accounts import Accounts
from portal.demo.identifiers import public_codes
from portal.demo.named_providers import site_key
from portal.demo.pacing import Story
from portal.demo.stations import ACCOUNTS_STREET, station_key
from portal.demo.world import stream
from portal.demo.writing import Written
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.drafts.operations import save_answers
from registry.drafts.questions import Answer
from registry.organisations.models import Site, SiteKind
from registry.policy.queries import working_calendar
from registry.services.activities import (
    Held,
    correct_activity,
    record_activity,
    responsible_on,
    void_activity,
)
from registry.services.models import Activity, ReportKind, Service, ServiceKind
from registry.services.reporting import draft_of
from registry.services.workflow import ServiceReportStep
from registry.workflow.operations import start, take_step

PROVIDER = "one-short"
DISTRICT = "310101"
FIRST_DAY = date(2025, 1, 6)
OFFERS: tuple[tuple[ServiceKind, str, str, str, str], ...] = (
    (ServiceKind.LIVING, "生活技能小组", "135", "09:00–11:30", "活动室"),
    (ServiceKind.SOCIAL, "社交技能小组", "24", "14:00–16:00", "多功能厅"),
    (ServiceKind.FAMILY, "家属互助会", "6", "09:30–11:00", "会议室"),
    (ServiceKind.PEER, "同伴支持小组", "3", "14:00–15:30", "活动室"),
    (ServiceKind.VOCATIONAL, "手工与职业训练", "12345", "09:00–16:00", "工作间"),
    (ServiceKind.MEDICATION, "服药自我管理课", "2", "10:00–11:00", "谈话室"),
    (ServiceKind.PSYCHOLOGICAL, "情绪管理小组", "4", "14:00–15:30", "谈话室"),
    (ServiceKind.PHYSICAL, "健身操和散步", "15", "08:30–09:30", "室外场地"),
    (ServiceKind.RELAPSE, "预防复发讲座", "", "每月一次，另行通知", "会议室"),
)
MINUTES = (60, 90, 90, 120)


@dataclass(frozen=True)
class Desk:
    """One of the two accounts, with what it needs to act."""

    session: Session
    actor: Actor
    site: Site
    trail: Trail
    calendar: WorkingCalendar

    def report(
        self, kind: ReportKind, said: Mapping[str, Answer], at: datetime, service: Service | None = None
    ) -> Any:
        """Drawn up, filled in and handed in."""
        draft = draft_of(kind, self.site, service=service, asked_by_id=self.actor.account_id, at=at)
        by: dict[str, Any] = {"actor": self.actor, "trail": self.trail}
        start(self.session, draft, at=at, calendar=self.calendar, **by)
        save_answers(self.session, draft, said, base=draft.version, at=at + timedelta(minutes=1), **by)
        submitted = at + timedelta(minutes=2)
        take_step(self.session, draft, ServiceReportStep.SUBMIT, at=submitted, calendar=self.calendar, **by)
        return draft

    def record(self, held: Held, service: Service, at: datetime, key: str) -> Activity:
        """As the form does it."""
        return record_activity(
            self.session,
            self.site,
            held,
            service=service,
            actor=self.actor,
            at=at,
            trail=self.trail,
            form_key=f"example-{key}".ljust(24, "-"),
        )


def write_services(
    session: Session, written: Written, accounts: Accounts, *, today: date, trail: Trail
) -> Generator[datetime, None, Activity]:
    """Everything above; gives the activity of today, which has a photo of its sheet."""
    rng = stream("services")
    sites = _sites(session, written)
    _insert_services(session, rng, sites, today)
    _insert_activities(session, rng, sites, today, _names(accounts))
    station = _desk(session, written, accounts, Role.STATION, f"{station_key(ACCOUNTS_STREET)}/0", trail)
    provider = _desk(session, written, accounts, Role.PROVIDER, site_key(PROVIDER, 0), trail)
    yield from _reports(station, provider, Actor.of(accounts[Role.DISTRICT].positions[0]), today)
    return (yield from _cases(station, provider, today))


def _sites(session: Session, written: Written) -> list[Site]:
    """The open sites of stations and providers, in the order of the plan."""
    statement = (
        sa.select(Site)
        .where(
            Site.id.in_(list(written.sites.values())), Site.closed_on.is_(None), Site.kind != SiteKind.OFFICE
        )
        .options(selectinload(Site.placements))
        .order_by(Site.id)
    )
    return list(session.scalars(statement))


def _insert_services(session: Session, rng: Random, sites: Sequence[Site], today: date) -> None:
    rows = [row for number, site in enumerate(sites) for row in _offered(rng, site, number, today)]
    for row, code in zip(rows, public_codes(rng, len(rows)), strict=True):
        row["code"] = code
    session.execute(sa.insert(Service), rows)


def _offered(rng: Random, site: Site, number: int, today: date) -> Iterator[dict[str, Any]]:
    """Two to four at each site."""
    since = max(site.opened_on or FIRST_DAY, date(2023, 3, 1))
    for kind, title, weekdays, hours, place in rng.sample(OFFERS, rng.randint(2, 4)):
        is_paid = rng.random() < 0.15
        yield {
            "kind": kind,
            "title": title,
            "place": f"{rng.randint(1, 3)}楼{place}",
            "weekdays": weekdays,
            "hours": hours,
            "capacity": rng.choice((8, 10, 12, 15, 20, None)),
            "fee": Decimal(10) if is_paid else Decimal(0),
            "fee_note": "材料费" if is_paid else "",
            "contact": "值班社工" if site.kind is SiteKind.STATION else "服务台",
            "phone": f"021-0000{number:04d}",
            "started_on": min(since + timedelta(days=rng.randint(0, 200)), today),
            "ended_on": None,
            "is_example": True,
            "updated_at": _at(today, 8),
            "version": 1,
            "division_code": site.division_code,
            "organisation_id": site.organisation_id,
            "site_id": site.id,
        }


def _insert_activities(
    session: Session, rng: Random, sites: Sequence[Site], today: date, names: dict[int, tuple[str, str]]
) -> None:
    """Each week in 黄浦, each month elsewhere; up to yesterday."""
    offered: dict[int, list[Service]] = {}
    for service in session.scalars(sa.select(Service).order_by(Service.id)):
        offered.setdefault(service.site_id, []).append(service)
    rows = [row for site in sites for row in _held(rng, site, offered[site.id], today, names)]
    codes = public_codes(rng, len(rows))
    for number, (row, code) in enumerate(zip(rows, codes, strict=True)):
        row |= {"code": code, "form_key": f"example-{number:08d}"}
    session.execute(sa.insert(Activity), rows)


def _held(
    rng: Random, site: Site, services: Sequence[Service], today: date, names: dict[int, tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    step = 7 if site.division_code.startswith(DISTRICT) else 30
    code, name = names.get(site.organisation_id, ("", "示例登记员"))
    day = FIRST_DAY + timedelta(days=rng.randint(0, step - 1))
    while day < today:
        service = rng.choice(services)
        if service.started_on <= day and day.weekday() < 5:
            persons = rng.randint(4, 16)
            yield {
                "state": "recorded",
                "held_on": day,
                "kind": service.kind,
                "persons": persons,
                "person_times": persons + rng.choice((0, 0, 0, 2)),
                "minutes": rng.choice(MINUTES),
                "note": "",
                "entered_on": day,
                "entered_at": _at(day, 17),
                "entered_by_code": code,
                "entered_by_name": name,
                "is_example": True,
                "version": 1,
                "division_code": responsible_on(site, day),
                "organisation_id": site.organisation_id,
                "site_id": site.id,
                "service_id": service.id,
            }
        day += timedelta(days=step)


def _names(accounts: Accounts) -> dict[int, tuple[str, str]]:
    """Who entered what, for the organisations that have an account."""
    owners = (accounts[role] for role in (Role.STATION, Role.PROVIDER))
    return {one.positions[0].organisation_id or 0: (one.code, one.name) for one in owners}


def _reports(station: Desk, provider: Desk, officer: Actor, today: date) -> Story:
    """The provider's came back without its hours; the station's waits for the district."""
    new: dict[str, Answer] = {
        "service_kind": ServiceKind.VOCATIONAL.value,
        "title": "咖啡制作与接待训练",
        "place": "1楼",
        "hours": "上午",
        "capacity": "6",
        "contact": "服务台",
        "phone": "021-00000100",
        "effective_on": (today + timedelta(days=21)).isoformat(),
        "explanation": "与街道合办，带教老师已到位。",
    }
    asked = _at(today - timedelta(days=4), 14)
    yield asked
    returned = provider.report(ReportKind.NEW, new, asked)
    yield _at(today - timedelta(days=3), 10)
    take_step(
        provider.session,
        returned,
        ServiceReportStep.RETURN,
        actor=officer,
        at=_at(today - timedelta(days=3), 10),
        trail=provider.trail,
        calendar=provider.calendar,
        reason="服务时间不够具体，公众不知道何时可以来。",
        facts={"weekdays": "请勾选开放日。", "hours": "“上午”请写明起止时间，如09:00–11:30。"},
    )
    service = _first_service(station)
    changed: dict[str, Answer] = {
        "weekdays": sorted({*service.weekdays, "6"}),
        "capacity": "20",
        "explanation": "周六增加一场，方便上班的家属陪同。",
    }
    yield _at(today - timedelta(days=1), 15)
    station.report(ReportKind.CHANGE, changed, _at(today - timedelta(days=1), 15), service)


def _cases(station: Desk, provider: Desk, today: date) -> Generator[datetime, None, Activity]:
    """Late, corrected, struck out, and of today."""
    service, yesterday = _first_service(station), today - timedelta(days=1)
    of_last_week = Held(today - timedelta(days=8), service.kind, 9, 9, 90, "补录：当天停电，纸质登记")
    yield _at(yesterday, 16)
    station.record(of_last_week, service, _at(yesterday, 16), "late")
    yield _at(yesterday, 16, 5)
    wrong = station.record(Held(yesterday, service.kind, 11, 21, 90), service, _at(yesterday, 16, 5), "wrong")
    yield _at(yesterday, 16, 20)
    correct_activity(
        station.session,
        wrong,
        Held(yesterday, service.kind, 11, 12, 90),
        service=service,
        reason="人次多记了9，按签到表更正。",
        version=wrong.version,
        actor=station.actor,
        at=_at(yesterday, 16, 20),
        trail=station.trail,
    )
    theirs = _first_service(provider)
    yield _at(yesterday, 17)
    twice = provider.record(Held(yesterday, theirs.kind, 8, 8, 60), theirs, _at(yesterday, 17), "twice")
    yield _at(yesterday, 17, 10)
    void_activity(
        provider.session,
        twice,
        reason="与同事重复登记。",
        version=twice.version,
        actor=provider.actor,
        at=_at(yesterday, 17, 10),
        trail=provider.trail,
    )
    yield _at(today, 8)
    return station.record(Held(today, service.kind, 12, 12, 90), service, _at(today, 8), "today")


def _first_service(desk: Desk) -> Service:
    statement = (
        sa.select(Service).where(Service.site_id == desk.site.id, Service.weekdays != "").order_by(Service.id)
    )
    return desk.session.scalars(statement.limit(1)).one()


def _desk(session: Session, written: Written, accounts: Accounts, role: Role, key: str, trail: Trail) -> Desk:
    site = session.get_one(Site, written.sites[key])
    actor = Actor.of(accounts[role].positions[0])
    return Desk(session, actor, site, trail, working_calendar(session))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)
