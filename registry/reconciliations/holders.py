"""Systems, authorities and comparisons go with their division: a division change carries them over."""

from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there
from registry.reconciliations.models import FieldAuthority, Reconciliation, SourceSystem

declare_holder(Holder(message(N_("来源系统")), SourceSystem.division_code, SourceSystem.name))
declare_holder(Holder(message(N_("权威来源")), FieldAuthority.division_code, FieldAuthority.field))
declare_holder(
    Holder(
        message(N_("数据核对")),
        Reconciliation.division_code,
        Reconciliation.file_name,
        first_site_there(Reconciliation.organisation_id, Reconciliation.division_code),
    )
)
