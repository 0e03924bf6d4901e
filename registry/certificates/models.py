"""批量提醒: one text from a regulator to many institutions whose people's registrations end; who saw it, and who could
not be reached.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.models import Account, Role
from registry.access.scopes import Reach, declare_reach
from registry.base import Base, DivisionCode, Id, LongText, PublicCode
from registry.divisions.codes import within
from registry.organisations.models import Organisation
from registry.workflow.models import Todo


class Ending(StrEnum):
    """Whether a registration ends within some days, or has ended."""

    D30 = "30"
    D90 = "90"
    D180 = "180"
    EXPIRED = "expired"


class ReminderState(StrEnum):
    """A reminder is sent, and that is all that ever happens to it."""

    SENT = "sent"


class CertificateReminder(Base):
    """One text to several institutions; each finds it in its inbox once."""

    __tablename__ = "certificate_reminder"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[ReminderState]
    version: Mapped[int] = mapped_column(default=1)
    division_code: Mapped[DivisionCode]
    """Of the list that it was sent from."""
    ending: Mapped[Ending]
    on: Mapped[date]
    text: Mapped[LongText]
    sent_at: Mapped[datetime]
    sent_as: Mapped[Role]
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    sent_by: Mapped[Account] = relationship()
    receivers: Mapped[list["ReminderReceiver"]] = relationship(
        back_populates="reminder", order_by="ReminderReceiver.id"
    )

    @property
    def reached(self) -> list["ReminderReceiver"]:
        """Those in whose inbox it lies."""
        return [one for one in self.receivers if one.todo_id is not None]


class ReminderReceiver(Base):
    """One institution that was meant, with the number of its certificates on the list."""

    __tablename__ = "reminder_receiver"
    __table_args__ = (sa.UniqueConstraint("reminder_id", "organisation_id"),)

    id: Mapped[Id]
    certificates: Mapped[int]
    reminder_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate_reminder.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    todo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("todo.id"))
    """The notice; None where nobody of the institution has an account to read it."""

    reminder: Mapped[CertificateReminder] = relationship(back_populates="receivers")
    organisation: Mapped[Organisation] = relationship()
    todo: Mapped[Todo | None] = relationship()

    @property
    def seen_at(self) -> datetime | None:
        """When it was put away as read."""
        return self.todo.closed_at if self.todo is not None else None


declare_reach(
    CertificateReminder,
    Reach(
        divisions_of=lambda reminder: (reminder.division_code,),
        in_division=lambda code: within(CertificateReminder.division_code, code),
        organisations_of=lambda reminder: [one.organisation_id for one in reminder.receivers],
        in_organisation=lambda organisation_id: CertificateReminder.receivers.any(
            ReminderReceiver.organisation_id == organisation_id
        ),
    ),
)
