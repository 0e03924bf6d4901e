"""A file comes to a record, is opened by whoever may, and is erased when its time is over; its row stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import FIELDS
from registry.actions import Deed
from registry.attachments.models import Attachment, MediaType
from registry.attachments.queries import attachment_by_form, attachments_of
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.divisions.codes import NATION
from registry.errors import RequirementUnmet
from registry.messages import N_, message
from registry.turns import take_turns

MOST_FILES = 5
"""Of one record: pages of one sheet."""


@dataclass(frozen=True)
class KeptFile:
    """A file that was checked and lies in its place, as the register knows it."""

    file_name: str
    stored_as: str
    media_type: MediaType
    size: int
    sha256: str


def attach(
    session: Session,
    subject: Any,
    kept: KeptFile,
    *,
    field: str,
    division_code: str,
    actor: Actor,
    at: datetime,
    trail: Trail,
    form_key: str,
) -> Attachment:
    """The caller asked whether the actor may change the record, and put the file in its place.

    `division_code` is where the record lies, for the trail. The same form again, also at the same instant, gives
    back what it brought first: files come to a record one by one.
    """
    if field not in FIELDS:
        raise KeyError(field)
    take_turns(session, subject)
    earlier = attachment_by_form(session, form_key)
    if earlier is not None:
        return earlier
    if len(attachments_of(session, subject)) >= MOST_FILES:
        raise RequirementUnmet(message(N_("每条记录最多附%(count)s个文件。"), count=MOST_FILES))
    attachment = Attachment(
        subject_type=type(subject).__tablename__,
        subject_id=subject.id,
        field=field,
        file_name=kept.file_name,
        stored_as=kept.stored_as,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        form_key=form_key,
        uploaded_at=at,
        uploaded_by_code=actor.code,
        uploaded_by_name=actor.name,
    )
    session.add(attachment)
    session.flush()
    record_deed(
        session,
        attachment,
        subject,
        Deed.ATTACHMENT_ADD,
        division_code=division_code,
        actor=actor,
        at=at,
        trail=trail,
    )
    return attachment


def record_deed(
    session: Session,
    attachment: Attachment,
    subject: Any,
    deed: Deed,
    *,
    division_code: str,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    """Who added or opened which file of which record; never what is in it."""
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=deed,
        result=Result.DONE,
        subject_type=attachment.subject_type,
        subject_code=subject.code,
        division_code=division_code,
        facts={"attachment": attachment.code, "size": attachment.size, "sha256": attachment.sha256},
    )


def hand_over(session: Session, gone: Any, stays: Any) -> None:
    """What two records told twice is told once from now on: the files of the one that goes are the other's."""
    session.execute(
        sa.update(Attachment)
        .where(Attachment.subject_type == type(gone).__tablename__, Attachment.subject_id == gone.id)
        .values(subject_id=stays.id)
    )


def mark_erased(
    session: Session, attachment: Attachment, *, why: str, at: datetime, trail: Trail, by: str
) -> None:
    """The row says that there was a file, and why it is gone; the caller removes the file itself."""
    attachment.erased_at, attachment.erased_for = at, why
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code="",
        actor_name=by,
        action=Deed.ATTACHMENT_ERASE,
        result=Result.DONE,
        subject_type="attachment",
        subject_code=attachment.code,
        division_code=NATION,
        facts={"sha256": attachment.sha256},
        reason=why,
    )
