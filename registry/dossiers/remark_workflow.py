"""与登记不符: an organisation says what is wrong with its dossier, the district answers within working days."""

from enum import StrEnum

from registry.actions import Action
from registry.clock import SHANGHAI
from registry.dossiers.models import DossierRemark, RemarkState
from registry.dossiers.operations import answer
from registry.messages import N_
from registry.workflow_table import Telling, Transition, Waiting, Workflow, declare_workflow

RAISED = RemarkState.RAISED

ANSWER_WORKDAYS = "dossier.remark_workdays"
"""Policy parameter: working days within which the district answers."""


class RemarkStep(StrEnum):
    """The verbs of a remark."""

    RAISE = "raise"
    ANSWER = "answer"
    WITHDRAW = "withdraw"


def line_of(remark: DossierRemark) -> str:
    """The organisation and when it spoke: it may have several remarks open at once."""
    said_at = remark.raised_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return f"{remark.dossier.organisation.name[:160]}（{said_at}提出）"


REMARKS = declare_workflow(
    Workflow(
        subject_type="dossier_remark",
        model=DossierRemark,
        states=RemarkState,
        see=Action.DOSSIER_SEE,
        name_of=lambda remark: remark.dossier.organisation.name,
        line_of=line_of,
        place_of=lambda remark: remark.dossier.division_code,
        parent_of=lambda remark: remark.dossier,
        start=Transition(
            RemarkStep.RAISE,
            frozenset(),
            RAISED,
            Action.DOSSIER_REMARK,
            asks_facts=True,
            waiting=Waiting(Action.DOSSIER_REMARK_ANSWER, N_("答复“与登记不符”"), within=ANSWER_WORKDAYS),
        ),
        transitions=(
            Transition(
                RemarkStep.ANSWER,
                frozenset({RAISED}),
                RemarkState.ANSWERED,
                Action.DOSSIER_REMARK_ANSWER,
                asks_facts=True,
                effect=answer,
                telling=Telling(Action.DOSSIER_REMARK, N_("“与登记不符”已答复")),
            ),
            Transition(
                RemarkStep.WITHDRAW, frozenset({RAISED}), RemarkState.WITHDRAWN, Action.DOSSIER_REMARK
            ),
        ),
    )
)
