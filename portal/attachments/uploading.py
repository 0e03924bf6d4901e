"""A file that somebody sends with a form: checked, asked about at the scanner, and kept with its record."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.attachments.checking import FIELD, MEGABYTE, Checked, checked
from portal.attachments.files import current_files
from portal.attachments.scanning import refuse_infected
from portal.security import current_actor, current_trail
from portal.settings import Settings
from registry.access.masks import Field
from registry.attachments.operations import attach
from registry.attachments.queries import attachment_by_form
from registry.clock import today, utc_now
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.policy.queries import parameter

MOST_MEGABYTES = "attachment.max_megabytes"
"""Policy parameter: how large a file may be."""
ACCEPTED = ".jpg,.jpeg,.png,.pdf,image/jpeg,image/png,application/pdf"
"""What a browser offers to choose from."""


def checked_upload(session: Session, upload: FileStorage | None, division_code: str) -> Checked | None:
    """The file that was sent, checked; None where none was. InvalidInput says what is wrong with it."""
    if upload is None or not upload.filename:
        return None
    most = int(parameter(session, MOST_MEGABYTES, division_code, today()))
    data = upload.stream.read(most * MEGABYTE + 1)
    upload.close()
    file = checked(upload.filename, data, most_megabytes=most)
    settings: Settings = current_app.extensions["settings"]
    refuse_infected(data, settings.scanner, field=FIELD)
    return file


def sent_file(session: Session, upload: FileStorage | None, division_code: str) -> Checked:
    """The same on a form that is there for the file alone: InvalidInput where none was sent."""
    file = checked_upload(session, upload, division_code)
    if file is None:
        raise InvalidInput(FIELD, message(N_("请选择照片或扫描件。")))
    return file


def keep(
    session: Session, subject: Any, file: Checked, *, field: Field, division_code: str, form_key: str
) -> None:
    """Keeps a checked file of the record; the form sent twice keeps it once."""
    if attachment_by_form(session, form_key) is not None:
        return
    attach(
        session,
        subject,
        current_files().keep(file),
        field=field,
        division_code=division_code,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
        form_key=form_key,
    )
