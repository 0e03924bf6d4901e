"""The kept file of a run, for whoever may read it: what is said of its columns and its differences is said of that."""

from flask import current_app

from portal.intake.files import UploadedFiles
from portal.intake.judging import NOT_KEPT, kind_of
from portal.sealing import current_seals
from portal.security import current_actor
from registry.errors import InvalidInput, NotAllowed
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.queries import may_read_file
from registry.messages import message


def uploaded_files() -> UploadedFiles:
    """The folder of uploads."""
    return UploadedFiles(current_app.extensions["settings"].uploads, current_seals())


def refuse_readers(run: IntakeRun) -> None:
    """NotAllowed for whoever may not read what the file says."""
    if not may_read_file(current_actor(), run, kind_of(run.kind)):
        raise NotAllowed


def open_file(run: IntakeRun) -> bytes | None:
    """The bytes of a run that may still be judged anew; None where it was loaded or cleared away."""
    is_open = run.state in (IntakeState.PREVIEWED, IntakeState.REFUSED)
    return uploaded_files().read(run) if is_open else None


def kept_file(run: IntakeRun) -> bytes:
    """The bytes of any run, loaded or not; InvalidInput where they were not kept or are cleared away."""
    data = uploaded_files().read(run)
    if data is None:
        raise InvalidInput("file", message(NOT_KEPT))
    return data
