"""Service reports that somebody began and that nobody has before him."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Position
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.messages import N_
from registry.services.models import ServiceReport, ServiceReportState
from registry.services.queries import REPORT_TITLE


def _own(position: Position, _on: date) -> ColumnElement[bool]:
    return sa.and_(
        ServiceReport.asked_by_id == position.account_id,
        ServiceReport.organisation_id == position.organisation_id,
        ServiceReport.state.in_((ServiceReportState.DRAFT, ServiceReportState.RETURNED)),
    )


declare_belonging(
    Belonging(
        "service_report",
        N_("没有交出的服务项目申报"),
        ServiceReport,
        REPORT_TITLE,
        _own,
        Passing.OWNER,
        ServiceReport.asked_by_id.key,
    )
)
