"""`GET /api/v1/providers` and `/api/v1/sites`: the lists of the pages, by the same filters, in the same order."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.sql.selectable import ScalarSelect

from portal.api import examples
from portal.api.description import ALWAYS, Operation, described
from portal.api.parameters import DAY, Parameter, parameters_of
from portal.api.schemas import (
    Schema,
    day,
    flag,
    list_of,
    member,
    number,
    or_nothing,
    record,
    text,
    whole,
)
from portal.extensions import db
from portal.organisations.lists import asked_providers, asked_sites
from portal.security import allowed
from registry.actions import Action
from registry.listing import Column, Listing, Page, Question
from registry.organisations.queries import SITES
from registry.successions.queries import PROVIDERS
from registry.workforce.facets import ShareState

bp = Blueprint("api_lists", __name__, url_prefix="/api/v1")

ALWAYS_KNOWN = frozenset({"sites", "organisation", "organisation_code"})
"""Columns that are worked out by a query of their own and have a value in every row."""

SHARES: Mapping[str, Schema] = {
    "staff": or_nothing(whole(_l("从业人员，不在库的机构为null"))),
    "qualified": or_nothing(whole(_l("其中具有相关专业学历的人员"))),
    "target": or_nothing(
        record("Fraction", numerator=whole(_l("目标的分子")), denominator=whole(_l("目标的分母")))
    )
    | {"description": _l("相关专业学历占比的目标")},
    "merged_into": or_nothing(text(_l("已并入的承继单位"))),
    "share_state": or_nothing(member(ShareState, _l("达标情况"))),
}
LEFT_OUT = frozenset({"share"})
"""A ratio: the reader divides the two integers beside it."""


def operation_of(listing: Listing, operation_id: str, name: str, **words: Any) -> Operation:
    """What the list of a page is to a program."""
    answer = record(
        f"{name}s",
        items=list_of(record(name, **schemas_of(listing)), _l("本页的行")),
        count=whole(_l("总行数，超过10000行时为10000")),
        capped=flag(_l("行数超过10000，不再细数")),
        page=whole(_l("页码")),
        on=day(_l("名单是哪一天的")),
        next=or_nothing(text(_l("下一页的地址，没有时为null"), format="uri-reference")),
        previous=or_nothing(text(_l("上一页的地址，没有时为null"), format="uri-reference")),
    )
    on = Parameter("on", DAY, _l("名单是哪一天的"), default=_l("今天"))
    names = (*parameters_of(listing), on)
    return Operation(id=operation_id, answer=answer, parameters=names, refusals=(*ALWAYS, 404), **words)


def schemas_of(listing: Listing) -> dict[str, Schema]:
    """The members of a row: the columns of the list's file."""
    own = {column.key: column for column in listing.columns}
    labels = ((key, label) for key, label in listing.labels if key not in LEFT_OUT)
    return {key: column_schema(own[key], _l(label)) if key in own else SHARES[key] for key, label in labels}


def column_schema(column: Column, label: LazyString) -> Schema:
    """What a column holds, read off its expression."""
    kind: Any = column.expression.type
    enumeration = getattr(kind, "enum_class", None)
    schema = member(enumeration, label) if enumeration else SIMPLE[kind.python_type](label)
    return or_nothing(schema) if may_be_unknown(column) else schema


def may_be_unknown(column: Column) -> bool:
    """Whether a row may have no value."""
    is_asked_for = isinstance(column.expression, ScalarSelect)
    return column.key not in ALWAYS_KNOWN and (
        is_asked_for or bool(getattr(column.expression, "nullable", False))
    )


SIMPLE = {str: text, int: whole, float: number, bool: flag}

PROVIDERS_LIST = operation_of(
    PROVIDERS,
    "listProviders",
    "Provider",
    title=_l("机构名单"),
    explanation=_l("服务机构及其从业人员的达标情况，筛选、排序和翻页与“服务机构”页相同。"),
    asked={"division": examples.STREET, "standing": "listed", "on": examples.DAY},
    example=examples.PROVIDERS,
)
SITES_LIST = operation_of(
    SITES,
    "listSites",
    "Site",
    title=_l("服务场所名单"),
    explanation=_l("服务场所及其地址和点位（WGS-84），筛选、排序和翻页与“服务场所”页相同。"),
    asked={"division": examples.STREET, "kind": "rehabilitation", "on": examples.DAY},
    example=examples.SITES,
)


@bp.get("/providers")
@allowed(Action.ORGANISATION_SEE)
@described(PROVIDERS_LIST)
def providers() -> dict[str, Any]:
    return page_of(asked_providers())


@bp.get("/sites")
@allowed(Action.SITE_SEE)
@described(SITES_LIST)
def sites() -> dict[str, Any]:
    return page_of(asked_sites())


def page_of(question: Question) -> dict[str, Any]:
    """One page of a list with the addresses of its neighbours."""
    page = question.fetch(db.session())
    keys = [key for key, _label in question.listing.labels if key not in LEFT_OUT]
    return {
        "items": [{key: plain(getattr(row, key)) for key in keys} for row in page.rows],
        "count": page.count.number,
        "capped": page.count.is_capped,
        "page": page.number,
        "on": question.on.isoformat(),
        "next": page_address(question, page, 1) if page.has_next else None,
        "previous": page_address(question, page, -1) if page.has_previous else None,
    }


def page_address(question: Question, page: Page, step: int) -> str:
    """The same question, of the same day, some pages on."""
    values: dict[str, Any] = request.args.to_dict()
    values |= {"on": question.on.isoformat(), "page": page.number + step}
    return url_for(str(request.endpoint), **values)


def plain(value: Any) -> Any:
    """A value as JSON holds it; a fraction is two integers."""
    if isinstance(value, Fraction):
        return {"numerator": value.numerator, "denominator": value.denominator}
    return value.value if isinstance(value, StrEnum) else value
