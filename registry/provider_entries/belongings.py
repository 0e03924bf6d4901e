"""An entry that was not handed in is the institution's: whoever holds the position goes on with it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Position, Role
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.messages import N_
from registry.organisations.models import Site
from registry.provider_entries.models import EntryState, ProviderEntry


def _of_institution(position: Position, _on: date) -> ColumnElement[bool]:
    if position.role is not Role.PROVIDER:
        return sa.false()
    return sa.and_(
        ProviderEntry.organisation_id == position.organisation_id,
        ProviderEntry.state.in_((EntryState.DRAFT, EntryState.RETURNED)),
    )


declare_belonging(
    Belonging(
        "provider_entry",
        N_("没有交出的机构入库材料"),
        ProviderEntry,
        sa.select(Site.name).where(Site.id == ProviderEntry.site_id).scalar_subquery(),
        _of_institution,
        Passing.DESK,
    )
)
