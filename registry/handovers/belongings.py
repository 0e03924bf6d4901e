"""What of the register is a person's own: each noun declares it once, and a handover finds it there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Account, Delegation, Position
from registry.handovers.models import Passing
from registry.messages import N_
from registry.organisations.models import AddressChange, AddressChangeState, Site

Expression = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Belonging:
    """Rows of one kind that somebody began and has not finished."""

    subject_type: str
    title: str
    """A msgid: what such a row is."""
    model: Any
    name: Expression
    of: Callable[[Position, date], ColumnElement[bool]]
    """Those of the holder of a position, on a day."""
    passing: Passing
    owner: str = ""
    """The attribute with the key of the account that it belongs to, where it gets a new owner."""


BELONGINGS: list[Belonging] = []


def declare_belonging(belonging: Belonging) -> None:
    """Called once by the noun that owns the model."""
    BELONGINGS.append(belonging)


def _own_changes(position: Position, _on: date) -> ColumnElement[bool]:
    return sa.and_(
        AddressChange.asked_by_id == position.account_id,
        AddressChange.state.in_((AddressChangeState.DRAFT, AddressChangeState.RETURNED)),
        AddressChange.site.has(Site.organisation_id == position.organisation_id),
    )


def _open_delegations(position: Position, on: date) -> ColumnElement[bool]:
    """Given of this position; what he was left by others ends with his being a colleague."""
    return sa.and_(
        Delegation.position_id == position.id, Delegation.ended_at.is_(None), Delegation.until_on >= on
    )


declare_belonging(
    Belonging(
        "address_change",
        N_("没有交出的地址变更"),
        AddressChange,
        AddressChange.address,
        _own_changes,
        Passing.OWNER,
        AddressChange.asked_by_id.key,
    )
)
declare_belonging(
    Belonging(
        "delegation",
        N_("已给出的授权代办"),
        Delegation,
        sa.select(Account.name).where(Account.id == Delegation.delegate_id).scalar_subquery(),
        _open_delegations,
        Passing.ENDS,
    )
)
