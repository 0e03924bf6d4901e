"""Appointments that somebody asked for: his side goes on with them, whoever sits there."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Position
from registry.appointments.models import Appointment
from registry.appointments.queries import IN_HAND
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.messages import N_


def _asked_for(position: Position, _on: date) -> ColumnElement[bool]:
    return sa.and_(
        Appointment.asked_by_id == position.account_id,
        Appointment.asked_as == position.role,
        Appointment.state.in_(IN_HAND),
    )


declare_belonging(
    Belonging("appointment", N_("提出的岗位任命"), Appointment, Appointment.name, _asked_for, Passing.DESK)
)
