"""Positions answer for a division: a division change carries them over."""

import sqlalchemy as sa

from registry.access.models import Account, Position
from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there

declare_holder(
    Holder(
        message(N_("岗位的管辖区划")),
        Position.division_code,
        sa.select(Account.username).where(Account.id == Position.account_id).scalar_subquery(),
        first_site_there(Position.organisation_id, Position.division_code),
    )
)
