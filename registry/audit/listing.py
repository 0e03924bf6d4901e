"""The trail as a list: each question has an index that brings its rows newest first, among a million entries too."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.sql.elements import ColumnElement

from registry.actions import Action, Deed
from registry.audit.models import AuditEntry, Result
from registry.clock import SHANGHAI
from registry.listing import (
    Column,
    Expression,
    Filter,
    Listing,
    division_filter,
    enum_filter,
    text_value,
)
from registry.messages import N_

FIRST_YEAR, LAST_YEAR = 2000, 2999


def act_value(typed: str) -> Action | Deed:
    """What was done, as the trail names it; ValueError for anything else."""
    return Action(typed) if typed in set(Action) else Deed(typed)


def day_value(typed: str) -> date:
    """A day such as 2026-11-23."""
    day = date.fromisoformat(typed)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(typed)
    return day


def midnight(day: date) -> datetime:
    """When a day begins in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def _since(day: date, _on: date) -> ColumnElement[bool]:
    return AuditEntry.at >= midnight(day)


def _until(day: date, _on: date) -> ColumnElement[bool]:
    return AuditEntry.at < midnight(day + timedelta(days=1))


def exactly(key: str, label: str, column: Expression) -> Filter:
    """The whole value, which an index finds at once; a part of it would read the whole trail."""

    def clause(text: str, _on: date) -> ColumnElement[bool]:
        return column == text

    return Filter(key, label, parse=text_value, clause=clause)


def _of_act(act: Action | Deed, _on: date) -> ColumnElement[bool]:
    return AuditEntry.action == act.value


TRAIL = Listing(
    key="trail",
    model=AuditEntry,
    columns=(
        Column("sequence", N_("序号"), AuditEntry.sequence),
        Column("at", N_("时间"), AuditEntry.at, order=(AuditEntry.at,)),
        Column("actor_name", N_("人员"), AuditEntry.actor_name),
        Column("actor_code", N_("账号编号"), AuditEntry.actor_code),
        Column("principal_name", N_("代何人"), AuditEntry.principal_name),
        Column("principal_code", N_("代何人的账号编号"), AuditEntry.principal_code),
        Column("action", N_("事项"), AuditEntry.action),
        Column("result", N_("结果"), AuditEntry.result),
        Column("subject_type", N_("对象类别"), AuditEntry.subject_type),
        Column("subject_code", N_("对象编号"), AuditEntry.subject_code),
        Column("division_code", N_("区划代码"), AuditEntry.division_code),
        Column("reason", N_("理由"), AuditEntry.reason),
        Column("facts", N_("内容"), AuditEntry.facts),
        Column("request_id", N_("请求编号"), AuditEntry.request_id),
        Column("previous_hash", N_("上一条的摘要"), AuditEntry.previous_hash),
        Column("entry_hash", N_("本条的摘要"), AuditEntry.entry_hash),
    ),
    filters=(
        Filter("since", N_("起始日期（如2026-11-23）"), parse=day_value, clause=_since),
        Filter("until", N_("截止日期（含当日）"), parse=day_value, clause=_until),
        exactly("person", N_("人员（全名）"), AuditEntry.actor_name),
        exactly("for", N_("代何人（全名）"), AuditEntry.principal_name),
        exactly("account", N_("账号编号"), AuditEntry.actor_code),
        Filter("action", N_("事项"), parse=act_value, clause=_of_act, choices=(*Action, *Deed)),
        enum_filter("result", N_("结果"), AuditEntry.result, Result),
        exactly("subject", N_("对象编号"), AuditEntry.subject_code),
        division_filter("division", N_("区划（含下级）"), AuditEntry.division_code),
        exactly("request", N_("请求编号"), AuditEntry.request_id),
    ),
    default_sort="-at",
)
