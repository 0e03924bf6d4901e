"""How an enquiry moves: received from the public, answered by the district or passed on, and answered after that."""

from enum import StrEnum

from registry.actions import Action
from registry.documents.codes import grouped
from registry.enquiries.answering import answer, come_in, pass_on
from registry.enquiries.models import Enquiry, EnquiryState
from registry.messages import N_
from registry.workflow_table import Transition, Waiting, Workflow, declare_workflow

RECEIVED, PASSED_ON, ANSWERED = EnquiryState.RECEIVED, EnquiryState.PASSED_ON, EnquiryState.ANSWERED

ANSWER_WORKDAYS = "enquiry.answer_workdays"
"""Policy parameter: working days within which the district answers."""


TO_BE_ANSWERED = Waiting(Action.ENQUIRY_ANSWER, N_("答复公众的咨询投诉"), within=ANSWER_WORKDAYS)


class EnquiryStep(StrEnum):
    """The verbs of an enquiry; receiving is no step of an account (operations.py)."""

    RECEIVE = "receive"
    ANSWER = "answer"
    PASS_ON = "pass_on"  # noqa: S105  # a step, not a password


ENQUIRIES = declare_workflow(
    Workflow(
        subject_type="enquiry",
        model=Enquiry,
        states=EnquiryState,
        see=Action.ENQUIRY_SEE,
        name_of=lambda enquiry: grouped(enquiry.code),
        place_of=lambda enquiry: enquiry.division_code,
        parent_of=lambda enquiry: None,
        start=Transition(
            EnquiryStep.RECEIVE,
            frozenset(),
            RECEIVED,
            Action.ENQUIRY_ANSWER,
            asks_facts=True,
            effect=come_in,
            waiting=TO_BE_ANSWERED,
        ),
        transitions=(
            Transition(
                EnquiryStep.ANSWER,
                frozenset({RECEIVED, PASSED_ON}),
                ANSWERED,
                Action.ENQUIRY_ANSWER,
                asks_facts=True,
                effect=answer,
            ),
            Transition(
                EnquiryStep.PASS_ON,
                frozenset({RECEIVED}),
                PASSED_ON,
                Action.ENQUIRY_ANSWER,
                asks_facts=True,
                effect=pass_on,
                # The district still owes the answer: the term begins anew, once.
                waiting=TO_BE_ANSWERED,
            ),
        ),
    )
)
