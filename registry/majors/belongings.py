"""Proposals that somebody drew up: whoever sits at the same desk goes on with them."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Position
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.majors.models import MajorChange
from registry.majors.queries import IN_HAND
from registry.messages import N_


def _drawn_up(position: Position, _on: date) -> ColumnElement[bool]:
    return sa.and_(
        MajorChange.proposed_by_id == position.account_id,
        MajorChange.proposed_as == position.role,
        MajorChange.division_code == position.division_code,
        MajorChange.state.in_(IN_HAND),
    )


declare_belonging(
    Belonging(
        "major_change", N_("起草的专业目录调整"), MajorChange, MajorChange.source, _drawn_up, Passing.DESK
    )
)
