"""A filing that was not handed in is the station's, or its street's: whoever holds the position goes on with it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Position, Role
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.messages import N_
from registry.organisations.models import Site
from registry.station_filings.models import FilingState, StationFiling


def _at_the_desk(position: Position, _on: date) -> ColumnElement[bool]:
    if position.role not in (Role.STATION, Role.STREET):
        return sa.false()
    of_station = StationFiling.organisation_id == position.organisation_id
    of_street = StationFiling.division_code == position.division_code
    begun_there = StationFiling.is_by_street if position.role is Role.STREET else ~StationFiling.is_by_street
    return sa.and_(
        of_street if position.role is Role.STREET else of_station,
        begun_there,
        StationFiling.state.in_((FilingState.DRAFT, FilingState.RETURNED)),
    )


declare_belonging(
    Belonging(
        "station_filing",
        N_("没有交出的建站备案"),
        StationFiling,
        sa.select(Site.name).where(Site.id == StationFiling.site_id).scalar_subquery(),
        _at_the_desk,
        Passing.DESK,
    )
)
