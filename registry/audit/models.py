"""The entries of the trail and the one row that holds the head of the chain."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, Facts, Id, LongText, ShortText


class Result(StrEnum):
    """How the act ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditEntry(Base):
    """One act; actors and subjects are plain values, so that the trail outlives them."""

    __tablename__ = "audit_entry"

    id: Mapped[Id]
    sequence: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_code: Mapped[ShortText] = mapped_column(index=True)
    actor_name: Mapped[ShortText]
    action: Mapped[ShortText] = mapped_column(index=True)
    result: Mapped[Result]
    subject_type: Mapped[ShortText]
    subject_code: Mapped[ShortText] = mapped_column(index=True)
    division_code: Mapped[str] = mapped_column(sa.String(12), index=True)
    facts: Mapped[Facts]
    reason: Mapped[LongText]
    request_id: Mapped[ShortText]
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    entry_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditHead(Base):
    """The last link of the chain: one row, locked by each writer in turn."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="is_the_only_row"),)

    id: Mapped[Id]
    sequence: Mapped[int]
    entry_hash: Mapped[str] = mapped_column(sa.String(64))
