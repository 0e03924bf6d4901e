"""The menu as data: jobs, not departments. Everybody sees only what his role may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.remembering import remembered
from portal.translating import said
from registry.access.actors import Actor
from registry.access.rules import may
from registry.actions import Action
from registry.messages import N_
from registry.workflow.queries import count_open_todos


@dataclass(frozen=True)
class Item:
    """One job of the portal."""

    endpoint: str
    label: str
    icon: str
    action: Action
    values: tuple[tuple[str, Any], ...] = ()
    is_in_bar: bool = False
    """Also in the bar at the foot of small screens."""
    count: Callable[[Session, Actor], int] | None = None
    """What waits there, shown beside the label."""


@dataclass(frozen=True)
class Entry:
    """An item as one person sees it on one page."""

    label: str
    icon: str
    url: str
    is_current: bool
    is_in_bar: bool
    count: int = 0


MENU = (
    Item("home.show", N_("工作台"), "home", Action.HOME_SEE, is_in_bar=True),
    Item("inbox.index", N_("待办"), "inbox", Action.INBOX_SEE, is_in_bar=True, count=count_open_todos),
    Item("calendar.show", N_("日历"), "calendar", Action.INBOX_SEE),
    Item(
        "providers.index",
        N_("服务机构"),
        "providers",
        Action.ORGANISATION_SEE,
        (("standing", "listed"),),
        is_in_bar=True,
    ),
    Item("sites.index", N_("服务场所"), "sites", Action.SITE_SEE),
    Item("services.index", N_("服务项目"), "services", Action.SERVICE_SEE, (("offer", "offered"),)),
    Item("activities.index", N_("活动记录"), "activities", Action.ACTIVITY_SEE),
    Item("provider_entries.index", N_("机构入库"), "entry", Action.PROVIDER_ENTRY_SEE),
    Item("station_filings.index", N_("建站备案"), "filing", Action.STATION_FILING_SEE),
    Item("dossiers.index", N_("慈善与协会"), "dossiers", Action.DOSSIER_SEE),
    Item("workforce.index", N_("从业人员"), "people", Action.PRACTITIONER_SEE),
    Item(
        "figures.show",
        N_("专业人员占比"),
        "figure",
        Action.FIGURE_SEE,
        (("code", "qualified-share"),),
        is_in_bar=True,
    ),
    Item("majors.index", N_("专业目录"), "policy", Action.MAJOR_SEE, (("in-force", "now"),)),
    Item("map.show", N_("地图"), "map", Action.MAP_SEE),
    Item("tasks.index", N_("部门任务"), "tasks", Action.TASK_SEE, (("show", "open"),)),
    Item("inspections.index", N_("督导检查"), "inspections", Action.INSPECTION_SEE, (("show", "open"),)),
    Item("enquiries.index", N_("咨询投诉"), "inbox", Action.ENQUIRY_SEE),
    Item("documents.index", N_("我的文件"), "document", Action.DOCUMENT_SEE),
    Item("intake.index", N_("批量导入"), "intake", Action.INTAKE_RUN, is_in_bar=True),
    Item("reconciliations.index", N_("数据核对"), "reconcile", Action.RECONCILIATION_RUN),
    Item("divisions.index", N_("行政区划"), "divisions", Action.DIVISION_SEE),
    Item("policy.index", N_("政策参数"), "policy", Action.PARAMETER_SEE),
    Item("accounts.index", N_("人员账号"), "accounts", Action.ACCOUNT_SEE),
    Item("permissions.index", N_("权限表"), "permissions", Action.PERMISSION_SEE, is_in_bar=True),
    Item("audit.index", N_("操作留痕"), "audit", Action.AUDIT_SEE, is_in_bar=True),
)


PARTS = {"columns": "intake", "differences": "intake", "round_trips": "intake"}
"""Blueprints whose pages belong to the entry of another."""


def menu_for(actor: Actor) -> tuple[Entry, ...]:
    """What this actor can go to, with the place where he is."""
    offered = [item for item in MENU if may(actor, item.action)]
    here = area_of(request.endpoint or "")
    return tuple(
        Entry(
            label=said(item.label),
            icon=item.icon,
            url=url_for(item.endpoint, **dict(item.values)),
            is_current=area_of(item.endpoint) == here,
            is_in_bar=item.is_in_bar,
            count=_count_of(item, actor),
        )
        for item in offered
    )


def _count_of(item: Item, actor: Actor) -> int:
    if item.count is None:
        return 0
    count = item.count
    return remembered((item.endpoint, actor), lambda: count(db.session(), actor))


def area_of(endpoint: str) -> str:
    """The blueprint of an endpoint, or the one that it is a part of: all its pages belong to one entry of the menu."""
    blueprint = endpoint.partition(".")[0]
    return PARTS.get(blueprint, blueprint)
