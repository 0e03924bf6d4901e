"""How the list of majors is changed: drawn up and rehearsed by one, published by another."""

from enum import StrEnum

from registry.actions import Action
from registry.majors.models import MajorChange, MajorChangeState
from registry.majors.operations import draw_up, had_a_hand, publish, save, submit
from registry.messages import N_
from registry.workflow_table import Desk, Transition, Waiting, Workflow, declare_workflow

DRAFT, SUBMITTED, RETURNED = MajorChangeState.DRAFT, MajorChangeState.SUBMITTED, MajorChangeState.RETURNED

PUBLISH_WORKDAYS = "major_change.publish_workdays"
"""Policy parameter: working days within which the second person publishes or returns a proposal."""


class MajorChangeStep(StrEnum):
    """The verbs of a proposal."""

    DRAW_UP = "draw_up"
    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


def desk_of_maker(change: MajorChange) -> Desk:
    """Where a proposal that came back is put right."""
    return Desk(change.proposed_as, change.division_code)


def name_of(change: MajorChange) -> str:
    """社会学（030301）等2项."""
    first = change.lines[0]
    name = f"{first.name}（{first.code}）"
    return name if len(change.lines) == 1 else f"{name}等{len(change.lines)}项"


MAJOR_CHANGES = declare_workflow(
    Workflow(
        subject_type="major_change",
        model=MajorChange,
        states=MajorChangeState,
        see=Action.MAJOR_CHANGE_SEE,
        name_of=name_of,
        place_of=lambda change: change.division_code,
        parent_of=lambda change: change.proposed_by,
        start=Transition(
            MajorChangeStep.DRAW_UP,
            frozenset(),
            DRAFT,
            Action.MAJOR_CHANGE_MAKE,
            asks_facts=True,
            effect=draw_up,
        ),
        transitions=(
            Transition(
                MajorChangeStep.SAVE,
                frozenset({DRAFT, RETURNED}),
                None,
                Action.MAJOR_CHANGE_MAKE,
                asks_facts=True,
                effect=save,
            ),
            Transition(
                MajorChangeStep.SUBMIT,
                frozenset({DRAFT, RETURNED}),
                SUBMITTED,
                Action.MAJOR_CHANGE_MAKE,
                effect=submit,
                waiting=Waiting(
                    Action.MAJOR_CHANGE_PUBLISH,
                    N_("复核专业目录调整方案"),
                    within=PUBLISH_WORKDAYS,
                    nearest=True,
                ),
            ),
            Transition(
                MajorChangeStep.PUBLISH,
                frozenset({SUBMITTED}),
                MajorChangeState.PUBLISHED,
                Action.MAJOR_CHANGE_PUBLISH,
                other_than=MajorChangeStep.SUBMIT,
                bars=(had_a_hand,),
                effect=publish,
            ),
            Transition(
                MajorChangeStep.RETURN,
                frozenset({SUBMITTED}),
                RETURNED,
                Action.MAJOR_CHANGE_PUBLISH,
                asks_reason=True,
                bars=(had_a_hand,),
                waiting=Waiting(Action.MAJOR_CHANGE_MAKE, N_("修改专业目录调整方案"), desk_of=desk_of_maker),
            ),
            Transition(
                MajorChangeStep.WITHDRAW,
                frozenset({DRAFT, SUBMITTED, RETURNED}),
                MajorChangeState.WITHDRAWN,
                Action.MAJOR_CHANGE_MAKE,
            ),
        ),
    )
)
