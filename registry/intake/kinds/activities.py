"""The workbook of activities: what took place at an organisation's own sites, in numbers; it names no client."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.trail import Trail
from registry.base import new_codes
from registry.intake.declaration import Column, Context, Findings, Judged, Outcome, WorkbookKind
from registry.intake.kinds.own_sites import NAMING_A_SITE, OwnSites
from registry.intake.parsers import Choice
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.parsing import day, integer, text
from registry.services.activities import Held, entered, faults
from registry.services.models import Activity, ActivityState, Service, ServiceKind
from registry.turns import take_turns

KINDS_OF_SERVICE = Choice(ServiceKind)
SAID = ("held_on", "kind", "persons", "person_times", "minutes", "note")

Said = tuple[Any, ...]
"""Site, service, and what is said of the activity."""


class ActivityRow(NamedTuple):
    """One row; what is blank or could not be read is None."""

    number: int
    site_code: str | None
    site_name: str | None
    held_on: date | None
    kind: ServiceKind | None
    service: str | None
    persons: int | None
    person_times: int | None
    minutes: int | None
    note: str | None

    @property
    def is_whole(self) -> bool:
        """Whether everything that is needed could be read."""
        return None not in (self.held_on, self.kind, self.persons, self.minutes)

    def held(self, on: date) -> Held:
        """What is recorded; harmless where something is missing, so that the rest can be looked at."""
        persons = self.persons or 0
        person_times = persons if self.person_times is None else self.person_times
        minutes = 1 if self.minutes is None else self.minutes
        kind = self.kind or ServiceKind.OTHER
        return Held(self.held_on or on, kind, persons, person_times, minutes, self.note or "")


@dataclass(frozen=True)
class ActivityLookups:
    """The organisation's sites, services and records, and what the load leaves to be entered."""

    context: Context
    sites: OwnSites
    services: Sequence[Service]
    recorded: set[Said]
    days: set[Said]
    """Site, service, kind and day of each record."""
    wanted: list[tuple[Site, Service | None, Held]] = field(default_factory=list)


def prepare(session: Session, context: Context) -> ActivityLookups:
    """Of one organisation; voided records are as if they had never been."""
    own = context.organisation_id
    columns = [getattr(Activity, name) for name in SAID]
    found = session.execute(
        sa.select(Activity.site_id, Activity.service_id, *columns).where(
            Activity.organisation_id == own, Activity.state == ActivityState.RECORDED
        )
    )
    recorded = {tuple(row) for row in found}
    return ActivityLookups(
        context=context,
        sites=OwnSites.load(session, own),
        services=session.scalars(sa.select(Service).where(Service.organisation_id == own)).all(),
        recorded=recorded,
        days={said[:4] for said in recorded},
    )


def judge(rows: Sequence[ActivityRow], lookups: ActivityLookups, findings: Findings) -> list[Outcome]:
    """By the rules of the page on which one activity is recorded."""
    return [_judge_row(row, lookups, findings) for row in rows]


def _judge_row(row: ActivityRow, lookups: ActivityLookups, findings: Findings) -> Outcome:
    on = lookups.context.on
    site, held = lookups.sites.find(row, findings), row.held(on)
    service = _service_of(row, site, lookups, findings) if site is not None else None
    for fault in faults(site or Site(), held, service=service, today=on):
        if not findings.is_flawed(row.number, fault.field):
            findings.error(row.number, fault.field, fault.message or message(CHECK), message(CHECK))
    if site is None or not row.is_whole:
        return Outcome.ERROR
    said = _said(site, service, held)
    if said in lookups.recorded:
        return Outcome.SAME
    if said[:4] in lookups.days:
        findings.warning(
            row.number,
            "held_on",
            message(N_("这一天已登记过同类的活动，人数、时长或备注不同。")),
            message(N_("确实是另一场的不用改；要更正已登记的，请删去这一行，到那条记录里更正。")),
        )
    return Outcome.CREATE


CHECK = N_("请核对原始记录后重填。")


def _service_of(row: ActivityRow, site: Site, lookups: ActivityLookups, findings: Findings) -> Service | None:
    """Of several services of one title the one that was offered on the day, else the last."""
    if not row.service or row.held_on is None:
        return None
    found = [one for one in lookups.services if one.site_id == site.id and one.title == row.service]
    if not found:
        findings.error(
            row.number,
            "service",
            message(N_("这个站点没有叫这个名称的服务项目。")),
            message(N_("请填写登记的项目名称；不属于服务项目的活动留空。")),
        )
        return None
    service = next((one for one in found if one.is_offered_on(row.held_on)), found[-1])
    if service.kind is not row.kind:
        findings.error(
            row.number,
            "kind",
            message(N_("与服务项目“%(title)s”的类别不同。"), title=service.title),
            message(N_("请按服务项目的类别填写，或清空服务项目。")),
        )
    return service


def _said(site: Site, service: Service | None, held: Held) -> Said:
    """In an order in which the first four tell one activity of a day from another."""
    return (site.id, service.id if service else None, *(getattr(held, name) for name in SAID))


def apply(
    _session: Session,
    judged: Sequence[Judged[ActivityRow]],
    lookups: ActivityLookups,
    _context: Context,
) -> None:
    """Who enters them is known a moment later."""
    for row in (entry.row for entry in judged):
        site = lookups.sites.named_by(row)
        if site is not None:
            held = row.held(lookups.context.on)
            lookups.wanted.append((site, _known_service(row, site, lookups), held))


def _known_service(row: ActivityRow, site: Site, lookups: ActivityLookups) -> Service | None:
    return _service_of(row, site, lookups, _Silent())


class _Silent:
    """Everything was found before."""

    def error(self, *_finding: Any) -> None: ...

    def warning(self, *_finding: Any) -> None: ...

    def is_flawed(self, _row: int, _key: str) -> bool:
        return False


def enter(session: Session, lookups: ActivityLookups, actor: Actor, at: datetime, _trail: Trail) -> None:
    """Each row is a record of whoever loads it, as if typed; the entry of the load names the file."""
    take_turns(session, *{site.id: site for site, _service, _held in lookups.wanted}.values())
    keys = new_codes(len(lookups.wanted))
    session.add_all(
        entered(site, held, service, actor, at, f"intake-{key}")
        for (site, service, held), key in zip(lookups.wanted, keys, strict=True)
    )
    session.flush()


ACTIVITIES = WorkbookKind(
    code="activities",
    zh="活动记录",
    en="Activities",
    version=1,
    columns=(
        *NAMING_A_SITE,
        Column(
            key="held_on",
            zh="活动日期",
            en="Held on",
            parse=day,
            required=True,
            hint_zh="如2026-11-23；不晚于导入当天，早于当天的按补录登记。",
            hint_en="Such as 2026-11-23; not after the day of the load, and marked as late before it.",
            example="2026-11-23",
        ),
        Column(
            key="kind",
            zh="服务类别",
            en="Kind",
            parse=KINDS_OF_SERVICE,
            choices=KINDS_OF_SERVICE.terms,
            required=True,
            hint_zh="从下拉列表中选择。",
            hint_en="Choose from the list.",
            example="生活技能训练",
        ),
        Column(
            key="service",
            zh="服务项目",
            en="Service",
            parse=text(),
            aliases=("项目名称",),
            hint_zh="属于哪个登记的服务项目，填项目名称；不属于的留空。",
            hint_en="The title of the service that it belongs to; blank where it belongs to none.",
            width=24,
        ),
        Column(
            key="persons",
            zh="参加人数",
            en="Persons",
            parse=integer,
            aliases=("人数",),
            required=True,
            hint_zh="参加的服务对象人数，没有人来填0。",
            hint_en="How many clients took part; 0 where nobody came.",
            example="12",
        ),
        Column(
            key="person_times",
            zh="人次",
            en="Person-times",
            parse=integer,
            hint_zh="一人参加上下午两场计两次；与人数相同可留空。",
            hint_en="Somebody who came twice is counted twice; blank where it is the same as persons.",
            example="12",
        ),
        Column(
            key="minutes",
            zh="时长（分钟）",
            en="Minutes",
            parse=integer,
            aliases=("时长",),
            required=True,
            hint_zh="一场活动多少分钟，1至1440。",
            hint_en="How long it took, 1 to 1440.",
            example="90",
        ),
        Column(
            key="note",
            zh="备注",
            en="Note",
            parse=text(200),
            hint_zh="不写服务对象的姓名、证件号码、手机号、住址和病情。",
            hint_en="No client's name, number, telephone, address or illness.",
            width=28,
            names_nobody=True,
        ),
    ),
    row_type=ActivityRow,
    identity=lambda row: None,  # two groups on one day may say the same but for the note
    prepare=prepare,
    judge=judge,
    apply=apply,
    followed_by=enter,
    action=Action.ACTIVITY_RECORD,
)
