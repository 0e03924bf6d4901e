"""Files that were checked and not loaded hold what their sender sent: a successor sends his own."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Account, Position
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.intake.models import TO_CHECK, IntakeRun, IntakeState
from registry.messages import N_


def _previewed(position: Position, _on: date) -> ColumnElement[bool]:
    account = sa.select(Account.code).where(Account.id == position.account_id).scalar_subquery()
    return sa.and_(IntakeRun.actor_code == account, IntakeRun.state.in_((*TO_CHECK, IntakeState.PREVIEWED)))


declare_belonging(
    Belonging(
        "intake_run", N_("已预检、未导入的文件"), IntakeRun, IntakeRun.file_name, _previewed, Passing.ENDS
    )
)
