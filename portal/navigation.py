"""The menu as data: jobs, not departments. Everybody sees only what his role may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from portal.extensions import db
from registry.access.actors import Actor
from registry.access.rules import may
from registry.actions import Action
from registry.workflow.queries import count_open_todos


@dataclass(frozen=True)
class Item:
    """One job of the portal."""

    endpoint: str
    label: LazyString
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

    label: LazyString
    icon: str
    url: str
    is_current: bool
    is_in_bar: bool
    count: int = 0


MENU = (
    Item("home.show", _l("工作台"), "home", Action.HOME_SEE, is_in_bar=True),
    Item("inbox.index", _l("待办"), "inbox", Action.INBOX_SEE, is_in_bar=True, count=count_open_todos),
    Item(
        "providers.index",
        _l("服务机构"),
        "providers",
        Action.ORGANISATION_SEE,
        (("standing", "listed"),),
        is_in_bar=True,
    ),
    Item("sites.index", _l("服务场所"), "sites", Action.SITE_SEE),
    Item("workforce.index", _l("从业人员"), "people", Action.PRACTITIONER_SEE),
    Item(
        "figures.show",
        _l("专业人员占比"),
        "figure",
        Action.FIGURE_SEE,
        (("code", "qualified-share"),),
        is_in_bar=True,
    ),
    Item("map.show", _l("地图"), "map", Action.MAP_SEE),
    Item("documents.index", _l("我的文件"), "document", Action.DOCUMENT_SEE),
    Item("intake.index", _l("批量导入"), "intake", Action.INTAKE_RUN, is_in_bar=True),
    Item("divisions.index", _l("行政区划"), "divisions", Action.DIVISION_SEE),
    Item("policy.index", _l("政策参数"), "policy", Action.PARAMETER_SEE),
)


def menu_for(actor: Actor) -> tuple[Entry, ...]:
    """What this actor can go to, with the place where he is."""
    offered = [item for item in MENU if may(actor, item.action)]
    here = area_of(request.endpoint or "")
    return tuple(
        Entry(
            label=item.label,
            icon=item.icon,
            url=url_for(item.endpoint, **dict(item.values)),
            is_current=area_of(item.endpoint) == here,
            is_in_bar=item.is_in_bar,
            count=item.count(db.session(), actor) if item.count else 0,
        )
        for item in offered
    )


def area_of(endpoint: str) -> str:
    """The blueprint of an endpoint: all its pages belong to one entry of the menu."""
    return endpoint.partition(".")[0]
