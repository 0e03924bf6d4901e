"""How a dossier goes: brought in from a list, checked or found to differ, put right, checked by another officer."""

from enum import StrEnum

from registry.actions import Action
from registry.dossiers.models import Dossier, DossierState
from registry.dossiers.operations import (
    check,
    correct,
    find_different,
    list_and_register_agree,
    renew,
    was_corrected_by_himself,
)
from registry.messages import N_
from registry.workflow_table import Telling, Transition, Waiting, Workflow, declare_workflow

BROUGHT_IN, CHECKED = DossierState.BROUGHT_IN, DossierState.CHECKED
DIFFERS, CORRECTED = DossierState.DIFFERS, DossierState.CORRECTED


class DossierStep(StrEnum):
    """The verbs of a dossier."""

    BRING_IN = "bring_in"
    RENEW = "renew"
    CHECK = "check"
    FIND_DIFFERENT = "find_different"
    CORRECT = "correct"
    CORRECT_BY_LIST = "correct_by_list"


DOSSIERS = declare_workflow(
    Workflow(
        subject_type="dossier",
        model=Dossier,
        states=DossierState,
        see=Action.DOSSIER_SEE,
        name_of=lambda dossier: dossier.organisation.name,
        place_of=lambda dossier: dossier.division_code,
        parent_of=lambda dossier: dossier.organisation,
        start=Transition(
            DossierStep.BRING_IN, frozenset(), BROUGHT_IN, Action.DOSSIER_BRING_IN, asks_facts=True
        ),
        transitions=(
            Transition(
                DossierStep.RENEW,
                frozenset({BROUGHT_IN, CHECKED, CORRECTED}),
                BROUGHT_IN,
                Action.DOSSIER_BRING_IN,
                asks_facts=True,
                effect=renew,
            ),
            Transition(
                DossierStep.CHECK,
                frozenset({BROUGHT_IN, CORRECTED}),
                CHECKED,
                Action.DOSSIER_CHECK,
                bars=(was_corrected_by_himself,),
                requires=(list_and_register_agree,),
                effect=check,
            ),
            Transition(
                DossierStep.FIND_DIFFERENT,
                frozenset({BROUGHT_IN, CHECKED, CORRECTED}),
                DIFFERS,
                Action.DOSSIER_CHECK,
                asks_reason=True,
                asks_facts=True,
                effect=find_different,
                telling=Telling(Action.DOSSIER_REMARK, N_("核对发现与登记不一致，请知悉")),
            ),
            Transition(
                DossierStep.CORRECT,
                frozenset({DIFFERS}),
                CORRECTED,
                Action.DOSSIER_CHECK,
                asks_reason=True,
                asks_facts=True,
                effect=correct,
                waiting=Waiting(Action.DOSSIER_CHECK, N_("核对更正后的档案"), nearest=True),
            ),
            Transition(
                DossierStep.CORRECT_BY_LIST,
                frozenset({DIFFERS}),
                CORRECTED,
                Action.DOSSIER_BRING_IN,
                asks_facts=True,
                effect=renew,
            ),
        ),
    )
)
