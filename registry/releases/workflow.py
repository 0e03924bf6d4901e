"""How a file above the cap leaves: asked for by its maker, let go by a second person, taken once."""

from enum import StrEnum

from registry.actions import Action
from registry.messages import N_
from registry.releases.deciding import is_not_his_to_decide, is_not_his_to_take
from registry.releases.models import Release, ReleaseState
from registry.releases.operations import ask, let_go, take, turn_down
from registry.workflow_table import Desk, Subject, Telling, Transition, Waiting, Workflow, declare_workflow

ASKED, RELEASED, TAKEN = ReleaseState.ASKED, ReleaseState.RELEASED, ReleaseState.TAKEN

DECIDE_WORKDAYS = "release.decide_workdays"
"""Policy parameter: working days within which the second person decides."""


class ReleaseStep(StrEnum):
    """The verbs of a release; lapsing is nobody's step (lapsing.py)."""

    ASK = "ask"
    RELEASE = "release"
    REFUSE = "refuse"
    TAKE = "take"
    LAPSE = "lapse"


def itself(release: Release) -> Subject:
    """What the maker's notice speaks of."""
    return Subject("release", release.id, release.code, release.title)


def desk_of_maker(release: Release) -> Desk:
    """Where the maker reads what became of it."""
    return Desk(release.asked_as, release.division_code, release.organisation_id)


RELEASES = declare_workflow(
    Workflow(
        subject_type="release",
        model=Release,
        states=ReleaseState,
        see=Action.RELEASE_SEE,
        name_of=lambda release: release.title,
        place_of=lambda release: release.division_code,
        parent_of=lambda release: release.asked_by,
        start=Transition(
            ReleaseStep.ASK,
            frozenset(),
            ASKED,
            Action.RELEASE_ASK,
            asks_facts=True,
            effect=ask,
            waiting=Waiting(Action.RELEASE_DECIDE, N_("复核超限导出"), within=DECIDE_WORKDAYS, nearest=True),
        ),
        transitions=(
            Transition(
                ReleaseStep.RELEASE,
                frozenset({ASKED}),
                RELEASED,
                Action.RELEASE_DECIDE,
                other_than=ReleaseStep.ASK,
                bars=(is_not_his_to_decide,),
                effect=let_go,
                waiting=Waiting(Action.RELEASE_ASK, N_("取走已批准的导出文件")),
            ),
            Transition(
                ReleaseStep.REFUSE,
                frozenset({ASKED}),
                ReleaseState.REFUSED,
                Action.RELEASE_DECIDE,
                asks_reason=True,
                other_than=ReleaseStep.ASK,
                bars=(is_not_his_to_decide,),
                effect=turn_down,
                telling=Telling(
                    Action.RELEASE_ASK,
                    N_("超限导出未获批准"),
                    place_of=lambda release: release.division_code,
                    about=itself,
                    desk_of=desk_of_maker,
                ),
            ),
            Transition(
                ReleaseStep.TAKE,
                frozenset({RELEASED}),
                TAKEN,
                Action.RELEASE_ASK,
                asks_facts=True,
                other_than=ReleaseStep.RELEASE,
                bars=(is_not_his_to_take,),
                effect=take,
            ),
        ),
    )
)
