"""A handover that is in hand goes on with the successor of its division after a division change."""

from registry.divisions.holders import Holder, declare_holder
from registry.handovers.models import Handover
from registry.handovers.queries import IN_HAND
from registry.messages import N_, message
from registry.organisations.holders import first_site_there

for column in (Handover.division_code, Handover.waits_for_code):
    declare_holder(
        Holder(
            message(N_("未办结的工作交接")),
            column,
            Handover.note,
            first_site_there(Handover.organisation_id, column),
            rows=Handover.state.in_(IN_HAND),
        )
    )
