"""History of steps, running clocks, and what waits for somebody."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.access.models import Role
from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText


class WorkflowStep(Base):
    """One step that was taken: who, when, from where to where, and why."""

    __tablename__ = "workflow_step"
    __table_args__ = (
        sa.UniqueConstraint("idempotency_key"),
        sa.Index("ix_workflow_step_subject_type_subject_id", "subject_type", "subject_id"),
    )

    id: Mapped[Id]
    subject_type: Mapped[ShortText]
    subject_id: Mapped[int]
    step: Mapped[ShortText]
    from_state: Mapped[ShortText]
    to_state: Mapped[ShortText]
    actor_code: Mapped[ShortText]
    actor_name: Mapped[ShortText]
    at: Mapped[datetime]
    reason: Mapped[LongText]
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))


class Todo(Base):
    """Something that waits for a role in a place or in an organisation; the step that answers it closes it."""

    __tablename__ = "todo"
    __table_args__ = (
        sa.Index(
            "ix_todo_role_division_code_closed_at_due_on", "role", "division_code", "closed_at", "due_on"
        ),
        sa.Index("ix_todo_subject_type_subject_id", "subject_type", "subject_id"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    subject_type: Mapped[ShortText]
    subject_id: Mapped[int]
    subject_code: Mapped[ShortText]
    subject_name: Mapped[ShortText]
    title: Mapped[ShortText]
    """The msgid of what is to be done: translated when it is shown."""
    asked_by: Mapped[ShortText]
    """The name of whoever took the step that opened it."""
    role: Mapped[Role]
    division_code: Mapped[DivisionCode]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    opened_at: Mapped[datetime]
    due_on: Mapped[date | None]
    is_estimated: Mapped[bool] = mapped_column(default=False)
    """The working calendar of the due year was not published when the clock started."""
    is_notice: Mapped[bool] = mapped_column(default=False)
    """To be read, not to be answered: its reader closes it."""
    closed_at: Mapped[datetime | None]
