"""One appointment: a person, a position, and how far the decision has come."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.models import Account, Position, Role
from registry.access.positions import Charge
from registry.access.scopes import declare_reach, reach_by_columns
from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText
from registry.organisations.models import Organisation


class AppointmentState(StrEnum):
    """The transitions are in workflow.py."""

    ASKED = "asked"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    INVITED = "invited"
    WITHDRAWN = "withdrawn"


class AppointmentKind(StrEnum):
    """What becomes of the person."""

    NEW_ACCOUNT = "new_account"
    FURTHER_POSITION = "further_position"
    MOVE = "move"


class Appointment(Base):
    """Somebody is to hold a position: a new person, one who has an account, or one who moves from another position."""

    __tablename__ = "appointment"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[AppointmentKind]
    state: Mapped[AppointmentState] = mapped_column(default=AppointmentState.ASKED, index=True)
    username: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[ShortText]
    role: Mapped[Role]
    division_code: Mapped[DivisionCode]
    begins_on: Mapped[date]
    explanation: Mapped[LongText]
    asked_at: Mapped[datetime]
    asked_as: Mapped[Role]
    """In which role it was asked for: what comes back goes to that side."""
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    """None as long as the person has no account: confirming opens it."""
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"), index=True)
    """The position that ends when this one begins: a change of division or of role."""
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=account_id)
    replaces: Mapped[Position | None] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=asked_by_id)

    __mapper_args__ = {"version_id_col": version}

    @property
    def charge(self) -> Charge:
        """The position as it is asked for."""
        return Charge(self.role, self.division_code, self.organisation)


declare_reach(Appointment, reach_by_columns(Appointment))
