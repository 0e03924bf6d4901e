"""How an inspection runs: recorded, told, perhaps defended, put right, looked at again, and closed by another officer.

Four eyes: whoever recorded, changed, dropped or passed something may not close. That the problems are gone, or that
there were none, is the one verdict of an inspection that nobody else would ever look at again, so a second officer of
the district or of the city gives it.
"""

from enum import StrEnum

from registry.access.actors import Actor
from registry.actions import Action
from registry.inspections.defending import DEFENCE, DEFEND_WORKDAYS
from registry.inspections.models import Inspection, InspectionState
from registry.inspections.operations import (
    accept_defence,
    add_finding,
    begin,
    change_finding,
    close,
    conclude,
    defend,
    fill,
    has_findings,
    has_no_findings,
    notify,
    pass_all,
    report,
    send_back,
    uphold,
)
from registry.messages import N_, Message, message
from registry.workflow_table import Telling, Transition, Waiting, Workflow, declare_workflow

DRAFT, NOTIFIED, DEFENDED = InspectionState.DRAFT, InspectionState.NOTIFIED, InspectionState.DEFENDED
RECTIFYING, REPORTED = InspectionState.RECTIFYING, InspectionState.REPORTED
RECHECKED, CLOSED = InspectionState.RECHECKED, InspectionState.CLOSED

DECIDE_WORKDAYS = "inspection.decide_workdays"
RECHECK_WORKDAYS = "inspection.recheck_workdays"
CLOSE_WORKDAYS = "inspection.close_workdays"
"""Policy parameters: working days in which an officer answers a defence, looks again, closes."""


class InspectionStep(StrEnum):
    """The verbs of an inspection."""

    RECORD = "record"
    SAVE = "save"
    ADD_FINDING = "add_finding"
    CHANGE_FINDING = "change_finding"
    NOTIFY = "notify"
    CONCLUDE = "conclude"
    WITHDRAW = "withdraw"
    AGREE = "agree"
    DEFEND = "defend"
    UPHOLD = "uphold"
    ACCEPT_DEFENCE = "accept_defence"
    REPORT = "report"
    SEND_BACK = "send_back"
    CLEAR = "clear"
    CLOSE = "close"


def is_not_his_to_close(inspection: Inspection, actor: Actor) -> Message | None:
    """Whoever had a hand in what was found, and whoever stands in for him."""
    if actor.people & set(inspection.judged_by.split()):
        sentence = N_("登记、修改、复查过本次检查的人员不能自己结案，请由区县或市级的另一名检查人员结案。")
        return message(sentence)
    return None


PUT_RIGHT = Waiting(
    Action.INSPECTION_ANSWER, N_("整改督导检查发现的问题"), until=lambda inspection: inspection.rectify_by
)
TO_BE_CLOSED = Waiting(Action.INSPECTION_CLOSE, N_("审核督导检查并结案"), within=CLOSE_WORKDAYS, nearest=True)
RECORDING = Action.INSPECTION_RECORD
ANSWERING = Action.INSPECTION_ANSWER

INSPECTIONS = declare_workflow(
    Workflow(
        subject_type="inspection",
        model=Inspection,
        states=InspectionState,
        see=Action.INSPECTION_SEE,
        name_of=lambda inspection: inspection.place,
        line_of=lambda inspection: inspection.line,
        place_of=lambda inspection: inspection.division_code,
        parent_of=lambda inspection: inspection.organisation,
        start=Transition(InspectionStep.RECORD, frozenset(), DRAFT, RECORDING, asks_facts=True, effect=begin),
        transitions=(
            Transition(
                InspectionStep.SAVE, frozenset({DRAFT}), None, RECORDING, asks_facts=True, effect=fill
            ),
            Transition(
                InspectionStep.ADD_FINDING,
                frozenset({DRAFT}),
                None,
                RECORDING,
                asks_facts=True,
                effect=add_finding,
            ),
            Transition(
                InspectionStep.CHANGE_FINDING,
                frozenset({DRAFT}),
                None,
                RECORDING,
                asks_facts=True,
                effect=change_finding,
            ),
            Transition(
                InspectionStep.NOTIFY,
                frozenset({DRAFT}),
                NOTIFIED,
                RECORDING,
                requires=(has_findings,),
                effect=notify,
                waiting=PUT_RIGHT,
                besides=Waiting(ANSWERING, DEFENCE, within=DEFEND_WORKDAYS),
            ),
            Transition(
                InspectionStep.CONCLUDE,
                frozenset({DRAFT}),
                CLOSED,
                Action.INSPECTION_CLOSE,
                bars=(is_not_his_to_close,),
                requires=(has_no_findings,),
                effect=conclude,
                telling=Telling(Action.INSPECTION_ANSWER, N_("督导检查未发现问题，请知悉")),
            ),
            Transition(
                InspectionStep.WITHDRAW,
                frozenset({DRAFT}),
                InspectionState.WITHDRAWN,
                RECORDING,
                asks_reason=True,
            ),
            Transition(InspectionStep.AGREE, frozenset({NOTIFIED}), RECTIFYING, ANSWERING, waiting=PUT_RIGHT),
            Transition(
                InspectionStep.DEFEND,
                frozenset({NOTIFIED}),
                DEFENDED,
                ANSWERING,
                asks_facts=True,
                effect=defend,
                waiting=Waiting(
                    RECORDING, N_("答复督导检查的陈述申辩"), within=DECIDE_WORKDAYS, nearest=True
                ),
            ),
            Transition(
                InspectionStep.UPHOLD,
                frozenset({DEFENDED}),
                RECTIFYING,
                RECORDING,
                asks_reason=True,
                asks_facts=True,
                effect=uphold,
                waiting=PUT_RIGHT,
            ),
            Transition(
                InspectionStep.ACCEPT_DEFENCE,
                frozenset({DEFENDED}),
                RECHECKED,
                RECORDING,
                asks_reason=True,
                effect=accept_defence,
                waiting=TO_BE_CLOSED,
            ),
            Transition(
                InspectionStep.REPORT,
                frozenset({NOTIFIED, RECTIFYING}),
                REPORTED,
                ANSWERING,
                asks_facts=True,
                effect=report,
                waiting=Waiting(
                    RECORDING, N_("复查督导检查的整改情况"), within=RECHECK_WORKDAYS, nearest=True
                ),
            ),
            Transition(
                InspectionStep.SEND_BACK,
                frozenset({REPORTED}),
                RECTIFYING,
                RECORDING,
                asks_facts=True,
                effect=send_back,
                waiting=PUT_RIGHT,
            ),
            Transition(
                InspectionStep.CLEAR,
                frozenset({REPORTED}),
                RECHECKED,
                RECORDING,
                asks_facts=True,
                effect=pass_all,
                waiting=TO_BE_CLOSED,
            ),
            Transition(
                InspectionStep.CLOSE,
                frozenset({RECHECKED}),
                CLOSED,
                Action.INSPECTION_CLOSE,
                bars=(is_not_his_to_close,),
                effect=close,
                telling=Telling(Action.INSPECTION_ANSWER, N_("督导检查已结案，请知悉")),
            ),
        ),
    )
)
