"""How somebody comes to hold a position: asked for by the security administrator or the unit, confirmed by another."""

from enum import StrEnum

from registry.actions import Action
from registry.appointments.models import Appointment, AppointmentState
from registry.appointments.operations import (
    ask,
    confirm,
    has_come_in,
    invite,
    is_not_his_to_decide,
    is_of_another_side,
)
from registry.messages import N_
from registry.workflow_table import Transition, Waiting, Workflow, declare_workflow

ASKED, RETURNED = AppointmentState.ASKED, AppointmentState.RETURNED
CONFIRMED, INVITED = AppointmentState.CONFIRMED, AppointmentState.INVITED
WITHDRAWN = AppointmentState.WITHDRAWN

CONFIRM_WORKDAYS = "appointment.confirm_workdays"
"""Policy parameter: working days within which the second person decides."""


class AppointmentStep(StrEnum):
    """The verbs of an appointment."""

    ASK = "ask"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    INVITE = "invite"
    WITHDRAW = "withdraw"


TO_CONFIRM = Waiting(Action.APPOINTMENT_CONFIRM, N_("复核岗位任命"), within=CONFIRM_WORKDAYS, nearest=True)

APPOINTMENTS = declare_workflow(
    Workflow(
        subject_type="appointment",
        model=Appointment,
        states=AppointmentState,
        see=Action.APPOINTMENT_SEE,
        name_of=lambda appointment: appointment.name,
        place_of=lambda appointment: appointment.division_code,
        parent_of=lambda appointment: appointment.account,
        start=Transition(
            AppointmentStep.ASK,
            frozenset(),
            ASKED,
            Action.APPOINTMENT_ASK,
            asks_facts=True,
            effect=ask,
            waiting=TO_CONFIRM,
        ),
        transitions=(
            Transition(
                AppointmentStep.CONFIRM,
                frozenset({ASKED}),
                CONFIRMED,
                Action.APPOINTMENT_CONFIRM,
                other_than=AppointmentStep.ASK,
                bars=(is_not_his_to_decide,),
                effect=confirm,
                waiting=Waiting(Action.APPOINTMENT_ASK, N_("发放首次登录的一次性代码")),
            ),
            Transition(
                AppointmentStep.REFUSE,
                frozenset({ASKED}),
                RETURNED,
                Action.APPOINTMENT_CONFIRM,
                asks_reason=True,
                other_than=AppointmentStep.ASK,
                bars=(is_not_his_to_decide,),
                waiting=Waiting(Action.APPOINTMENT_ASK, N_("修改或撤回被退回的任命")),
            ),
            Transition(
                AppointmentStep.ASK,
                frozenset({RETURNED}),
                ASKED,
                Action.APPOINTMENT_ASK,
                asks_facts=True,
                bars=(is_of_another_side,),
                effect=ask,
                waiting=TO_CONFIRM,
            ),
            Transition(
                AppointmentStep.INVITE,
                frozenset({CONFIRMED, INVITED}),
                INVITED,
                Action.APPOINTMENT_ASK,
                other_than=AppointmentStep.CONFIRM,
                bars=(is_of_another_side, has_come_in),
                effect=invite,
            ),
            Transition(
                AppointmentStep.WITHDRAW,
                frozenset({ASKED, RETURNED}),
                WITHDRAWN,
                Action.APPOINTMENT_ASK,
                bars=(is_of_another_side,),
            ),
        ),
    )
)
