"""History of steps, running clocks, and what waits for somebody."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.models import Position, Role
from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText
from registry.clock import Term


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
    principal_code: Mapped[ShortText] = mapped_column(default="", server_default="")
    principal_name: Mapped[ShortText] = mapped_column(default="", server_default="")
    """On whose behalf, where somebody stood in."""
    at: Mapped[datetime]
    reason: Mapped[LongText]
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))

    @property
    def people(self) -> frozenset[str]:
        """The codes of everybody who stands behind the step, as `Actor.people`."""
        return frozenset({self.actor_code, self.principal_code} - {""})


class Clock(Base):
    """办理时限: one term of one record, running or standing still; over when the record has moved on for good."""

    __tablename__ = "clock"
    __table_args__ = (sa.Index("ix_clock_subject_type_subject_id", "subject_type", "subject_id"),)

    id: Mapped[Id]
    subject_type: Mapped[ShortText]
    subject_id: Mapped[int]
    term: Mapped[ShortText]
    """The key of the policy parameter; its value when the clock began is kept, whatever it becomes later."""
    workdays: Mapped[int]
    runs: Mapped[list[list[str]]] = mapped_column(sa.JSON)
    """Days of receipt and of pause, as ISO dates: days that were used are counted by the calendar as it stands."""
    since: Mapped[date | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def reading(self) -> Term:
        """What it says, as a value that counts."""
        runs = tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in self.runs)
        return Term(self.workdays, runs, self.since)

    def set_to(self, term: Term) -> None:
        """Take over a reading."""
        self.runs = [[start.isoformat(), end.isoformat()] for start, end in term.runs]
        self.since = term.since


class Todo(Base):
    """Something that waits for a role in a place or in an organisation; the step that answers it closes it."""

    __tablename__ = "todo"
    __table_args__ = (
        sa.Index(
            "ix_todo_role_division_code_closed_at_due_on", "role", "division_code", "closed_at", "due_on"
        ),
        sa.Index("ix_todo_subject_type_subject_id", "subject_type", "subject_id"),
        sa.UniqueConstraint("reminds_id", "milestone"),
        sa.CheckConstraint("(reminds_id IS NULL) = (milestone IS NULL)", name="reminder_is_whole"),
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
    due_at: Mapped[datetime | None]
    """The cut-off of that day; None where there is no deadline, and in rows of before clocks had one."""
    is_estimated: Mapped[bool] = mapped_column(default=False)
    """The working calendar of the due year is not published."""
    is_notice: Mapped[bool] = mapped_column(default=False)
    """To be read, not to be answered: its reader closes it."""
    closed_at: Mapped[datetime | None]
    clock_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clock.id"), index=True)
    reminds_id: Mapped[int | None] = mapped_column(sa.ForeignKey("todo.id"))
    """The to-do of which a notice reminds."""
    milestone: Mapped[int | None]
    """Working days before the deadline, for which a reminder was made; negative: overdue by so many."""

    clock: Mapped[Clock | None] = relationship()


class CalendarFeed(Base):
    """The private address under which the holder of a position subscribes to his deadlines."""

    __tablename__ = "calendar_feed"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """SHA-256 of the token: who reads the table cannot read the calendar with it."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)

    position: Mapped[Position] = relationship()
