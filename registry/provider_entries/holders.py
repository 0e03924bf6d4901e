"""Entries go with their service site in a division change: what is in hand, what stands, and what is behind us."""

import sqlalchemy as sa

from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.provider_entries.models import IN_FORCE, IN_HAND, ProviderEntry
from registry.workflow.holders import follow_site

NAME = sa.select(Organisation.name).where(Organisation.id == ProviderEntry.organisation_id).scalar_subquery()
STATE = ProviderEntry.state

for label, column, rows in (
    (N_("未办结的机构入库"), ProviderEntry.division_code, STATE.in_(IN_HAND)),
    (N_("在库的机构入库"), ProviderEntry.division_code, STATE.in_(IN_FORCE)),
    (N_("以往的机构入库材料"), ProviderEntry.division_code, STATE.not_in((*IN_HAND, *IN_FORCE))),
    (N_("机构入库的确认层级"), ProviderEntry.confirming_code, STATE.in_((*IN_HAND, *IN_FORCE))),
):
    declare_holder(Holder(message(label), column, NAME, ProviderEntry.site_id, rows=rows))
follow_site(ProviderEntry)
