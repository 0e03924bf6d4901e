"""The kept files of a register beside its database: uploads, attachments, documents, boundaries, heads of the trail.

They are read after the database was: whatever a row of the backup speaks of was written before its row. What came in
between belongs to no row, and is swept away with the next start.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from portal.backups.manifest import BackupRefused, Part
from reports.writing import PRIVATE, written_whole

KEPT = ("uploads", "attachments", "documents", "boundaries", "heads")
"""Folders of PORTAL_HOME. No keys, and nothing that is made again: the cache, the samples, the job store."""


def pack_files(home: Path, target: BinaryIO) -> dict[str, Part]:
    """Every kept file into one archive; what was packed, by its path in the home folder."""
    packed = {}
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for name, data, modified in _kept_in(home):
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(data), modified, PRIVATE
            archive.addfile(member, io.BytesIO(data))
            packed[name] = Part(len(data), hashlib.sha256(data).hexdigest())
    return packed


def unpack_files(source: BinaryIO, folder: Path, expected: dict[str, Part]) -> None:
    """Every file below a folder; BackupRefused where one is not what the manifest says, or is missing."""
    left = dict(expected)
    with tarfile.open(fileobj=source, mode="r|") as archive:
        for member in archive:
            part = left.pop(member.name, None)
            stream = archive.extractfile(member) if member.isfile() else None
            data = stream.read() if stream else b""
            if part != Part(len(data), hashlib.sha256(data).hexdigest()):
                raise BackupRefused(f"{member.name} is not what the manifest says.")
            _put(folder / member.name, data, member.mtime)
    if left:
        raise BackupRefused(f"{len(left)} files of the manifest are missing, {next(iter(left))} among them.")


def put_in_place(staged: Path, home: Path) -> int:
    """Every file that was unpacked, one by one: done twice it does no harm, and what is in use is never half a file."""
    count = 0
    for file in sorted(path for path in staged.rglob("*") if path.is_file()):
        place = home / file.relative_to(staged)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.replace(place)
        count += 1
    return count


def set_aside(home: Path, kept: dict[str, Part], aside: Path) -> int:
    """Files that belong to the register that was replaced, moved out of the way; how many."""
    count = 0
    for file in list(_files_of(home)):
        name = file.relative_to(home)
        if str(name) not in kept:
            (aside / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.replace(aside / name)
            count += 1
    return count


def _kept_in(home: Path) -> Iterator[tuple[str, bytes, int]]:
    for file in _files_of(home):
        try:
            yield str(file.relative_to(home)), file.read_bytes(), int(file.stat().st_mtime)
        except FileNotFoundError:
            continue  # its time of keeping ended meanwhile


def _files_of(home: Path) -> Iterator[Path]:
    """Drafts, which begin with a dot or end in .new, belong to nobody yet."""
    for folder in KEPT:
        for file in sorted((home / folder).rglob("*")):
            if file.is_file() and not file.name.startswith(".") and file.suffix != ".new":
                yield file


def _put(file: Path, data: bytes, modified: float) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written_whole(file, data, mode=PRIVATE)
    os.utime(file, (modified, modified))  # the time of keeping goes on
