"""The entries of the trail and the one row that holds the head of the chain."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.audit.chain import Fault
from registry.base import Base, Facts, Id, LongText, ShortText


class Result(StrEnum):
    """How the act ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditEntry(Base):
    """One act; actors and subjects are plain values, so that the trail outlives them."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index(None, "actor_code", "at"),
        sa.Index(None, "actor_name", "at"),
        sa.Index(None, "action", "at"),
        sa.Index(None, "result", "at"),
        sa.Index(None, "subject_code", "at"),
        sa.Index(None, "division_code", "at"),
    )

    id: Mapped[Id]
    sequence: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_code: Mapped[ShortText]
    actor_name: Mapped[ShortText]
    action: Mapped[ShortText]
    result: Mapped[Result]
    subject_type: Mapped[ShortText]
    subject_code: Mapped[ShortText]
    division_code: Mapped[str] = mapped_column(sa.String(12))
    facts: Mapped[Facts]
    reason: Mapped[LongText]
    request_id: Mapped[ShortText] = mapped_column(index=True)
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    entry_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditCheck(Base):
    """One verification of the whole trail; kept beside it, because nothing is added to a trail that is broken."""

    __tablename__ = "audit_check"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[ShortText]
    sequence: Mapped[int]
    """The last entry that was read."""
    entry_hash: Mapped[str] = mapped_column(sa.String(64))
    heads: Mapped[int]
    """How many heads kept outside it was held against."""
    setbacks: Mapped[int]
    """At how many entries the clock had been set back."""
    broken_sequence: Mapped[int | None]
    fault: Mapped[Fault | None]

    @property
    def holds(self) -> bool:
        """Whether every entry was as it had been written."""
        return self.broken_sequence is None


class AuditHead(Base):
    """The last link of the chain: one row, locked by each writer in turn."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="is_the_only_row"),)

    id: Mapped[Id]
    sequence: Mapped[int]
    entry_hash: Mapped[str] = mapped_column(sa.String(64))
