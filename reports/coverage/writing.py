"""Files that are there whole or not at all: a reader never meets half of one, a full disk leaves the old one."""

import os
import tempfile
from pathlib import Path


def written_whole(file: Path, data: bytes) -> None:
    """Writes beside the place and moves it there; raises OSError with nothing left behind."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(0o644)
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
