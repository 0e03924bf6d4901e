"""How an entry goes: the institution asks, its district checks, the confirming level confirms.

County first check and city confirmation, dynamic management with the right to state one's case: referral measures of
2023-12-19, as reported; the names of the states are our own.
"""

from dataclasses import replace
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import joinedload

from registry.access.actors import Actor
from registry.actions import Action
from registry.drafts.operations import draw_up, is_complete, pin_remarks
from registry.messages import N_, Message, message
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.operations import (
    DEFENCE_WORKDAYS,
    end_listing,
    hand_in_entry,
    has_changed,
    in_hand_beside,
    is_not_suspended,
    is_suspended_already,
    list_provider,
    open_defence,
    resume,
    site_is_still_its_own,
    suspend,
)
from registry.workflow.following import bringing
from registry.workflow_table import (
    Drafting,
    Telling,
    Transition,
    Waiting,
    Workflow,
    declare_drafts,
    declare_workflow,
)

DRAFT, SUBMITTED, RETURNED, CHECKED = (
    EntryState.DRAFT,
    EntryState.SUBMITTED,
    EntryState.RETURNED,
    EntryState.CHECKED,
)
LISTED, LEAVING, DECIDING = EntryState.LISTED, EntryState.LEAVING, EntryState.DECIDING

CHECK_WORKDAYS = "provider_entry.check_workdays"
CONFIRM_WORKDAYS = "provider_entry.confirm_workdays"
DECIDE_WORKDAYS = "provider_entry.decide_workdays"


class EntryStep(StrEnum):
    """The verbs of an entry. The last three are no steps of the table: a list or a succession brings them about."""

    DRAW_UP = "draw_up"
    SUBMIT = "submit"
    RETURN = "return"
    CHECK = "check"
    TAKE_BACK = "take_back"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    HALT = "halt"
    END = "end"
    REPLACE = "replace"
    SUSPEND = "suspend"
    RESUME = "resume"
    NOTIFY = "notify"
    DEFEND = "defend"
    ASK_TO_LEAVE = "ask_to_leave"
    KEEP = "keep"
    REMOVE = "remove"
    ADOPT = "adopt"
    SUCCEED = "succeed"
    GIVE_BACK = "give_back"


def confirms_elsewhere(entry: ProviderEntry, actor: Actor) -> Message | None:
    """Bar: of all who answer for the place, only the level that policy names confirms."""
    if actor.division_code == entry.confirming_code:
        return None
    return message(N_("入库由政策参数规定的层级确认，您所在的层级不能办理这一步。"))


FIRST_CHECK = Waiting(Action.PROVIDER_ENTRY_CHECK, N_("初核机构入库"), within=CHECK_WORKDAYS)


def _told(title: str) -> Telling:
    return Telling(Action.PROVIDER_ENTRY_ASK, title)


PROVIDER_ENTRIES = declare_workflow(
    Workflow(
        subject_type="provider_entry",
        model=ProviderEntry,
        states=EntryState,
        see=Action.PROVIDER_ENTRY_SEE,
        name_of=lambda entry: entry.organisation.name,
        place_of=lambda entry: entry.division_code,
        parent_of=lambda entry: entry.organisation,
        drafting=Drafting(Action.PROVIDER_ENTRY_ASK, frozenset({DRAFT, RETURNED})),
        start=Transition(
            EntryStep.DRAW_UP,
            frozenset(),
            DRAFT,
            Action.PROVIDER_ENTRY_ASK,
            asks_facts=True,
            effect=draw_up,
        ),
        transitions=(
            Transition(
                EntryStep.SUBMIT,
                frozenset({DRAFT, RETURNED}),
                SUBMITTED,
                Action.PROVIDER_ENTRY_ASK,
                requires=(is_complete, has_changed, site_is_still_its_own),
                effect=hand_in_entry,
                waiting=FIRST_CHECK,
            ),
            Transition(
                EntryStep.CHECK,
                frozenset({SUBMITTED}),
                CHECKED,
                Action.PROVIDER_ENTRY_CHECK,
                other_than=EntryStep.SUBMIT,
                requires=(site_is_still_its_own,),
                waiting=Waiting(
                    Action.PROVIDER_ENTRY_CONFIRM, N_("确认机构入库"), within=CONFIRM_WORKDAYS, nearest=True
                ),
            ),
            Transition(
                EntryStep.RETURN,
                frozenset({SUBMITTED}),
                RETURNED,
                Action.PROVIDER_ENTRY_CHECK,
                asks_reason=True,
                pauses=CHECK_WORKDAYS,
                effect=pin_remarks,
                waiting=Waiting(Action.PROVIDER_ENTRY_ASK, N_("补正被退回的入库材料")),
            ),
            Transition(
                EntryStep.TAKE_BACK,
                frozenset({CHECKED}),
                SUBMITTED,
                Action.PROVIDER_ENTRY_CHECK,
                waiting=replace(FIRST_CHECK, goes_on=True),
            ),
            Transition(
                EntryStep.CONFIRM,
                frozenset({CHECKED}),
                LISTED,
                Action.PROVIDER_ENTRY_CONFIRM,
                other_than=EntryStep.CHECK,
                bars=(confirms_elsewhere,),
                requires=(site_is_still_its_own,),
                effect=partial(list_provider, EntryStep.REPLACE),
                telling=_told(N_("入库已确认，请查看入库信息凭证")),
            ),
            Transition(
                EntryStep.SEND_BACK,
                frozenset({CHECKED}),
                RETURNED,
                Action.PROVIDER_ENTRY_CONFIRM,
                asks_reason=True,
                bars=(confirms_elsewhere,),
                effect=pin_remarks,
                waiting=Waiting(Action.PROVIDER_ENTRY_ASK, N_("补正被退回的入库材料")),
            ),
            Transition(
                EntryStep.WITHDRAW,
                frozenset({DRAFT, SUBMITTED, RETURNED}),
                EntryState.WITHDRAWN,
                Action.PROVIDER_ENTRY_ASK,
            ),
            Transition(
                EntryStep.SUSPEND,
                frozenset({LISTED, LEAVING, DECIDING}),
                None,
                Action.PROVIDER_ENTRY_CHECK,
                asks_reason=True,
                bars=(is_suspended_already,),
                effect=bringing(EntryStep.HALT, in_hand_beside, suspend),
                telling=_told(N_("入库资格已暂停")),
            ),
            Transition(
                EntryStep.RESUME,
                frozenset({LISTED, LEAVING, DECIDING}),
                None,
                Action.PROVIDER_ENTRY_CHECK,
                asks_reason=True,
                bars=(is_not_suspended,),
                effect=resume,
                telling=_told(N_("入库资格已恢复")),
            ),
            Transition(
                EntryStep.NOTIFY,
                frozenset({LISTED}),
                LEAVING,
                Action.PROVIDER_ENTRY_CHECK,
                asks_reason=True,
                effect=bringing(EntryStep.HALT, in_hand_beside, open_defence),
                waiting=Waiting(
                    Action.PROVIDER_ENTRY_ASK, N_("就拟退出告知陈述申辩"), within=DEFENCE_WORKDAYS
                ),
            ),
            Transition(
                EntryStep.DEFEND,
                frozenset({LEAVING}),
                DECIDING,
                Action.PROVIDER_ENTRY_ASK,
                asks_reason=True,
                waiting=Waiting(
                    Action.PROVIDER_ENTRY_CONFIRM, N_("决定机构去留"), within=DECIDE_WORKDAYS, nearest=True
                ),
            ),
            Transition(
                EntryStep.ASK_TO_LEAVE,
                frozenset({LISTED}),
                DECIDING,
                Action.PROVIDER_ENTRY_ASK,
                asks_reason=True,
                effect=bringing(EntryStep.HALT, in_hand_beside),
                waiting=Waiting(
                    Action.PROVIDER_ENTRY_CONFIRM, N_("决定机构去留"), within=DECIDE_WORKDAYS, nearest=True
                ),
            ),
            Transition(
                EntryStep.KEEP,
                frozenset({LEAVING, DECIDING}),
                LISTED,
                Action.PROVIDER_ENTRY_CONFIRM,
                asks_reason=True,
                bars=(confirms_elsewhere,),
                telling=_told(N_("机构保留在库")),
            ),
            Transition(
                EntryStep.REMOVE,
                frozenset({LEAVING, DECIDING}),
                EntryState.LEFT,
                Action.PROVIDER_ENTRY_CONFIRM,
                asks_reason=True,
                other_than=EntryStep.NOTIFY,
                bars=(confirms_elsewhere,),
                effect=bringing(EntryStep.END, in_hand_beside, end_listing),
                telling=_told(N_("机构已退出")),
            ),
            Transition(
                EntryStep.HALT,
                frozenset({SUBMITTED, CHECKED}),
                RETURNED,
                Action.PROVIDER_ENTRY_CHECK,
                follows=True,
                pauses=CHECK_WORKDAYS,
                telling=_told(N_("机构的资格或去留有变，在办的变更或续期已退回")),
            ),
            Transition(
                EntryStep.END,
                frozenset({DRAFT, SUBMITTED, RETURNED, CHECKED}),
                EntryState.WITHDRAWN,
                Action.PROVIDER_ENTRY_CONFIRM,
                follows=True,
                telling=_told(N_("机构已退出，在办的变更或续期随之终止")),
            ),
            Transition(
                EntryStep.REPLACE,
                frozenset({LISTED}),
                EntryState.REPLACED,
                Action.PROVIDER_ENTRY_CONFIRM,
                follows=True,
            ),
        ),
    )
)

declare_drafts(ProviderEntry, joinedload(ProviderEntry.organisation))
