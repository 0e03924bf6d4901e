"""Tasks that somebody sent: his department reads the replies, whoever sits there."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Position
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.messages import N_
from registry.tasks.models import DepartmentTask
from registry.tasks.queries import IN_HAND


def _sent(position: Position, _on: date) -> ColumnElement[bool]:
    return sa.and_(
        DepartmentTask.asked_by_id == position.account_id,
        DepartmentTask.from_role == position.role,
        DepartmentTask.from_code == position.division_code,
        DepartmentTask.state.in_(IN_HAND),
    )


declare_belonging(
    Belonging(
        "department_task", N_("发出的部门任务"), DepartmentTask, DepartmentTask.title, _sent, Passing.DESK
    )
)
