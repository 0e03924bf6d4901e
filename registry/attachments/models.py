"""One file of one record. The record says who may see it; here stands what it is and where it lies."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, Id, PublicCode, ShortText


class MediaType(StrEnum):
    """What is taken in."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


class Attachment(Base):
    """A file, sealed on disk under a random name; erased ones leave this row behind."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="holds_something"),
        sa.CheckConstraint("(erased_at IS NULL) = (erased_for IS NULL)", name="erased_for_a_reason"),
        sa.Index("ix_attachment_subject_type_subject_id", "subject_type", "subject_id"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    """The table of the record."""
    subject_id: Mapped[int]
    field: Mapped[str] = mapped_column(sa.String(80))
    """Its row in masks.py, which gives the class and who sees it."""
    file_name: Mapped[ShortText]
    """As its owner called it, without folders; the file on disk is called otherwise."""
    stored_as: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """The random name under which it lies, sealed."""
    media_type: Mapped[MediaType]
    size: Mapped[int]
    """Bytes, unsealed."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of what is kept, not of what was sent: a picture is drawn anew."""
    form_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Of the form that brought it: sent twice, it is kept once."""
    uploaded_at: Mapped[datetime]
    uploaded_by_code: Mapped[str] = mapped_column(sa.String(16))
    uploaded_by_name: Mapped[ShortText]
    erased_at: Mapped[datetime | None]
    erased_for: Mapped[str | None] = mapped_column(sa.String(200))

    @property
    def is_kept(self) -> bool:
        """Whether the file is still there."""
        return self.erased_at is None
