"""Reads of filings: what a page loads, what a station has in hand and in force, and the list."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from registry.access.models import Position, Role
from registry.access.positions import held
from registry.divisions.codes import Level, within
from registry.divisions.holders import Expression
from registry.listing import Column, Filter, Listing, division_filter, enum_filter, holding, text_value
from registry.messages import N_
from registry.organisations.models import Organisation, Site, SiteKind, Standing
from registry.organisations.queries import division_name
from registry.station_filings.models import IN_HAND, FilingKind, FilingState, StationFiling

WHOLE = (
    joinedload(StationFiling.organisation),
    joinedload(StationFiling.site),
    joinedload(StationFiling.standing),
)


def filing_by_id(session: Session, filing_id: int) -> StationFiling | None:
    """The filing with this key."""
    return session.scalar(sa.select(StationFiling).where(StationFiling.id == filing_id).options(*WHOLE))


def filing_in_hand(session: Session, site_id: int) -> StationFiling | None:
    """The one that a station is at work on."""
    return _one_in(session, site_id, IN_HAND)


def filing_in_force(session: Session, site_id: int) -> StationFiling | None:
    """The one by which a station is on file."""
    return _one_in(session, site_id, (FilingState.FILED,))


def has_account(session: Session, organisation_id: int, on: date) -> bool:
    """Whether somebody holds a position at a station of this operator."""
    return bool(session.scalar(sa.select(_somebody_at(sa.literal(organisation_id), on))))


def stations_without_account(session: Session, division_code: str, on: date) -> list[Site]:
    """Stations that are open in a place and where nobody could fill in a filing, by name."""
    found = sa.select(Site).where(
        Site.kind == SiteKind.STATION,
        within(Site.division_code, division_code),
        sa.or_(Site.closed_on.is_(None), Site.closed_on > on),
        ~_somebody_at(Site.organisation_id, on),
    )
    return list(session.scalars(found.options(joinedload(Site.organisation)).order_by(Site.name, Site.id)))


def _somebody_at(organisation_id: Expression, on: date) -> sa.Exists:
    return sa.exists().where(
        Position.organisation_id == organisation_id, Position.role == Role.STATION, held(on)
    )


def _one_in(session: Session, site_id: int, states: tuple[FilingState, ...]) -> StationFiling | None:
    found = sa.select(StationFiling).where(StationFiling.site_id == site_id, StationFiling.state.in_(states))
    return session.scalar(found.options(*WHOLE))


def _of(
    model: type[Organisation] | type[Site] | type[Standing],
    key: InstrumentedAttribute[int | None],
    column: InstrumentedAttribute[str],
) -> sa.ScalarSelect[str]:
    return sa.select(column).where(model.id == key).correlate(StationFiling).scalar_subquery()


def _named(text: str, _on: date) -> sa.ColumnElement[bool]:
    return StationFiling.site_id.in_(sa.select(Site.id).where(holding(Site.name, text)))


FILINGS = Listing(
    key="station-filings",
    model=StationFiling,
    columns=(
        Column("code", N_("编号"), StationFiling.code),
        Column("site", N_("站点名称"), _of(Site, StationFiling.site_id, Site.name)),
        Column(
            "organisation",
            N_("所属机构"),
            _of(Organisation, StationFiling.organisation_id, Organisation.name),
        ),
        Column("kind", N_("申请类型"), StationFiling.kind),
        Column("state", N_("办理状态"), StationFiling.state),
        Column(
            "division_code", N_("区划代码"), StationFiling.division_code, order=(StationFiling.division_code,)
        ),
        Column("district", N_("区县"), division_name(StationFiling.division_code, Level.DISTRICT)),
        Column("street", N_("街镇"), division_name(StationFiling.division_code, Level.TOWNSHIP)),
        Column("number", N_("备案编号"), _of(Standing, StationFiling.standing_id, Standing.number)),
        Column(
            "submitted_at", N_("提交时间"), StationFiling.submitted_at, order=(StationFiling.submitted_at,)
        ),
    ),
    filters=(
        division_filter("division", N_("区划"), StationFiling.division_code),
        enum_filter("state", N_("办理状态"), StationFiling.state, FilingState),
        enum_filter("kind", N_("申请类型"), StationFiling.kind, FilingKind),
        Filter("q", N_("站点名称"), parse=text_value, clause=_named),
    ),
    default_sort="-submitted_at",
)
"""建站备案: every filing, in hand and behind us."""
