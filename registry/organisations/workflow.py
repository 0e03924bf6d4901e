"""How a change of address goes: the provider asks, the district that answers for the site today confirms."""

from enum import StrEnum

from sqlalchemy.orm import joinedload

from registry.actions import Action
from registry.messages import N_
from registry.organisations.address_change_queries import district_of
from registry.organisations.address_changes import (
    asks_for_something,
    begin,
    day_is_still_possible,
    fill,
    hand_in,
    move_site,
    site_stands_as_seen,
)
from registry.organisations.models import AddressChange, AddressChangeState
from registry.workflow_table import (
    Subject,
    Telling,
    Transition,
    Waiting,
    Workflow,
    declare_drafts,
    declare_workflow,
)

DRAFT, SUBMITTED, RETURNED = (
    AddressChangeState.DRAFT,
    AddressChangeState.SUBMITTED,
    AddressChangeState.RETURNED,
)
CONFIRMED, WITHDRAWN = AddressChangeState.CONFIRMED, AddressChangeState.WITHDRAWN

CONFIRM_WORKDAYS = "address_change.confirm_workdays"
"""Policy parameter: working days within which the district answers."""


class AddressChangeStep(StrEnum):
    """The verbs of a change of address."""

    DRAW_UP = "draw_up"
    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


def receiving_division(change: AddressChange) -> str | None:
    """The street of another district that the site moves into."""
    return (
        change.division_code if district_of(change.division_code) != district_of(change.from_code) else None
    )


def moved_site(change: AddressChange) -> Subject:
    """The receiving district opens the site: the change is a matter of the district that confirmed it."""
    return Subject("site", change.site.id, change.site.code, change.site.name)


ADDRESS_CHANGES = declare_workflow(
    Workflow(
        subject_type="address_change",
        model=AddressChange,
        states=AddressChangeState,
        see=Action.ADDRESS_CHANGE_SEE,
        name_of=lambda change: change.site.name,
        place_of=lambda change: change.from_code,
        parent_of=lambda change: change.site,
        start=Transition(
            AddressChangeStep.DRAW_UP,
            frozenset(),
            DRAFT,
            Action.ADDRESS_CHANGE_ASK,
            asks_facts=True,
            effect=begin,
        ),
        transitions=(
            Transition(
                AddressChangeStep.SAVE,
                frozenset({DRAFT, RETURNED}),
                None,
                Action.ADDRESS_CHANGE_ASK,
                asks_facts=True,
                effect=fill,
            ),
            Transition(
                AddressChangeStep.SUBMIT,
                frozenset({DRAFT, RETURNED}),
                SUBMITTED,
                Action.ADDRESS_CHANGE_ASK,
                requires=(asks_for_something, day_is_still_possible),
                effect=hand_in,
                waiting=Waiting(
                    Action.ADDRESS_CHANGE_CONFIRM, N_("确认场所地址变更"), within=CONFIRM_WORKDAYS
                ),
            ),
            Transition(
                AddressChangeStep.RETURN,
                frozenset({SUBMITTED}),
                RETURNED,
                Action.ADDRESS_CHANGE_CONFIRM,
                asks_reason=True,
                waiting=Waiting(Action.ADDRESS_CHANGE_ASK, N_("修改被退回的地址变更")),
                pauses=CONFIRM_WORKDAYS,
            ),
            Transition(
                AddressChangeStep.CONFIRM,
                frozenset({SUBMITTED}),
                CONFIRMED,
                Action.ADDRESS_CHANGE_CONFIRM,
                other_than=AddressChangeStep.SUBMIT,
                requires=(site_stands_as_seen, day_is_still_possible),
                effect=move_site,
                telling=Telling(
                    Action.ADDRESS_CHANGE_CONFIRM,
                    N_("场所迁入本区，请知悉"),
                    place_of=receiving_division,
                    about=moved_site,
                ),
            ),
            Transition(
                AddressChangeStep.WITHDRAW,
                frozenset({DRAFT, SUBMITTED, RETURNED}),
                WITHDRAWN,
                Action.ADDRESS_CHANGE_ASK,
            ),
        ),
    )
)

declare_drafts(AddressChange, joinedload(AddressChange.site))
