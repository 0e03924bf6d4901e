"""An inspection waits for the successor of its division after a division change."""

import sqlalchemy as sa

from registry.divisions.holders import Holder, declare_holder
from registry.inspections.models import Inspection
from registry.messages import N_, message
from registry.organisations.holders import first_site_there
from registry.organisations.models import Organisation
from registry.workflow.holders import follow_site

NAME = sa.select(Organisation.name).where(Organisation.id == Inspection.organisation_id).scalar_subquery()

declare_holder(
    Holder(
        message(N_("督导检查")),
        Inspection.division_code,
        NAME,
        sa.func.coalesce(
            Inspection.site_id, first_site_there(Inspection.organisation_id, Inspection.division_code)
        ),
    )
)
follow_site(Inspection)
