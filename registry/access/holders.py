"""Accounts answer for a division: a division change carries them over."""

from registry.access.models import Account
from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there

declare_holder(
    Holder(
        message(N_("账号的管辖区划")),
        Account.division_code,
        Account.username,
        first_site_there(Account.organisation_id, Account.division_code),
    )
)
