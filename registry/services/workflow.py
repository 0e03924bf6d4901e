"""How a service is reported: the organisation asks, the district that answers for the site confirms."""

from enum import StrEnum

from sqlalchemy.orm import joinedload

from registry.actions import Action
from registry.drafts.operations import is_complete
from registry.messages import N_
from registry.services.deciding import is_of_others
from registry.services.models import ServiceReport, ServiceReportState
from registry.services.reporting import (
    begin,
    carry_out,
    day_is_possible,
    hand_in,
    says_something_new,
    send_back,
    service_stands_as_seen,
)
from registry.workflow_table import Drafting, Transition, Waiting, Workflow, declare_drafts, declare_workflow

DRAFT, SUBMITTED, RETURNED = (
    ServiceReportState.DRAFT,
    ServiceReportState.SUBMITTED,
    ServiceReportState.RETURNED,
)

CONFIRM_WORKDAYS = "service_report.confirm_workdays"
"""Policy parameter: working days within which the district answers."""


class ServiceReportStep(StrEnum):
    """The verbs of a report. The last two are no steps of the table: a succession brings them about."""

    DRAW_UP = "draw_up"
    SAVE = "save"
    """In the history of reports from before they were kept while they are typed; nobody takes it any more."""
    SUBMIT = "submit"
    RETURN = "return"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    SUCCEED = "succeed"
    GIVE_BACK = "give_back"


SERVICE_REPORTS = declare_workflow(
    Workflow(
        subject_type="service_report",
        model=ServiceReport,
        states=ServiceReportState,
        see=Action.SERVICE_REPORT_SEE,
        name_of=lambda report: report.title,
        place_of=lambda report: report.division_code,
        parent_of=lambda report: report.site,
        drafting=Drafting(Action.SERVICE_REPORT_ASK, frozenset({DRAFT, RETURNED})),
        start=Transition(
            ServiceReportStep.DRAW_UP,
            frozenset(),
            DRAFT,
            Action.SERVICE_REPORT_ASK,
            asks_facts=True,
            effect=begin,
        ),
        transitions=(
            Transition(
                ServiceReportStep.SUBMIT,
                frozenset({DRAFT, RETURNED}),
                SUBMITTED,
                Action.SERVICE_REPORT_ASK,
                bars=(is_of_others,),
                requires=(is_complete, says_something_new, day_is_possible),
                effect=hand_in,
                waiting=Waiting(
                    Action.SERVICE_REPORT_CONFIRM, N_("确认服务项目申报"), within=CONFIRM_WORKDAYS
                ),
            ),
            Transition(
                ServiceReportStep.RETURN,
                frozenset({SUBMITTED}),
                RETURNED,
                Action.SERVICE_REPORT_CONFIRM,
                asks_reason=True,
                effect=send_back,
                waiting=Waiting(Action.SERVICE_REPORT_ASK, N_("修改被退回的服务项目申报")),
            ),
            Transition(
                ServiceReportStep.CONFIRM,
                frozenset({SUBMITTED}),
                ServiceReportState.CONFIRMED,
                Action.SERVICE_REPORT_CONFIRM,
                other_than=ServiceReportStep.SUBMIT,
                requires=(service_stands_as_seen, day_is_possible),
                effect=carry_out,
            ),
            Transition(
                ServiceReportStep.WITHDRAW,
                frozenset({DRAFT, SUBMITTED, RETURNED}),
                ServiceReportState.WITHDRAWN,
                Action.SERVICE_REPORT_ASK,
            ),
        ),
    )
)

declare_drafts(ServiceReport, joinedload(ServiceReport.site))
