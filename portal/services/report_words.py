"""What the pages of a report of a service say: of its states, of its steps, above its answers."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.drafts.kinds import DraftedKind, Facts, StepWords
from portal.formatting import data, word
from registry.actions import Action
from registry.services.models import ServiceReport, ServiceReportState
from registry.services.queries import OF_REPORT
from registry.services.workflow import ServiceReportStep

STATES = {
    ServiceReportState.DRAFT: "draft",
    ServiceReportState.SUBMITTED: "active",
    ServiceReportState.RETURNED: "returned",
    ServiceReportState.CONFIRMED: "done",
    ServiceReportState.WITHDRAWN: "ended",
}

WORDS = {
    ServiceReportStep.SUBMIT: StepWords(
        _l("提交后由所在区县确认；确认之前公布的内容不变，您可以随时撤回。"),
        _l("已提交，等待区县确认。确认之前公布的内容不变，您可以随时撤回。"),
    ),
    ServiceReportStep.RETURN: StepWords(
        _l("写明原因即可退回；可以对单项内容另写意见。填写的内容都保留，机构改好后再提交。"),
        _l("已退回，机构会看到退回原因；填写的内容都保留。"),
    ),
    ServiceReportStep.CONFIRM: StepWords(
        _l("确认后按申报的内容公布。"), _l("已确认，服务项目按新内容公布。")
    ),
    ServiceReportStep.WITHDRAW: StepWords(
        _l("撤回后这份申报不再办理，公布的内容不变。需要时可以重新申报。"), _l("申报已撤回，公布的内容不变。")
    ),
}


def facts_of(_session: Session, report: ServiceReport, _on: date) -> Facts:
    """What is reported, whose it is, where, and of which service."""
    organisation, site, service = report.organisation, report.site, report.service
    found: list[tuple[str, Any]] = [
        (_("申报事项"), word(report.kind)),
        (_("机构"), _link(url_for("providers.show", organisation=organisation.code), organisation.name)),
        (_("服务场所"), _link(url_for("sites.show", site=site.code), site.name)),
    ]
    if service is not None:
        found.append((_("服务项目"), _link(url_for("services.show", service=service.code), service.title)))
    return tuple(found)


def _link(url: str, name: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, data(name))


KIND = DraftedKind(
    name="service_reports",
    model=ServiceReport,
    title=_l("服务项目申报"),
    see=Action.SERVICE_REPORT_SEE,
    ask=Action.SERVICE_REPORT_ASK,
    load=OF_REPORT,
    steps=ServiceReportStep,
    submit=ServiceReportStep.SUBMIT,
    states=STATES,
    words=WORDS,
    facts_of=facts_of,
    main=frozenset({ServiceReportStep.CONFIRM}),
    direct=frozenset({ServiceReportStep.CONFIRM}),
    remarked=frozenset({ServiceReportStep.RETURN}),
)
