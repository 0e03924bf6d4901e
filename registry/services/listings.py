"""The lists of services and of activities."""

import re
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import Level
from registry.listing import (
    ON,
    Column,
    Filter,
    Listing,
    division_filter,
    enum_filter,
    facet_filter,
    facet_value,
    text_filter,
    text_value,
)
from registry.messages import N_
from registry.organisations.models import Organisation, Site
from registry.organisations.queries import division_name
from registry.services.facets import Charge, Lateness, Offer, Weekday
from registry.services.models import Activity, ActivityState, Service, ServiceKind

OFFER: dict[Offer, ColumnElement[bool]] = {
    Offer.OFFERED: sa.and_(
        Service.started_on <= ON, sa.or_(Service.ended_on.is_(None), Service.ended_on > ON)
    ),
    Offer.COMING: Service.started_on > ON,
    Offer.ENDED: sa.and_(Service.ended_on.is_not(None), Service.ended_on <= ON),
}
CHARGE: dict[Charge, ColumnElement[bool]] = {
    Charge.FREE: Service.fee == 0,
    Charge.PAID: Service.fee > 0,
    Charge.UNKNOWN: Service.fee.is_(None),
}
LATENESS: dict[Lateness, ColumnElement[bool]] = {
    Lateness.LATE: Activity.entered_on > Activity.held_on,
    Lateness.SAME_DAY: Activity.entered_on <= Activity.held_on,
}
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
YEAR = re.compile(r"\d{4}")


def month_value(typed: str) -> tuple[date, date]:
    """2026-11 as its first day and the first day of the next one."""
    found = MONTH.fullmatch(typed)
    if not (found and typed.isascii() and 1900 <= int(found[1]) < 2100):
        raise ValueError(typed)
    year, month = int(found[1]), int(found[2])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def year_value(typed: str) -> tuple[date, date]:
    """2026 as its first day and the first day of the next one."""
    if not (YEAR.fullmatch(typed) and typed.isascii() and 1900 <= int(typed) < 2100):
        raise ValueError(typed)
    return date(int(typed), 1, 1), date(int(typed) + 1, 1, 1)


def _held_in(period: tuple[date, date], _on: date) -> ColumnElement[bool]:
    return sa.and_(Activity.held_on >= period[0], Activity.held_on < period[1])


def _of(model: Any, other: Any, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A fact of the organisation or site of a row."""
    key = getattr(model, f"{other.__tablename__}_id")
    return sa.select(column).where(other.id == key).correlate(model).scalar_subquery()


def _code_filter(model: Any, other: Any, label: str) -> Filter:
    """The rows of one organisation, site or service, by its public code."""
    key = getattr(model, f"{other.__tablename__}_id")

    def clause(code: str, _on: date) -> ColumnElement[bool]:
        chosen: ColumnElement[bool] = key == sa.select(other.id).where(other.code == code).scalar_subquery()
        return chosen

    return Filter(other.__tablename__, label, parse=text_value, clause=clause)


SERVICES = Listing(
    key="services",
    model=Service,
    columns=(
        Column("code", N_("编号"), Service.code),
        Column("title", N_("服务项目"), Service.title, order=(Service.title,)),
        Column("kind", N_("服务类别"), Service.kind),
        Column("organisation_code", N_("机构编号"), _of(Service, Organisation, Organisation.code)),
        Column("organisation", N_("提供机构"), _of(Service, Organisation, Organisation.name)),
        Column("site_code", N_("场所编号"), _of(Service, Site, Site.code)),
        Column("site", N_("服务场所"), _of(Service, Site, Site.name)),
        Column("address", N_("地址"), _of(Service, Site, Site.address)),
        Column(
            "division_code",
            N_("区划代码"),
            Service.division_code,
            order=(Service.division_code, Service.title),
        ),
        Column("province", N_("省份"), division_name(Service.division_code, Level.PROVINCE)),
        Column("district", N_("区县"), division_name(Service.division_code, Level.DISTRICT)),
        Column("street", N_("街镇"), division_name(Service.division_code, Level.TOWNSHIP)),
        Column("place", N_("地点"), Service.place),
        Column("weekdays", N_("开放日"), Service.weekdays),
        Column("hours", N_("时间"), Service.hours),
        Column("capacity", N_("名额"), Service.capacity),
        Column("fee", N_("收费（元/次）"), Service.fee),
        Column("fee_note", N_("收费说明"), Service.fee_note),
        Column("contact", N_("联系岗位"), Service.contact),
        Column("phone", N_("联系电话"), Service.phone),
        Column("started_on", N_("开始日期"), Service.started_on),
        Column("ended_on", N_("停止日期"), Service.ended_on),
        Column("offer", N_("开设状态"), facet_value(OFFER)),
        Column("is_example", N_("示例数据"), Service.is_example),
    ),
    filters=(
        division_filter("division", N_("区划"), Service.division_code),
        enum_filter("kind", N_("服务类别"), Service.kind, ServiceKind),
        Filter(
            "weekday",
            N_("开放日"),
            parse=Weekday,
            clause=lambda day, _on: Service.weekdays.contains(day.value),
            choices=tuple(Weekday),
        ),
        facet_filter("charge", N_("收费"), CHARGE),
        facet_filter("offer", N_("开设状态"), OFFER),
        _code_filter(Service, Organisation, N_("提供机构")),
        _code_filter(Service, Site, N_("服务场所")),
        text_filter("q", N_("名称或地点"), Service.title, Service.place),
    ),
    default_sort="division_code",
)
"""服务项目: what is, was and will be offered."""

ACTIVITIES = Listing(
    key="activities",
    model=Activity,
    columns=(
        Column("code", N_("编号"), Activity.code),
        Column("held_on", N_("活动日期"), Activity.held_on, order=(Activity.held_on,)),
        Column("kind", N_("服务类别"), Activity.kind),
        Column("service", N_("服务项目"), _of(Activity, Service, Service.title)),
        Column("organisation_code", N_("机构编号"), _of(Activity, Organisation, Organisation.code)),
        Column("organisation", N_("机构"), _of(Activity, Organisation, Organisation.name)),
        Column("site", N_("服务场所"), _of(Activity, Site, Site.name)),
        Column("persons", N_("人数"), Activity.persons),
        Column("person_times", N_("人次"), Activity.person_times),
        Column("minutes", N_("时长（分钟）"), Activity.minutes),
        Column("note", N_("备注"), Activity.note),
        Column("entered_on", N_("登记日期"), Activity.entered_on),
        Column("corrected_on", N_("更正日期"), Activity.corrected_on),
        Column("lateness", N_("登记情况"), facet_value(LATENESS)),
        Column("state", N_("状态"), Activity.state),
        Column("is_example", N_("示例数据"), Activity.is_example),
    ),
    filters=(
        division_filter("division", N_("区划"), Activity.division_code),
        Filter("month", N_("月份"), parse=month_value, clause=_held_in),
        Filter("year", N_("年份"), parse=year_value, clause=_held_in),
        enum_filter("kind", N_("服务类别"), Activity.kind, ServiceKind),
        enum_filter("state", N_("状态"), Activity.state, ActivityState),
        facet_filter("lateness", N_("登记情况"), LATENESS),
        _code_filter(Activity, Organisation, N_("机构")),
        _code_filter(Activity, Site, N_("服务场所")),
        _code_filter(Activity, Service, N_("服务项目")),
    ),
    default_sort="-held_on",
)
"""活动记录: the newest first."""
