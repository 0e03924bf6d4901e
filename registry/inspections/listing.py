"""The list of inspections."""

from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.handling import handling_filter
from registry.inspections.models import Finding, Inspection, InspectionKind, InspectionState
from registry.listing import (
    ON,
    Column,
    Filter,
    Listing,
    division_filter,
    enum_filter,
    facet_filter,
    holding,
    text_value,
)
from registry.messages import N_
from registry.organisations.models import Organisation, Site

OVER = (InspectionState.CLOSED, InspectionState.WITHDRAWN)


class Lateness(StrEnum):
    """Whether something was not put right by its day."""

    OVERDUE = "overdue"
    IN_TIME = "in_time"


OPEN_FINDINGS = sa.and_(
    Finding.inspection_id == Inspection.id,
    Finding.settled_on.is_(None),
    Inspection.notified_at.is_not(None),
)
"""Nothing is to be put right before the organisation is told of it."""
IS_LATE = sa.exists().where(OPEN_FINDINGS, Finding.rectify_by < ON)
LATENESS = {Lateness.OVERDUE: IS_LATE, Lateness.IN_TIME: sa.not_(IS_LATE)}


def _open(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Something of the findings that are not settled."""
    return sa.select(value).where(OPEN_FINDINGS).correlate(Inspection).scalar_subquery()


def _name_of(model: type[Organisation] | type[Site], key: ColumnElement[Any]) -> ColumnElement[Any]:
    return sa.select(model.name).where(model.id == key).correlate(Inspection).scalar_subquery()


SITE = _name_of(Site, Inspection.site_id.expression)
ORGANISATION = _name_of(Organisation, Inspection.organisation_id.expression)


def _named(text: str, _on: date) -> ColumnElement[bool]:
    return sa.or_(holding(SITE, text), holding(ORGANISATION, text))


INSPECTION_LIST = Listing(
    key="inspections",
    model=Inspection,
    columns=(
        Column("code", N_("编号"), Inspection.code),
        Column("place", N_("检查对象"), sa.func.coalesce(SITE, ORGANISATION)),
        Column("visited_on", N_("检查日期"), Inspection.visited_on, order=(Inspection.visited_on,)),
        Column("kind", N_("检查类型"), Inspection.kind),
        Column("open", N_("未解决问题"), _open(sa.func.count(Finding.id))),
        Column("rectify_by", N_("整改期限"), _open(sa.func.min(Finding.rectify_by))),
        Column("state", N_("状态"), Inspection.state),
    ),
    filters=(
        division_filter("division", N_("区划"), Inspection.division_code),
        handling_filter(Inspection.state.not_in(OVER)),
        enum_filter("state", N_("状态"), Inspection.state, InspectionState),
        enum_filter("kind", N_("检查类型"), Inspection.kind, InspectionKind),
        facet_filter("lateness", N_("整改期限"), LATENESS),
        Filter("q", N_("机构或场所"), parse=text_value, clause=_named),
    ),
    default_sort="-visited_on",
)
"""督导检查: the latest visit first."""
