"""Documents in the making come to whoever asked for them: a successor asks again where he needs one."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.models import Account, Position
from registry.documents.models import DocumentState, IssuedDocument
from registry.handovers.belongings import Belonging, declare_belonging
from registry.handovers.models import Passing
from registry.messages import N_

IN_THE_MAKING = (DocumentState.WAITING, DocumentState.WORKING)


def _asked_for(position: Position, _on: date) -> ColumnElement[bool]:
    account = sa.select(Account.code).where(Account.id == position.account_id).scalar_subquery()
    return sa.and_(IssuedDocument.actor_code == account, IssuedDocument.state.in_(IN_THE_MAKING))


declare_belonging(
    Belonging(
        "issued_document",
        N_("制作中的文件"),
        IssuedDocument,
        IssuedDocument.place_name,
        _asked_for,
        Passing.ENDS,
    )
)
