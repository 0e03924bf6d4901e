"""The list of reports of services."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.handling import handling_filter
from registry.listing import (
    Column,
    Filter,
    Listing,
    division_filter,
    enum_filter,
    holding,
    text_value,
)
from registry.messages import N_
from registry.organisations.models import Organisation, Site
from registry.services.models import ReportKind, ServiceReport, ServiceReportState
from registry.services.queries import OPEN_STATES, REPORT_TITLE

IS_OPEN = ServiceReport.state.in_(sorted(OPEN_STATES))


def _name_of(model: type[Organisation] | type[Site], key: ColumnElement[Any]) -> ColumnElement[Any]:
    return sa.select(model.name).where(model.id == key).correlate(ServiceReport).scalar_subquery()


SITE = _name_of(Site, ServiceReport.site_id.expression)
ORGANISATION = _name_of(Organisation, ServiceReport.organisation_id.expression)


def _named(text: str, _on: date) -> ColumnElement[bool]:
    return sa.or_(*(holding(column, text) for column in (REPORT_TITLE, SITE, ORGANISATION)))


REPORTS = Listing(
    key="service-reports",
    model=ServiceReport,
    columns=(
        Column("code", N_("编号"), ServiceReport.code),
        Column("name", N_("项目名称"), REPORT_TITLE),
        Column("kind", N_("申报事项"), ServiceReport.kind),
        Column("organisation", N_("机构"), ORGANISATION),
        Column("site", N_("服务场所"), SITE),
        Column("asked_at", N_("填写时间"), ServiceReport.asked_at, order=(ServiceReport.asked_at,)),
        Column(
            "submitted_at", N_("提交时间"), ServiceReport.submitted_at, order=(ServiceReport.submitted_at,)
        ),
        Column("state", N_("状态"), ServiceReport.state),
    ),
    filters=(
        division_filter("division", N_("区划"), ServiceReport.division_code),
        handling_filter(IS_OPEN),
        enum_filter("state", N_("状态"), ServiceReport.state, ServiceReportState),
        enum_filter("kind", N_("申报事项"), ServiceReport.kind, ReportKind),
        Filter("q", N_("项目、机构或场所"), parse=text_value, clause=_named),
    ),
    default_sort="asked_at",
)
"""服务项目申报: whoever has waited longest first."""
