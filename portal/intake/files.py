"""Uploaded files: kept sealed under the run's code in the instance folder until policy has them forgotten."""

import os
from datetime import datetime
from pathlib import Path

from registry.intake.models import IntakeRun
from registry.sealing.keyring import MARK_BYTES
from registry.sealing.providers import Place, SealBroken, SealProvider

SUFFIX = ".bin"
FILES = f"*{SUFFIX}"


def marks_in(folder: Path) -> list[bytes]:
    """The mark of the key of each file."""
    marks = []
    for path in folder.glob(FILES):
        with path.open("rb") as file:
            marks.append(file.read(MARK_BYTES))
    return marks


def place_of(code: str) -> Place:
    """Where the file of the run with this public code stands."""
    return Place(IntakeRun.__tablename__, "file", code)


class UploadedFiles:
    """The folder of uploads; names come from the registry's random codes, never from what was uploaded."""

    def __init__(self, folder: Path, seals: SealProvider) -> None:
        self.folder = folder
        self._seals = seals

    def keep(self, run: IntakeRun, data: bytes) -> None:
        """Write the bytes so that the annotated copy and the load read what was judged."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path(run).write_bytes(self._seals.seal(data, place_of(run.code)))

    def read(self, run: IntakeRun) -> bytes | None:
        """The bytes, or None where they were not kept, were cleared away, or do not open any more."""
        path = self._path(run)
        if not path.is_file():
            return None
        try:
            return self._seals.open(path.read_bytes(), place_of(run.code))
        except SealBroken:
            return None

    def reseal(self) -> int:
        """Seals anew what an older key sealed, each file whole or not at all; how many there were."""
        sealed = 0
        for path in sorted(self.folder.glob(FILES)):
            place, old = place_of(path.stem), path.read_bytes()
            if old.startswith(self._seals.mark):
                continue
            try:
                new = self._seals.seal(self._seals.open(old, place), place)
            except SealBroken:
                continue  # it cannot be read any more, and is cleared away with its time
            draft, seen = path.with_suffix(".new"), path.stat()
            draft.write_bytes(new)
            os.utime(draft, (seen.st_atime, seen.st_mtime))  # its time of keeping goes on
            draft.replace(path)
            sealed += 1
        return sealed

    def forget(self, before: datetime) -> None:
        """Delete what was kept before an instant, loaded or not: a file of people holds their whole names."""
        for path in self.folder.glob(FILES):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)  # another upload may be at it too

    def _path(self, run: IntakeRun) -> Path:
        return self.folder / f"{run.code}{SUFFIX}"
