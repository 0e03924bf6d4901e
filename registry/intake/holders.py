"""A run of the intake is seen where its actor stands: a division change carries it over, and what was said of heads."""

from registry.divisions.holders import Holder, declare_holder
from registry.intake.models import ColumnMapping, IntakeRun
from registry.messages import N_, message
from registry.organisations.holders import first_site_there

declare_holder(
    Holder(
        message(N_("导入记录")),
        IntakeRun.division_code,
        IntakeRun.file_name,
        first_site_there(IntakeRun.organisation_id, IntakeRun.division_code),
    )
)
declare_holder(
    Holder(
        message(N_("记住的对应列")),
        ColumnMapping.division_code,
        ColumnMapping.kind,
        first_site_there(ColumnMapping.organisation_id, ColumnMapping.division_code),
    )
)
