"""An inspection as its pages show it, made before they are drawn."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import data, day, word
from portal.frame import place_name
from portal.workflow.steps import PLACE_LEVELS, Button, Past, Waiting, past_of, waiting_for
from registry.access.actors import Actor
from registry.divisions.codes import LENGTH_OF_LEVEL
from registry.inspections.defending import last_of_defence
from registry.inspections.models import Finding, Inspection, InspectionState, Outcome
from registry.inspections.workflow import InspectionStep
from registry.workflow.models import Todo
from registry.workflow.queries import history, open_steps

STATE_KINDS = {
    InspectionState.DRAFT: "draft",
    InspectionState.NOTIFIED: "waiting",
    InspectionState.DEFENDED: "active",
    InspectionState.RECTIFYING: "waiting",
    InspectionState.REPORTED: "active",
    InspectionState.RECHECKED: "active",
    InspectionState.CLOSED: "done",
    InspectionState.WITHDRAWN: "ended",
}
OUTCOME_KINDS = {Outcome.PASSED: "done", Outcome.FAILED: "wrong", Outcome.DROPPED: "ended"}

STEP_PAGES = {
    InspectionStep.ADD_FINDING: "inspections.add_finding",
    InspectionStep.SAVE: "inspections.edit",
    InspectionStep.NOTIFY: "inspections.notify",
    InspectionStep.CONCLUDE: "inspections.conclude",
    InspectionStep.WITHDRAW: "inspections.withdraw",
    InspectionStep.REPORT: "inspections.report",
    InspectionStep.DEFEND: "inspections.defend",
    InspectionStep.AGREE: "inspections.agree",
    InspectionStep.UPHOLD: "inspections.uphold",
    InspectionStep.ACCEPT_DEFENCE: "inspections.accept_defence",
    InspectionStep.CLEAR: "inspections.recheck",
    InspectionStep.CLOSE: "inspections.close",
}
"""Of the two ends of a second look one button is enough: its form says which it is."""
MAIN_STEPS = frozenset(
    {
        InspectionStep.NOTIFY,
        InspectionStep.REPORT,
        InspectionStep.UPHOLD,
        InspectionStep.CLEAR,
        InspectionStep.CLOSE,
    }
)
NOT_TOLD = frozenset({InspectionStep.SAVE, InspectionStep.ADD_FINDING, InspectionStep.CHANGE_FINDING})
"""Steps of drafting, which are no part of the story."""


@dataclass(frozen=True)
class FindingRow:
    """One finding on a page."""

    finding: Finding
    word: str
    kind: str
    edit_url: str
    """Empty where it cannot be changed any more."""


@dataclass(frozen=True)
class InspectionPage:
    """Everything that the page of one inspection shows."""

    inspection: Inspection
    kind: str
    facts: tuple[tuple[str, str], ...]
    findings: tuple[FindingRow, ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]
    name: str
    organisation_url: str
    window: str
    """Until when the organisation may defend itself; empty where that is no question."""


@dataclass(frozen=True)
class InspectionRow:
    """One inspection in a list."""

    inspection: Inspection
    kind: str
    place: str
    open: int
    is_overdue: bool
    rectify_by: date | None


def inspection_page(session: Session, inspection: Inspection, actor: Actor, today: date) -> InspectionPage:
    """One inspection for one reader."""
    open_now = open_steps(session, inspection, actor)
    may_change = InspectionStep.CHANGE_FINDING in {transition.step for transition in open_now}
    return InspectionPage(
        inspection=inspection,
        kind=STATE_KINDS[inspection.state],
        facts=facts_of(inspection),
        findings=tuple(finding_row(finding, today, may_change) for finding in inspection.findings),
        buttons=tuple(
            Button(
                _label(InspectionStep(one.step)),
                _url(inspection, one.step),
                is_main=one.step in MAIN_STEPS,
                is_direct=False,
            )
            for one in open_now
            if one.step in STEP_PAGES and not _is_useless(inspection, one.step)
        ),
        past=_past(session, inspection),
        waiting=_waiting(session, inspection, today),
        name=inspection.place,
        organisation_url=url_for("providers.show", organisation=inspection.organisation.code),
        window=_window(session, inspection, today),
    )


def inspection_row(inspection: Inspection, today: date) -> InspectionRow:
    """One inspection as a list shows it."""
    is_told = inspection.was_notified
    open_findings = inspection.open_findings if is_told else ()
    return InspectionRow(
        inspection=inspection,
        kind=STATE_KINDS[inspection.state],
        place=inspection.place,
        open=len(open_findings),
        is_overdue=any(finding.is_overdue_on(today) for finding in open_findings),
        rectify_by=inspection.rectify_by if open_findings else None,
    )


def facts_of(inspection: Inspection) -> tuple[tuple[str, str], ...]:
    """What was visited, by whom, and what was said about it."""
    told = inspection.notified_at
    facts = [
        (_("机构"), data(inspection.organisation.name)),
        (_("检查场所"), data(inspection.site.name) if inspection.site else _("全部场所")),
        (_("检查日期"), day(inspection.visited_on)),
        (_("检查类型"), word(inspection.kind)),
        (_("检查人员"), data(inspection.inspectors)),
        (_("检查内容"), data(inspection.scope)),
    ]
    if told is not None and inspection.findings:
        facts.append((_("申辩截止"), day(inspection.defend_by)))
    if inspection.defence:
        facts.append((_("陈述申辩"), data(inspection.defence)))
    if inspection.report:
        facts.append((_("整改情况"), data(inspection.report)))
    return tuple(facts)


def finding_row(finding: Finding, today: date, may_change: bool) -> FindingRow:
    """One finding with the word of the day."""
    code, number = finding.inspection.code, finding.number
    page = url_for("inspections.change_finding", inspection=code, number=number)
    url = page if may_change else ""
    if finding.outcome is not None and finding.settled_on is not None:
        return FindingRow(finding, word(finding.outcome), OUTCOME_KINDS[finding.outcome], url)
    if not finding.inspection.was_notified:
        return FindingRow(finding, _("未告知"), "draft", url)
    if finding.is_overdue_on(today):
        return FindingRow(finding, _("逾期未整改"), "late", url)
    if finding.rectified_on is not None:
        return FindingRow(finding, _("待复查"), "active", url)
    return FindingRow(finding, _("待整改"), "waiting", url)


def _is_useless(inspection: Inspection, step: str) -> bool:
    """Telling of nothing, and closing over findings, would only be refused."""
    return step == (InspectionStep.CONCLUDE if inspection.findings else InspectionStep.NOTIFY)


def _label(step: InspectionStep) -> str:
    return _("复查") if step is InspectionStep.CLEAR else word(step)


def _url(inspection: Inspection, step: str) -> str:
    return url_for(STEP_PAGES[InspectionStep(step)], inspection=inspection.code)


def _past(session: Session, inspection: Inspection) -> tuple[Past, ...]:
    told = zip(past_of(session, inspection, InspectionStep), history(session, inspection), strict=True)
    return tuple(shown for shown, taken in told if taken.step not in NOT_TOLD)


def _waiting(session: Session, inspection: Inspection, today: date) -> tuple[Waiting, ...]:
    """An organisation that is provider and station is waited for once."""
    found = waiting_for(session, inspection, today, lambda todo: _place_of(todo, inspection))
    by_place = {one.place: one for one in reversed(found)}
    return tuple(reversed(by_place.values()))


def _window(session: Session, inspection: Inspection, today: date) -> str:
    due = last_of_defence(session, inspection) if inspection.state is InspectionState.NOTIFIED else None
    if due is None:
        return ""
    if today > due.on:
        return str(_("陈述申辩的期限%(day)s已过。", day=day(due.on)))
    return str(_("机构对检查结果有异议的，可在%(day)s前（含当日）陈述申辩。", day=day(due.on)))


def _place_of(todo: Todo, inspection: Inspection) -> str:
    if todo.organisation_id is not None:
        return inspection.organisation.name
    level = PLACE_LEVELS.get(todo.role)
    code = todo.division_code[: LENGTH_OF_LEVEL[level]] if level else todo.division_code[:2]
    return place_name(code) or ""
