"""The workbook of services: each row is a report to the district, which confirms it before anything is offered.

A file is no way around the two of them: what it says is handed in through the workflow, by whoever loads it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.audit.trail import Trail
from registry.drafts.operations import save_answers
from registry.drafts.questions import Answer
from registry.drafts.reading import faults
from registry.intake.declaration import Context, Findings, Judged, Outcome
from registry.intake.kinds.own_sites import OwnSites
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.parsing import Cell, CellProblem, half_width
from registry.policy.queries import working_calendar
from registry.services.facets import Charge, Weekday
from registry.services.models import ReportKind, Service, ServiceKind, ServiceReport
from registry.services.queries import OPEN_STATES
from registry.services.questions import QUESTIONS, answers_of
from registry.services.reporting import draft_of
from registry.services.workflow import ServiceReportStep
from registry.workflow.operations import start, take_step

DAYS = {name: str(place) for place, name in enumerate("一二三四五六日", start=1)} | {"天": "7"}
BY_APPOINTMENT = frozenset({"按预约", "预约", "byappointment"})
EVERY_DAY = frozenset({"每天", "每日", "daily"})
_PREFIX = re.compile(r"周|星期|礼拜")
_RUN = re.compile(r"([1-7])[至到\-–—~]([1-7])")
_APART = re.compile(r"[、,，;；/\s]+")

COLUMN_OF = {"service_kind": "kind"}
"""Questions that a column answers under another name."""


def weekdays(cell: Cell) -> tuple[Weekday, ...]:
    """周一、周三; 周一至周五; 1,3,5; 每天; 按预约 is no day."""
    words = "".join(half_width(cell).casefold().split())
    if words in BY_APPOINTMENT:
        return ()
    if words in EVERY_DAY:
        return tuple(Weekday)
    digits = "".join(DAYS.get(character, character) for character in _PREFIX.sub("", words))
    found = [day for part in filter(None, _APART.split(digits)) for day in _days_in(part)]
    if not found or not set(found) <= set("1234567"):
        raise CellProblem(
            message(N_("读不出是星期几。")),
            message(N_("请按“周一、周三”“周一至周五”“每天”或“按预约”的写法填写。")),
        )
    return tuple(Weekday(day) for day in sorted(set(found)))


def _days_in(part: str) -> list[str]:
    run = _RUN.fullmatch(part)
    if run is None or run[1] > run[2]:
        return list(part)
    return [str(day) for day in range(int(run[1]), int(run[2]) + 1)]


class ServiceRow(NamedTuple):
    """One row; what is blank or could not be read is None."""

    number: int
    site_code: str | None
    site_name: str | None
    kind: ServiceKind | None
    title: str | None
    place: str | None
    weekdays: tuple[Weekday, ...] | None
    hours: str | None
    capacity: int | None
    charge: Charge | None
    fee: str | None
    fee_note: str | None
    contact: str | None
    phone: str | None
    effective_on: date | None
    explanation: str | None

    @property
    def offer(self) -> dict[str, Answer]:
        """What is offered, as answers to the questions of a report; blanks answer nothing."""
        charge = self.charge or (Charge.PAID if self.fee else Charge.FREE)
        said: dict[str, Answer | None] = {
            "service_kind": self.kind.value if self.kind else None,
            "title": self.title,
            "place": self.place,
            "weekdays": [day.value for day in self.weekdays or ()],
            "hours": self.hours,
            "capacity": None if self.capacity is None else str(self.capacity),
            "charge": charge.value,
            "fee": self.fee,
            "fee_note": self.fee_note,
            "contact": self.contact,
            "phone": self.phone,
        }
        return {key: answer for key, answer in said.items() if answer}

    def answers(self, kind: ReportKind) -> dict[str, Answer]:
        """The offer, from which day on where it is new, and why."""
        said = self.offer
        if kind is ReportKind.NEW and self.effective_on:
            said["effective_on"] = self.effective_on.isoformat()
        return said | ({"explanation": self.explanation} if self.explanation else {})


@dataclass(frozen=True)
class ServiceLookups:
    """The organisation's sites, what it offers there, what it has in hand, and what the load leaves to be handed in."""

    context: Context
    sites: OwnSites
    offered: Mapping[tuple[int, str], Service]
    """By site and title."""
    reported: Mapping[tuple[int, str], ServiceReport]
    """Reports in hand."""
    wanted: list[tuple[Site, Service | None, ServiceRow]] = field(default_factory=list)


def prepare(session: Session, context: Context) -> ServiceLookups:
    """Of one organisation."""
    own, on = context.organisation_id, context.on
    services = sa.select(Service).where(
        Service.organisation_id == own, sa.or_(Service.ended_on.is_(None), Service.ended_on > on)
    )
    in_hand = sa.select(ServiceReport).where(
        ServiceReport.organisation_id == own, ServiceReport.state.in_(OPEN_STATES)
    )
    of_report = (joinedload(ServiceReport.site), joinedload(ServiceReport.service))
    return ServiceLookups(
        context=context,
        sites=OwnSites.load(session, own),
        offered={
            (one.site_id, one.title): one
            for one in session.scalars(services.options(joinedload(Service.site)))
        },
        reported={
            (one.site_id, one.service.title if one.service else one.title): one
            for one in session.scalars(in_hand.options(*of_report))
        },
    )


def judge(rows: Sequence[ServiceRow], lookups: ServiceLookups, findings: Findings) -> list[Outcome]:
    """By the questions and checks of the page on which one service is reported."""
    seen: dict[tuple[int, str], int] = {}
    return [_judge_row(row, lookups, seen, findings) for row in rows]


def _judge_row(
    row: ServiceRow, lookups: ServiceLookups, seen: dict[tuple[int, str], int], findings: Findings
) -> Outcome:
    site = lookups.sites.find(row, findings)
    if site is None or row.title is None:
        _check_answers(row, ReportKind.CHANGE, findings)
        return Outcome.ERROR
    key = site.id, row.title
    first = seen.setdefault(key, row.number)
    if first != row.number:
        findings.error(
            row.number,
            "title",
            message(N_("与第%(row)s行是同一个服务项目。"), row=first),
            message(N_("请核对后只留正确的一行。")),
        )
    service = lookups.offered.get(key)
    kind = ReportKind.NEW if service is None else ReportKind.CHANGE
    _check_site(row, site, lookups.context.on, findings)
    _check_answers(row, kind, findings)
    if service is not None and row.offer == answers_of(service):
        return Outcome.SAME
    report = lookups.reported.get(key)
    if report is not None:
        return _judge_in_hand(row, report, kind, findings)
    return Outcome.CREATE if service is None else Outcome.UPDATE


def _judge_in_hand(row: ServiceRow, report: ServiceReport, kind: ReportKind, findings: Findings) -> Outcome:
    """The same report is not handed in a second time, and another one waits for it."""
    if report.answers == row.answers(kind):
        return Outcome.SAME
    _error(
        findings,
        row,
        "title",
        N_("这个服务项目已有一件未办结的申报，内容不同。"),
        N_("请先办结、撤回或放弃那一件；要改的内容也可以直接写在那一件里。"),
    )
    return Outcome.ERROR


def _check_site(row: ServiceRow, site: Site, on: date, findings: Findings) -> None:
    if site.closed_on is not None and site.closed_on <= on:
        _error(findings, row, "site_name", N_("这个站点已停用。"), N_("请删去这一行，或改填在用的站点。"))
    day = row.effective_on
    if day is not None and site.opened_on is not None and day < site.opened_on:
        _error(findings, row, "effective_on", N_("开始日期早于站点的启用日期。"), N_("请核对两个日期。"))


def _check_answers(row: ServiceRow, kind: ReportKind, findings: Findings) -> None:
    for fault in faults(QUESTIONS[kind], row.answers(kind)):
        column = COLUMN_OF.get(fault.field, fault.field)
        if not findings.is_flawed(row.number, column):
            what = fault.message or message(N_("请核对。"))
            findings.error(row.number, column, what, message(N_("请按这一列的填写说明修改。")))


def _error(findings: Findings, row: ServiceRow, key: str, what: str, remedy: str) -> None:
    findings.error(row.number, key, message(what), message(remedy))


def apply(
    _session: Session, judged: Sequence[Judged[ServiceRow]], lookups: ServiceLookups, _context: Context
) -> None:
    """Who hands them in is known a moment later."""
    for row in (entry.row for entry in judged):
        site = lookups.sites.named_by(row)
        if site is not None:
            lookups.wanted.append((site, lookups.offered.get((site.id, row.title or "")), row))


def hand_in(session: Session, lookups: ServiceLookups, actor: Actor, at: datetime, trail: Trail) -> None:
    """Each row goes the way of one report: drawn up, answered, handed in; one that is refused refuses the file."""
    taken: dict[str, Any] = {"actor": actor, "at": at, "trail": trail, "calendar": working_calendar(session)}
    for site, service, row in lookups.wanted:
        kind = ReportKind.NEW if service is None else ReportKind.CHANGE
        report = draft_of(kind, site, service=service, asked_by_id=actor.account_id, at=at)
        start(session, report, **taken)
        answers = dict.fromkeys(report.answers, "") | row.answers(kind)
        save_answers(session, report, answers, base=report.version, actor=actor, at=at, trail=trail)
        take_step(session, report, ServiceReportStep.SUBMIT, version=report.version, **taken)
