"""Scopes: which rows a rule reaches, once as a predicate on a row and once as SQL on its table.

Each noun declares for its models in which divisions and organisations a row lies; the two forms stand side by side
and a property test shows that they agree.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.actors import Actor
from registry.access.models import Account, Position
from registry.divisions.codes import lies_within, within
from registry.divisions.models import Division
from registry.organisations.models import AddressChange, Organisation, Site


class Scope(StrEnum):
    """How far a rule reaches."""

    ANYWHERE = "anywhere"
    SUBTREE = "subtree"
    OWN_ORGANISATION = "own_organisation"


@dataclass(frozen=True)
class Reach:
    """Where the rows of one model lie: each fact as a function of the row and as a condition in SQL."""

    divisions_of: Callable[[Any], Iterable[str]]
    in_division: Callable[[str], ColumnElement[bool]]
    organisations_of: Callable[[Any], Iterable[int]]
    in_organisation: Callable[[int], ColumnElement[bool]]


REACHES: dict[type, Reach] = {}


def declare_reach(model: type, reach: Reach) -> None:
    """Called once by the noun that owns the model."""
    REACHES[model] = reach


def reach_by_columns(model: Any) -> Reach:
    """Of a model that holds its division, and its organisation where it has one, in columns of these names."""
    return Reach(
        divisions_of=lambda record: (record.division_code,),
        in_division=lambda code: within(model.division_code, code),
        organisations_of=lambda record: () if record.organisation_id is None else (record.organisation_id,),
        in_organisation=lambda organisation_id: model.organisation_id == organisation_id,
    )


def row_in_scope(scope: Scope, actor: Actor, record: Any) -> bool:
    """The predicate."""
    if scope is Scope.ANYWHERE:
        return True
    reach = REACHES[type(record)]
    if scope is Scope.SUBTREE:
        return any(lies_within(code, actor.division_code) for code in reach.divisions_of(record))
    return actor.organisation_id is not None and actor.organisation_id in set(reach.organisations_of(record))


def rows_in_scope(scope: Scope, actor: Actor, model: type) -> ColumnElement[bool]:
    """The same as SQL."""
    if scope is Scope.ANYWHERE:
        return sa.true()
    reach = REACHES[model]
    if scope is Scope.SUBTREE:
        return reach.in_division(actor.division_code)
    return sa.false() if actor.organisation_id is None else reach.in_organisation(actor.organisation_id)


declare_reach(
    Division,
    Reach(
        divisions_of=lambda division: (division.code,),
        in_division=lambda code: within(Division.code, code),
        organisations_of=lambda division: (),
        in_organisation=lambda organisation_id: sa.false(),
    ),
)
declare_reach(
    Organisation,
    Reach(
        divisions_of=lambda organisation: (organisation.division_code,),
        in_division=lambda code: within(Organisation.division_code, code),
        organisations_of=lambda organisation: (organisation.id,),
        in_organisation=lambda organisation_id: Organisation.id == organisation_id,
    ),
)
declare_reach(
    Site,
    Reach(
        divisions_of=lambda site: (site.division_code,),
        in_division=lambda code: within(Site.division_code, code),
        organisations_of=lambda site: (site.organisation_id,),
        in_organisation=lambda organisation_id: Site.organisation_id == organisation_id,
    ),
)
declare_reach(Position, reach_by_columns(Position))
declare_reach(
    Account,
    Reach(
        divisions_of=lambda account: [position.division_code for position in account.positions],
        in_division=lambda code: Account.positions.any(within(Position.division_code, code)),
        organisations_of=lambda account: [
            position.organisation_id for position in account.positions if position.organisation_id is not None
        ],
        in_organisation=lambda organisation_id: Account.positions.any(
            Position.organisation_id == organisation_id
        ),
    ),
)
declare_reach(
    AddressChange,
    Reach(
        divisions_of=lambda change: (change.from_code,) if change.was_submitted else (),
        in_division=lambda code: sa.and_(
            AddressChange.submitted_at.is_not(None), within(AddressChange.from_code, code)
        ),
        organisations_of=lambda change: (change.site.organisation_id,),
        in_organisation=lambda organisation_id: AddressChange.site.has(
            Site.organisation_id == organisation_id
        ),
    ),
)
