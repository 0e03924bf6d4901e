"""What the steps of an inspection do to it; they are taken through the workflow (workflow.py has the table)."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from registry.errors import InvalidInput, RequirementUnmet
from registry.inspections.defending import defence_begun, refuse_late_defence
from registry.inspections.models import (
    Finding,
    FindingItem,
    Inspection,
    InspectionKind,
    Outcome,
    Severity,
)
from registry.messages import N_, Message, message
from registry.organisations.models import Organisation, Site
from registry.policy.queries import parameter
from registry.workflow_table import Facts, Occasion

LEAST_INSPECTORS = "inspection.least_inspectors"
"""Policy parameter: how many people visit together."""
RECTIFY_DAYS = "inspection.rectify_days"
"""Policy parameter: the longest term for putting something right, in days from the visit."""


@dataclass(frozen=True)
class Visit:
    """What an officer types about a visit."""

    kind: InspectionKind
    visited_on: date
    inspectors: tuple[str, ...]
    scope: str
    site: Site | None


@dataclass(frozen=True)
class Found:
    """What an officer types about one problem."""

    item: FindingItem
    problem: str
    severity: Severity
    rectify_by: date


@dataclass(frozen=True)
class Report:
    """What the provider put right: the day for each finding by its number, and how."""

    rectified: Mapping[int, date]
    text: str


@dataclass(frozen=True)
class SecondLook:
    """How each finding that was open looks now, by its number; `rectify_by` is the new day for what failed."""

    passed: Collection[int]
    remark: str
    rectify_by: date | None = None


def draft_of(organisation: Organisation, visit: Visit, *, at: datetime) -> Inspection:
    """A new record, not yet in any session: the workflow starts it."""
    return Inspection(
        organisation=organisation,
        organisation_id=organisation.id,
        division_code=visit.site.division_code if visit.site else organisation.division_code,
        recorded_at=at,
        kind=visit.kind,
        visited_on=visit.visited_on,
        inspectors="、".join(visit.inspectors),
        scope=visit.scope,
        site=visit.site,
        findings=[],
        judged_by="",
    )


def begin(session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """A first record of a visit."""
    return fill(session, inspection, occasion)


def fill(session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """Put what was typed into the draft; the first fault is refused."""
    visit: Visit = occasion.facts
    with session.no_autoflush:
        _refuse_visit(session, inspection, visit, occasion.on)
    inspection.kind, inspection.visited_on, inspection.scope = visit.kind, visit.visited_on, visit.scope
    inspection.inspectors = "、".join(visit.inspectors)
    inspection.site = visit.site
    owner = visit.site or inspection.organisation
    inspection.division_code = owner.division_code
    inspection.judge(occasion.actor.people)
    return {"visited_on": visit.visited_on.isoformat(), "kind": visit.kind.value}


def add_finding(session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """One more problem; numbers go on from the last."""
    found: Found = occasion.facts
    _refuse_day(session, inspection, found.rectify_by, occasion.on)
    inspection.judge(occasion.actor.people)
    number = max((finding.number for finding in inspection.findings), default=0) + 1
    inspection.findings.append(Finding(number=number, **asdict(found)))
    return {"number": number, "item": found.item.value}


def change_finding(session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """Replace what a draft says of one problem; None in place of it takes it out."""
    number, found = occasion.facts
    finding = finding_of(inspection, number)
    inspection.judge(occasion.actor.people)
    if found is None:
        inspection.findings.remove(finding)
        return {"number": number, "removed": True}
    _refuse_day(session, inspection, found.rectify_by, occasion.on)
    for name, value in asdict(found).items():
        setattr(finding, name, value)
    return {"number": number, "item": found.item.value}


def notify(session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """The organisation is told, and the days in which it may defend itself begin."""
    _refuse_past_days(inspection, occasion.on)
    inspection.defend_by = defence_begun(session, inspection, occasion.at)
    inspection.notified_at = occasion.at  # last: a draft that knows of it is no row of the table
    return {"findings": len(inspection.findings), "defend_by": inspection.defend_by.isoformat()}


def conclude(_session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """Nothing was found: somebody who did not record the visit says so to the organisation and closes it."""
    inspection.notified_at = inspection.closed_at = occasion.at
    return {"findings": 0}


def defend(session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """The organisation says why something is not as it was found."""
    refuse_late_defence(session, inspection, occasion.at)
    inspection.defence, inspection.defended_at = str(occasion.facts), occasion.at
    return {}


def uphold(_session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """The findings stand, but for those whose numbers are given."""
    dropped = sorted(set(occasion.facts or ()))
    standing = {finding.number for finding in inspection.open_findings}
    if standing <= set(dropped):
        raise RequirementUnmet(message(N_("全部问题都不再追究的，请改办“采纳申辩”。")))
    _drop(inspection, dropped, occasion.on)
    inspection.judge(occasion.actor.people)
    return {"dropped": dropped}


def accept_defence(_session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """No finding stands; what is left is for another officer to close."""
    dropped = [finding.number for finding in inspection.open_findings]
    _drop(inspection, dropped, occasion.on)
    inspection.judge(occasion.actor.people)
    return {"dropped": dropped}


def report(_session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """What the provider says it has put right; every finding that is open has its day."""
    told: Report = occasion.facts
    for finding in inspection.open_findings:
        day = told.rectified.get(finding.number)
        _refuse_rectified(inspection, finding, day, occasion.on)
        finding.rectified_on = day
    inspection.report, inspection.reported_at = told.text, occasion.at
    return {"rectified": {str(number): day.isoformat() for number, day in told.rectified.items()}}


def pass_all(_session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """The second look found everything put right."""
    look: SecondLook = occasion.facts
    for finding in inspection.open_findings:
        finding.outcome, finding.settled_on, finding.remark = Outcome.PASSED, occasion.on, look.remark
    inspection.judge(occasion.actor.people)
    return {"passed": [finding.number for finding in inspection.standing]}


def send_back(session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """The second look found something as it was: a new day is set for it; what passed is settled."""
    look: SecondLook = occasion.facts
    left = [finding for finding in inspection.open_findings if finding.number not in look.passed]
    if not left:
        raise RequirementUnmet(message(N_("全部问题都已整改到位的，请改办“复查合格”。")))
    day = _new_day(session, inspection, look.rectify_by, occasion.on)
    for finding in inspection.open_findings:
        finding.remark = look.remark
        if finding in left:
            finding.send_back(day, occasion.on)
        else:
            finding.outcome, finding.settled_on = Outcome.PASSED, occasion.on
    inspection.judge(occasion.actor.people)
    return {"passed": sorted(look.passed), "failed": [finding.number for finding in left]}


def close(_session: Session, inspection: Inspection, occasion: Occasion) -> Facts:
    """Over."""
    inspection.closed_at = occasion.at
    return {}


def finding_of(inspection: Inspection, number: int) -> Finding:
    """One finding by its number; RequirementUnmet where somebody took it out meanwhile."""
    found = next((finding for finding in inspection.findings if finding.number == number), None)
    if found is None:
        raise RequirementUnmet(message(N_("这条问题已被删除，请回到检查记录核对。")))
    return found


def has_findings(inspection: Inspection) -> Message | None:
    """Requirement of telling the organisation what to put right."""
    if inspection.findings:
        return None
    return message(N_("还没有登记问题。没有发现问题的，请由另一名检查人员办理“未发现问题，结案”。"))


def has_no_findings(inspection: Inspection) -> Message | None:
    """Requirement of closing a visit at once."""
    return message(N_("已登记问题，不能按“未发现问题”结案。")) if inspection.findings else None


def _drop(inspection: Inspection, numbers: Collection[int], on: date) -> None:
    for finding in inspection.open_findings:
        if finding.number in numbers:
            finding.outcome, finding.settled_on = Outcome.DROPPED, on


def _refuse_visit(session: Session, inspection: Inspection, visit: Visit, today: date) -> None:
    if visit.visited_on > today:
        raise InvalidInput("visited_on", message(N_("检查日期不能晚于今天。")))
    opened = inspection.organisation.opened_on
    if opened is not None and visit.visited_on < opened:
        sentence = N_("检查日期不能早于机构的成立日期%(day)s。")
        raise InvalidInput("visited_on", message(sentence, day=opened.isoformat()))
    if any(finding.rectify_by <= visit.visited_on for finding in inspection.findings):
        raise InvalidInput("visited_on", message(N_("检查日期应早于已登记问题的整改期限。")))
    if visit.site is not None and visit.site.organisation_id != inspection.organisation.id:
        raise InvalidInput("site", message(N_("请从列表中选择本机构的服务场所。")))
    least = int(parameter(session, LEAST_INSPECTORS, inspection.division_code, today))
    if len(set(visit.inspectors)) < least:
        sentence = N_("检查人员不少于%(least)s人，请写全姓名，用顿号隔开。")
        raise InvalidInput("inspectors", message(sentence, least=least))


def _refuse_day(session: Session, inspection: Inspection, day: date, today: date) -> None:
    if day <= inspection.visited_on:
        sentence = N_("整改期限应晚于检查日期%(day)s。")
        raise InvalidInput("rectify_by", message(sentence, day=inspection.visited_on.isoformat()))
    _refuse_late_day(session, inspection, day, _term_begins(session, inspection, today))


def _term_begins(session: Session, inspection: Inspection, today: date) -> date:
    """With the visit; today where the longest term since then is over and no day is left to name."""
    visited = inspection.visited_on
    is_over = visited + timedelta(days=_longest(session, inspection, visited)) <= today
    return today if is_over else visited


def _refuse_past_days(inspection: Inspection, today: date) -> None:
    """RequirementUnmet where something would be overdue on the day on which the organisation is told."""
    late = [str(finding.number) for finding in inspection.findings if finding.rectify_by <= today]
    if late:
        sentence = N_("第%(numbers)s条问题的整改期限不晚于今天，请先改为今天之后的日期，再告知机构。")
        raise RequirementUnmet(message(sentence, numbers="、".join(late)))


def _new_day(session: Session, inspection: Inspection, day: date | None, today: date) -> date:
    if day is None:
        raise InvalidInput("rectify_by", message(N_("请为复查不合格的问题填写新的整改期限。")))
    if day <= today:
        raise InvalidInput("rectify_by", message(N_("新的整改期限应晚于今天。")))
    _refuse_late_day(session, inspection, day, today)
    return day


def _longest(session: Session, inspection: Inspection, since: date) -> int:
    return int(parameter(session, RECTIFY_DAYS, inspection.division_code, since))


def _refuse_late_day(session: Session, inspection: Inspection, day: date, since: date) -> None:
    days = _longest(session, inspection, since)
    last = since + timedelta(days=days)
    if day > last:
        sentence = N_("整改期限最长%(days)s天，最晚为%(day)s。")
        raise InvalidInput("rectify_by", message(sentence, days=days, day=last.isoformat()))


def _refuse_rectified(inspection: Inspection, finding: Finding, day: date | None, today: date) -> None:
    where = f"rectified_{finding.number}"
    if day is None:
        sentence = N_("请填写第%(number)s条问题的整改完成日期。")
        raise InvalidInput(where, message(sentence, number=finding.number))
    if not inspection.visited_on <= day <= today:
        sentence = N_("第%(number)s条问题的整改完成日期应在检查日期之后、今天之前。")
        raise InvalidInput(where, message(sentence, number=finding.number))
