"""The lists of organisations and sites, and what their detail pages show."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import CodeColumn, Level, prefix_at
from registry.divisions.models import Division
from registry.listing import (
    ON,
    Column,
    Filter,
    Listing,
    division_filter,
    enum_filter,
    facet_filter,
    facet_value,
    holding,
    text_filter,
    text_value,
)
from registry.messages import N_
from registry.organisations.facets import Identification, Lying, Opening, Origin, PointState, StandingStatus
from registry.organisations.models import (
    Organisation,
    OrganisationKind,
    Precision,
    Site,
    SiteKind,
    Standing,
    StandingKind,
)

DayColumn = ColumnElement[date | None] | InstrumentedAttribute[date | None]


def division_name(code: CodeColumn, level: Level) -> ColumnElement[Any]:
    """The newest name of the division of a level around a code of today; null above that level."""
    return (
        sa.select(Division.name)
        .where(Division.code == prefix_at(code, level), Division.level == level)
        .order_by(Division.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def is_open(opened_on: DayColumn, closed_on: DayColumn) -> ColumnElement[bool]:
    """Open on the day of the list; an unknown opening day does not make a place closed."""
    return sa.and_(sa.or_(opened_on.is_(None), opened_on <= ON), sa.or_(closed_on.is_(None), closed_on > ON))


def _standings(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    of_organisation = Standing.organisation_id == Organisation.id
    # The key and not every column: then the index alone answers.
    found = sa.exists(Standing.id).where(of_organisation, Standing.granted_on <= ON, *conditions)
    return found.correlate(Organisation)


_IS_HELD = sa.or_(Standing.ended_on.is_(None), Standing.ended_on > ON)
_AS_PROVIDER = Standing.kind == StandingKind.PROVIDER
_HOLDS_ANOTHER = _standings(sa.not_(_AS_PROVIDER), _IS_HELD)

_WAS_EVER_LISTED = Organisation.listed_from <= ON
_WAS_NEVER_LISTED = sa.or_(Organisation.listed_from.is_(None), Organisation.listed_from > ON)
_IS_LISTED = sa.and_(
    _WAS_EVER_LISTED,
    sa.or_(Organisation.listed_until.is_(None), Organisation.listed_until > ON),
    # Only whoever was listed several times can be between two of them: nearly nobody is looked up.
    sa.or_(Organisation.listed_times == 1, _standings(_AS_PROVIDER, _IS_HELD)),
)

STANDING_STATUS: dict[StandingStatus, ColumnElement[bool]] = {
    StandingStatus.LISTED: _IS_LISTED,
    StandingStatus.ENDED: sa.and_(_WAS_EVER_LISTED, sa.not_(_IS_LISTED)),
    StandingStatus.OTHER: sa.and_(_WAS_NEVER_LISTED, _HOLDS_ANOTHER),
    StandingStatus.NONE: sa.and_(_WAS_NEVER_LISTED, sa.not_(_HOLDS_ANOTHER)),
}

ORGANISATION_OPENING = {
    Opening.OPEN: is_open(Organisation.opened_on, Organisation.closed_on),
    Opening.CLOSED: sa.not_(is_open(Organisation.opened_on, Organisation.closed_on)),
}
SITE_OPENING = {
    Opening.OPEN: is_open(Site.opened_on, Site.closed_on),
    Opening.CLOSED: sa.not_(is_open(Site.opened_on, Site.closed_on)),
}
IDENTIFICATION = {
    Identification.UNKNOWN: Organisation.uscc.is_(None),
    Identification.KNOWN: Organisation.uscc.is_not(None),
}
POINT_STATE = {PointState.MISSING: Site.latitude.is_(None), PointState.PRESENT: Site.latitude.is_not(None)}

_LIES_INSIDE = sa.or_(
    sa.func.substr(Site.located_code, 1, sa.func.length(Site.division_code)) == Site.division_code,
    sa.func.substr(Site.division_code, 1, sa.func.length(Site.located_code)) == Site.located_code,
)
LYING = {Lying.INSIDE: _LIES_INSIDE, Lying.ELSEWHERE: sa.not_(_LIES_INSIDE)}


def _origin(is_example: InstrumentedAttribute[bool]) -> dict[Origin, ColumnElement[bool]]:
    return {Origin.REAL: is_example.is_(False), Origin.EXAMPLE: is_example.is_(True)}


def _newest_number() -> ColumnElement[Any]:
    return (
        sa.select(Standing.number)
        .where(
            Standing.organisation_id == Organisation.id,
            Standing.kind == StandingKind.PROVIDER,
            Standing.granted_on <= ON,
        )
        .order_by(Standing.granted_on.desc())
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )


def _named_or_numbered(text: str, _on: date) -> ColumnElement[bool]:
    """A name is found by a part of it, which an index serves; a number, which always has a digit, only whole."""
    named = holding(Organisation.name, text)
    if len(text) < 2 or not any(character.isdigit() for character in text):
        return named
    numbered = sa.select(Standing.organisation_id).where(Standing.number == text)
    return sa.or_(named, Organisation.uscc == text.upper(), Organisation.id.in_(numbered))


def _of_organisation(code: str, _on: date) -> ColumnElement[bool]:
    chosen = sa.select(Organisation.id).where(Organisation.code == code)
    return Site.organisation_id == chosen.scalar_subquery()


def _open_sites() -> ColumnElement[int]:
    return (
        sa.select(sa.func.count())
        .where(Site.organisation_id == Organisation.id, SITE_OPENING[Opening.OPEN])
        .correlate(Organisation)
        .scalar_subquery()
    )


def _organisation_of_site(column: InstrumentedAttribute[str]) -> ColumnElement[Any]:
    return sa.select(column).where(Organisation.id == Site.organisation_id).correlate(Site).scalar_subquery()


def organisation_by_id(session: Session, organisation_id: int) -> Organisation:
    """The organisation with this key, which a position or a record refers to."""
    return session.scalars(sa.select(Organisation).where(Organisation.id == organisation_id)).one()


def open_sites_of(session: Session, organisation_id: int, on: date) -> list[Site]:
    """The sites that an organisation has open on a day, the oldest first."""
    found = sa.select(Site).where(
        Site.organisation_id == organisation_id, sa.or_(Site.closed_on.is_(None), Site.closed_on > on)
    )
    return list(session.scalars(found.options(joinedload(Site.organisation)).order_by(Site.id)))


ORGANISATIONS = Listing(
    key="organisations",
    model=Organisation,
    columns=(
        Column("code", N_("编号"), Organisation.code),
        Column("name", N_("机构名称"), Organisation.name, order=(Organisation.name,)),
        Column("kind", N_("机构性质"), Organisation.kind),
        Column("uscc", N_("统一社会信用代码"), Organisation.uscc),
        Column(
            "division_code",
            N_("区划代码"),
            Organisation.division_code,
            order=(Organisation.division_code, Organisation.name),
        ),
        Column("province", N_("省份"), division_name(Organisation.division_code, Level.PROVINCE)),
        Column("district", N_("区县"), division_name(Organisation.division_code, Level.DISTRICT)),
        Column("street", N_("街镇"), division_name(Organisation.division_code, Level.TOWNSHIP)),
        Column("number", N_("入库编号"), _newest_number()),
        Column("standing", N_("入库状态"), facet_value(STANDING_STATUS)),
        Column("opening", N_("存续状态"), facet_value(ORGANISATION_OPENING)),
        Column("sites", N_("服务场所数"), _open_sites()),
        Column("source", N_("数据来源"), Organisation.source),
        Column("is_example", N_("示例数据"), Organisation.is_example),
    ),
    filters=(
        division_filter("division", N_("区划"), Organisation.division_code),
        facet_filter("standing", N_("入库状态"), STANDING_STATUS),
        enum_filter("kind", N_("机构性质"), Organisation.kind, OrganisationKind),
        facet_filter("opening", N_("存续状态"), ORGANISATION_OPENING),
        facet_filter("credit-code", N_("统一社会信用代码"), IDENTIFICATION),
        facet_filter("origin", N_("数据性质"), _origin(Organisation.is_example)),
        Filter("q", N_("名称、信用代码或入库编号"), parse=text_value, clause=_named_or_numbered),
    ),
    default_sort="division_code",
)
"""机构: every organisation, listed as provider or not."""

SITES = Listing(
    key="sites",
    model=Site,
    columns=(
        Column("code", N_("编号"), Site.code),
        Column("name", N_("场所名称"), Site.name, order=(Site.name,)),
        Column("kind", N_("场所类型"), Site.kind),
        Column("organisation_code", N_("机构编号"), _organisation_of_site(Organisation.code)),
        Column("organisation", N_("所属机构"), _organisation_of_site(Organisation.name)),
        Column(
            "division_code",
            N_("负责区划代码"),
            Site.division_code,
            order=(Site.division_code, Site.name),
        ),
        Column("province", N_("负责省份"), division_name(Site.division_code, Level.PROVINCE)),
        Column("district", N_("负责区县"), division_name(Site.division_code, Level.DISTRICT)),
        Column("street", N_("负责街镇"), division_name(Site.division_code, Level.TOWNSHIP)),
        Column("located_code", N_("所在区划代码"), Site.located_code),
        Column("located_province", N_("所在省份"), division_name(Site.located_code, Level.PROVINCE)),
        Column("located_district", N_("所在区县"), division_name(Site.located_code, Level.DISTRICT)),
        Column("located_street", N_("所在街镇"), division_name(Site.located_code, Level.TOWNSHIP)),
        Column("address", N_("地址"), Site.address),
        Column("latitude", N_("纬度（WGS-84）"), Site.latitude),
        Column("longitude", N_("经度（WGS-84）"), Site.longitude),
        Column("precision", N_("点位精度"), Site.precision),
        Column("opening", N_("存续状态"), facet_value(SITE_OPENING)),
        Column("source", N_("数据来源"), Site.source),
        Column("is_example", N_("示例数据"), Site.is_example),
    ),
    filters=(
        division_filter("division", N_("负责区划"), Site.division_code),
        division_filter("located", N_("所在区划"), Site.located_code),
        enum_filter("kind", N_("场所类型"), Site.kind, SiteKind),
        Filter("organisation", N_("机构编号"), parse=text_value, clause=_of_organisation),
        facet_filter("point", N_("地图点位"), POINT_STATE),
        enum_filter("precision", N_("点位精度"), Site.precision, Precision),
        facet_filter("lying", N_("负责与所在区划"), LYING),
        facet_filter("opening", N_("存续状态"), SITE_OPENING),
        facet_filter("origin", N_("数据性质"), _origin(Site.is_example)),
        text_filter("q", N_("名称或地址"), Site.name, Site.address),
    ),
    default_sort="division_code",
)
"""服务场所: every place, whoever runs it."""
