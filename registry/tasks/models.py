"""One task: who asks whom for what, by when, and what came back."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.access.scopes import Reach, declare_reach
from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText
from registry.divisions.codes import within
from registry.organisations.models import Organisation
from registry.workflow_table import Desk


class TaskState(StrEnum):
    """The transitions are in workflow.py."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLIED = "replied"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class DepartmentTask(Base):
    """部门任务单: a department is a role in a place; a station or a provider is a role in its organisation.

    It speaks of work, never of a client: `checks.py` refuses numbers of people.
    """

    __tablename__ = "department_task"
    __table_args__ = (sa.Index(None, "state", "due_on"),)

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[TaskState] = mapped_column(default=TaskState.SENT, index=True)
    title: Mapped[ShortText]
    content: Mapped[LongText]
    due_on: Mapped[date]
    """The last day for the reply, a working day."""
    sent_at: Mapped[datetime]
    from_role: Mapped[Role]
    from_code: Mapped[DivisionCode]
    to_role: Mapped[Role]
    to_code: Mapped[DivisionCode]
    reply: Mapped[LongText] = mapped_column(default="")
    """The last one; the earlier ones stand in the history."""
    replied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """Of the receiving side, where that is an organisation."""
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()
    asked_by: Mapped[Account] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def sender(self) -> Desk:
        """The inbox to which the reply goes."""
        return Desk(self.from_role, self.from_code)

    @property
    def receiver(self) -> Desk:
        """The inbox in which it waits."""
        return Desk(self.to_role, self.to_code, self.organisation_id)

    def is_from(self, actor: Actor) -> bool:
        """Whether the actor works at the desk that asked, or above it in the same department."""
        return actor.role is self.from_role and actor.answers_for(self.from_code)

    def is_to(self, actor: Actor) -> bool:
        """Whether the actor works at the desk that was asked, or above it in the same department."""
        if self.organisation_id is not None:
            return actor.role is self.to_role and actor.organisation_id == self.organisation_id
        return actor.role is self.to_role and actor.answers_for(self.to_code)


declare_reach(
    DepartmentTask,
    Reach(
        divisions_of=lambda task: (task.from_code, task.to_code),
        in_division=lambda code: sa.or_(
            within(DepartmentTask.from_code, code), within(DepartmentTask.to_code, code)
        ),
        organisations_of=lambda task: () if task.organisation_id is None else (task.organisation_id,),
        in_organisation=lambda organisation_id: DepartmentTask.organisation_id == organisation_id,
    ),
)
