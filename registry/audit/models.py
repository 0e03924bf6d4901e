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
    principal_code: Mapped[ShortText] = mapped_column(default="", server_default="")
    principal_name: Mapped[ShortText] = mapped_column(default="", server_default="", index=True)
    """On whose behalf, where somebody stood in; sealed with the rest where it is named."""
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


class AuditCheckpoint(Base):
    """A beginning of the trail that was retired to a file; the entry after it is linked to what this row says.

    Inserted by `retire` alone: both databases refuse to change or remove it, and to make one that reaches into the
    last 184 days. It is what lets the guard of the entries stand aside for those that it covers.
    """

    __tablename__ = "audit_checkpoint"
    __table_args__ = (
        sa.CheckConstraint("first_sequence > 0 AND sequence >= first_sequence", name="is_a_range"),
    )

    id: Mapped[Id]
    first_sequence: Mapped[int] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(unique=True)
    """The last entry of the file."""
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    """What the first entry of the file is linked to."""
    entry_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    file_name: Mapped[ShortText]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the file as it was written."""
    seal: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Base):
    """The last link of the chain: one row, locked by each writer in turn."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="is_the_only_row"),)

    id: Mapped[Id]
    sequence: Mapped[int]
    entry_hash: Mapped[str] = mapped_column(sa.String(64))
