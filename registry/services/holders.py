"""Activities and reports go with their site in a division change; services follow it by their foreign key."""

from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.services.models import Activity, ServiceReport
from registry.services.queries import OPEN_STATES, REPORT_TITLE
from registry.workflow.holders import follow_site

IS_OPEN = ServiceReport.state.in_(OPEN_STATES)
declare_holder(Holder(message(N_("活动记录")), Activity.division_code, Activity.code, Activity.site_id))
for label, rows in (
    (N_("未办结的服务项目申报"), IS_OPEN),
    (N_("已办结的服务项目申报"), ~IS_OPEN),
):
    declare_holder(
        Holder(message(label), ServiceReport.division_code, REPORT_TITLE, ServiceReport.site_id, rows=rows)
    )
follow_site(ServiceReport)
