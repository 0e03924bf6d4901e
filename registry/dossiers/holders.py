"""A dossier lies where its organisation does: a division change carries it over."""

import sqlalchemy as sa

from registry.divisions.holders import Holder, declare_holder
from registry.dossiers.models import Dossier
from registry.messages import N_, message
from registry.organisations.holders import first_site_there
from registry.organisations.models import Organisation

declare_holder(
    Holder(
        message(N_("慈善组织和行业协会的档案")),
        Dossier.division_code,
        sa.select(Organisation.name).where(Organisation.id == Dossier.organisation_id).scalar_subquery(),
        first_site_there(Dossier.organisation_id, Dossier.division_code),
    )
)
