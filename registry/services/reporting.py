"""What a report does to the register: the draft, the hand-in, and the service that comes, changes or ends.

The steps are taken through the workflow (workflow.py has the table); these are its effects and requirements.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.drafts.operations import draw_up, pin_remarks
from registry.drafts.operations import hand_in as keep_round
from registry.errors import RequirementUnmet
from registry.messages import N_, Message, message
from registry.organisations.models import Site
from registry.services.facets import Charge
from registry.services.models import ReportKind, Service, ServiceReport, ServiceReportState
from registry.services.queries import open_report_of
from registry.services.questions import EXPLANATION, answers_of, offer_in, values_in
from registry.workflow_table import Facts, Occasion


def draft_of(
    kind: ReportKind, site: Site, *, service: Service | None = None, asked_by_id: int, at: datetime
) -> ServiceReport:
    """A new draft, not yet in any session: the workflow starts it. A change begins with what stands."""
    return ServiceReport(
        kind=kind,
        state=ServiceReportState.DRAFT,
        site=site,
        site_id=site.id,
        organisation_id=site.organisation_id,
        division_code=site.division_code,
        service=service,
        service_id=service.id if service else None,
        asked_by_id=asked_by_id,
        asked_at=at,
        is_example=site.is_example,
        base_answers=_what_stands(kind, service),
        answers={},
    )


def begin(session: Session, report: ServiceReport, occasion: Occasion) -> Facts:
    """A first draft: the site is in use, and the service has no other report in hand. Most services are free."""
    if report.site.closed_on is not None and report.site.closed_on <= occasion.on:
        raise RequirementUnmet(message(N_("本场所已停用，不能再申报服务项目。")))
    if report.service is not None and open_report_of(session, report.service) is not None:
        raise RequirementUnmet(message(N_("本服务项目已有一件未办结的申报，请先办结、撤回或放弃草稿。")))
    draw_up(session, report, occasion)
    if report.kind is ReportKind.NEW:
        report.answers = {"charge": Charge.FREE.value}
    return {"kind": report.kind.value, "title": report.title}


def hand_in(session: Session, report: ServiceReport, occasion: Occasion) -> Facts:
    """What the officer will see is compared with the service as it stands on the day of the hand-in."""
    report.division_code = report.site.division_code
    report.from_version = report.service.version if report.service else None
    report.base_answers = _what_stands(report.kind, report.service)
    return {
        "kind": report.kind.value,
        "title": report.title,
        **keep_round(session, report, occasion),
    }


def send_back(session: Session, report: ServiceReport, occasion: Occasion) -> Facts:
    """What is mended is compared with the service as it stands now, which may be why it comes back."""
    report.base_answers = _what_stands(report.kind, report.service)
    return pin_remarks(session, report, occasion)


def carry_out(session: Session, report: ServiceReport, occasion: Occasion) -> Facts:
    """The service comes, changes or ends; what it was is in the trail."""
    service = report.service
    if service is None:
        service = _new_service(report, occasion)
        session.add(service)
        report.service = service
    elif report.kind is ReportKind.END:
        service.ended_on = effective_on(report)
    else:
        for name, value in offer_in(report).items():
            setattr(service, name, value)
    service.updated_at = occasion.at
    session.flush()
    return {"service": service.code, "kind": report.kind.value, "title": service.title}


def effective_on(report: ServiceReport) -> date | None:
    """The day from which it is offered or no longer offered; a change holds from its confirmation on."""
    day: date | None = values_in(report).get("effective_on")
    return day


def says_something_new(report: ServiceReport) -> Message | None:
    """Requirement of the hand-in: a change changes something, be it in words or in what they mean."""
    service = report.service
    if report.kind is not ReportKind.CHANGE or service is None:
        return None
    said = {key: answer for key, answer in report.answers.items() if answer and key != EXPLANATION.key}
    is_new = any(getattr(service, name) != value for name, value in offer_in(report).items())
    if is_new and said != answers_of(service):
        return None
    return message(N_("填写的内容与登记的相同，没有需要变更的内容。"))


def day_is_possible(report: ServiceReport) -> Message | None:
    """Requirement of the hand-in and the confirmation."""
    day, site, service = effective_on(report), report.site, report.service
    if day is None:
        return None  # said elsewhere
    if site.opened_on is not None and day < site.opened_on:
        return message(N_("开始或停止日期不能早于场所的开业日期%(day)s。"), day=site.opened_on.isoformat())
    if service is not None and day < service.started_on:
        return message(N_("停止日期不能早于本项目的开始日期%(day)s。"), day=service.started_on.isoformat())
    return None


def service_stands_as_seen(report: ServiceReport) -> Message | None:
    """Requirement of the confirmation: what was compared is still so, and still there."""
    service = report.service
    if service is None or report.from_version == service.version:
        return None
    return message(N_("提交之后，登记的服务项目已有变动。请退回，由机构核对后重新提交。"))


def _what_stands(kind: ReportKind, service: Service | None) -> dict[str, object]:
    return dict(answers_of(service)) if service is not None and kind is ReportKind.CHANGE else {}


def _new_service(report: ServiceReport, occasion: Occasion) -> Service:
    return Service(
        site=report.site,
        started_on=effective_on(report) or occasion.on,
        is_example=report.is_example,
        **offer_in(report),
    )
