"""The files of records."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.attachments.models import Attachment


def attachments_of(session: Session, subject: Any) -> list[Attachment]:
    """The files that a record has, erased ones too, in the order in which they came."""
    statement = sa.select(Attachment).where(
        Attachment.subject_type == type(subject).__tablename__, Attachment.subject_id == subject.id
    )
    return list(session.scalars(statement.order_by(Attachment.id)))


def attachment_of(session: Session, subject: Any, code: str) -> Attachment | None:
    """One file of a record, by its public code, where it is still kept."""
    found = [one for one in attachments_of(session, subject) if one.code == code and one.is_kept]
    return found[0] if found else None


def attachment_by_form(session: Session, form_key: str) -> Attachment | None:
    """What a form brought."""
    return session.scalar(sa.select(Attachment).where(Attachment.form_key == form_key))


def kept_since_before(session: Session, field: str, before: datetime) -> list[Attachment]:
    """The files of a field whose time is over."""
    statement = sa.select(Attachment).where(
        Attachment.field == field, Attachment.erased_at.is_(None), Attachment.uploaded_at < before
    )
    return list(session.scalars(statement.order_by(Attachment.id)))


def names_in_use(session: Session) -> set[str]:
    """Under what names files must lie in their folder."""
    return set(session.scalars(sa.select(Attachment.stored_as).where(Attachment.erased_at.is_(None))))
