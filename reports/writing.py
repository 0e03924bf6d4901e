"""Files that are there whole or not at all: a reader never meets half of one, a full disk leaves the old one."""

import logging
import os
import tempfile
from pathlib import Path

SHARED, PRIVATE = 0o644, 0o600
"""Who may read a file: everybody on the machine, or the portal's own user alone."""

logger = logging.getLogger(__name__)


def written_whole(file: Path, data: bytes, *, mode: int = SHARED) -> None:
    """Writes beside the place and moves it there; raises OSError with nothing left behind."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(mode)
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def keep_folder(folder: Path) -> None:
    """A file that was renamed in a folder is there after the power went, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def kept_if_possible(file: Path, data: bytes) -> None:
    """For what can be made again: a disk that takes nothing costs the next reader time, and nobody his answer."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        written_whole(file, data)
    except OSError as error:
        logger.warning(
            "a file to be kept could not be written", extra={"file": str(file), "error": str(error)}
        )
