"""A kept file goes to whoever may see it: entered in the trail first, and never shown inside a page of ours."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from portal.attachments.files import current_files
from portal.security import current_actor, current_trail
from registry.actions import Deed
from registry.attachments.models import Attachment, MediaType
from registry.attachments.operations import record_deed
from registry.clock import utc_now
from registry.errors import FileNotKept

SUFFIXES = {MediaType.JPEG: "jpg", MediaType.PNG: "png", MediaType.PDF: "pdf"}


def handed_out(
    session: Session, attachment: Attachment, subject: Any, *, division_code: str, called: str
) -> Response:
    """The file under a plain name that begins as `called`; the caller asked whether the reader may see it.

    FileNotKept where its bytes are gone.
    """
    data = current_files().data(attachment.stored_as)
    if data is None:
        raise FileNotKept
    record_deed(
        session,
        attachment,
        subject,
        Deed.ATTACHMENT_TAKE,
        division_code=division_code,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
    )
    session.commit()
    return _as_download(attachment, data, called)


def _as_download(attachment: Attachment, data: bytes, called: str) -> Response:
    answer = Response(data, mimetype=attachment.media_type.value)
    name = f"{called}-{attachment.code}.{SUFFIXES[attachment.media_type]}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
