"""How open work is handed over: drawn up, passed on to a successor, acknowledged by him."""

from enum import StrEnum

from registry.actions import Action
from registry.handovers.deciding import is_not_his_to_hand_on, is_not_the_successor
from registry.handovers.models import Handover, HandoverState
from registry.handovers.operations import acknowledge, acknowledge_line, draw_up, hand_on
from registry.messages import N_
from registry.workflow_table import Transition, Waiting, Workflow, declare_workflow

DRAWN_UP, PASSED_ON = HandoverState.DRAWN_UP, HandoverState.PASSED_ON

HAND_ON_WORKDAYS = "handover.hand_on_workdays"
ACKNOWLEDGE_WORKDAYS = "handover.acknowledge_workdays"
"""Policy parameters: working days within which somebody is named, and within which he has seen the list."""


class HandoverStep(StrEnum):
    """The verbs of a handover."""

    DRAW_UP = "draw_up"
    HAND_ON = "hand_on"
    ACKNOWLEDGE_LINE = "acknowledge_line"
    ACKNOWLEDGE = "acknowledge"
    WITHDRAW = "withdraw"


HANDOVERS = declare_workflow(
    Workflow(
        subject_type="handover",
        model=Handover,
        states=HandoverState,
        see=Action.HANDOVER_SEE,
        name_of=lambda handover: handover.names,
        place_of=lambda handover: handover.division_code,
        parent_of=lambda handover: handover.position,
        start=Transition(
            HandoverStep.DRAW_UP,
            frozenset(),
            DRAWN_UP,
            Action.HANDOVER_HAND_ON,
            asks_facts=True,
            effect=draw_up,
            waiting=Waiting(
                Action.HANDOVER_HAND_ON,
                N_("安排接办人、移交工作"),
                within=HAND_ON_WORKDAYS,
                desk_of=lambda handover: handover.desk_that_passes_on,
            ),
        ),
        transitions=(
            Transition(
                HandoverStep.HAND_ON,
                frozenset({DRAWN_UP}),
                PASSED_ON,
                Action.HANDOVER_HAND_ON,
                asks_facts=True,
                bars=(is_not_his_to_hand_on,),
                effect=hand_on,
                waiting=Waiting(
                    Action.HANDOVER_ACKNOWLEDGE,
                    N_("确认交接清单"),
                    within=ACKNOWLEDGE_WORKDAYS,
                    desk_of=lambda handover: handover.desk_of_successor,
                ),
            ),
            Transition(
                HandoverStep.ACKNOWLEDGE_LINE,
                frozenset({PASSED_ON}),
                None,
                Action.HANDOVER_ACKNOWLEDGE,
                asks_facts=True,
                bars=(is_not_the_successor,),
                effect=acknowledge_line,
            ),
            Transition(
                HandoverStep.ACKNOWLEDGE,
                frozenset({PASSED_ON}),
                HandoverState.ACKNOWLEDGED,
                Action.HANDOVER_ACKNOWLEDGE,
                bars=(is_not_the_successor,),
                effect=acknowledge,
            ),
            Transition(
                HandoverStep.WITHDRAW,
                frozenset({DRAWN_UP}),
                HandoverState.WITHDRAWN,
                Action.HANDOVER_HAND_ON,
                bars=(is_not_his_to_hand_on,),
            ),
        ),
    )
)
