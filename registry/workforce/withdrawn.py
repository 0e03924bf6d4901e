"""Rows of a person's record that were entered in error and went: that they were, and why."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, Id, LongText, PublicCode, ShortText


class RowKind(StrEnum):
    """The kinds of rows that make up a person's record, by the names of their tables."""

    POST = "post"
    EDUCATION = "education"
    CERTIFICATE = "certificate"
    TRAINING = "training"


class WithdrawnRow(Base):
    """撤回误录: a row that was entered in error is gone; here stands that it was, and why it went."""

    __tablename__ = "withdrawn_row"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[RowKind]
    row_code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    """By which the row was known."""
    name: Mapped[ShortText]
    """The site of a post, the major of a diploma, the kind of a certificate, the subject of a course."""
    day: Mapped[date]
    """On which the post began, the paper was obtained, the course ended."""
    reason: Mapped[LongText]
    withdrawn_at: Mapped[datetime]
    withdrawn_by_code: Mapped[str] = mapped_column(sa.String(16))
    withdrawn_by: Mapped[ShortText]
    practitioner_id: Mapped[int] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """Of a post: the institution whose it was."""
