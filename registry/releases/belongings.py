"""Files above the cap are their maker's alone: a successor asks for his own."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Position
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.messages import N_
from registry.releases.models import Release
from registry.releases.queries import IN_HAND


def _asked_for(position: Position, on: date) -> ColumnElement[bool]:
    return sa.and_(
        Release.asked_by_id == position.account_id,
        Release.asked_as == position.role,
        Release.state.in_(IN_HAND),
        Release.valid_until >= on,
    )


declare_belonging(
    Belonging("release", N_("申请的超限导出"), Release, Release.title, _asked_for, Passing.ENDS)
)
