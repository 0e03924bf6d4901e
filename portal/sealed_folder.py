"""A folder of files, each sealed for its own name: what was moved to another name does not open."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from registry.sealing.keyring import MARK_BYTES
from registry.sealing.providers import Place, SealBroken, SealProvider
from reports.writing import PRIVATE, keep_folder, written_whole

SUFFIX = ".bin"
FILES = f"*{SUFFIX}"


def marks_in(folder: Path) -> list[bytes]:
    """The mark of the key of each file; some come and go meanwhile."""
    marks = []
    for path in folder.glob(FILES):
        with suppress(FileNotFoundError), path.open("rb") as file:
            marks.append(file.read(MARK_BYTES))
    return marks


class SealedFolder:
    """Names are random ones of our own, never what was uploaded; `place_of` says where the file of a name stands."""

    def __init__(self, folder: Path, seals: SealProvider, place_of: Callable[[str], Place]) -> None:
        self.folder = folder
        self._seals = seals
        self._place_of = place_of

    def write(self, name: str, data: bytes) -> None:
        """There whole and on the disk, or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written_whole(self.path(name), self._seals.seal(data, self._place_of(name)), mode=PRIVATE)
        keep_folder(self.folder)

    def data(self, name: str) -> bytes | None:
        """The bytes, or None where they were not kept, were cleared away, or do not open any more."""
        path = self.path(name)
        if not path.is_file():
            return None
        try:
            return self._seals.open(path.read_bytes(), self._place_of(name))
        except SealBroken:
            return None

    def remove(self, name: str) -> None:
        """Gone for good; what is gone already is no fault."""
        self.path(name).unlink(missing_ok=True)

    def reseal(self) -> int:
        """Seals anew what an older key sealed, each file whole or not at all; how many there were."""
        sealed = 0
        for path in sorted(self.folder.glob(FILES)):
            place, old = self._place_of(path.stem), path.read_bytes()
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

    def path(self, name: str) -> Path:
        """Where the file of a name lies."""
        return self.folder / f"{name}{SUFFIX}"
