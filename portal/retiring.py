"""Old entries of the trail go into a file: verified, written, read back, and only then taken out of the register."""

import hashlib
import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.documents.files import write_whole
from portal.settings import Settings
from portal.trail import kept_heads, read_only
from registry.audit.archives import RetiredPart, broken_archive, write_part
from registry.audit.chain import BrokenEntry, instant
from registry.audit.retiring import last_to_retire, part_until
from registry.audit.verification import examine_trail
from registry.audit.writing import lines_of_trail

READABLE = 0o400


class TrailBroken(Exception):
    """The trail, or the file just written, does not hold: nothing is retired."""

    def __init__(self, broken: BrokenEntry) -> None:
        super().__init__(str(broken.sequence))
        self.broken = broken


def write_archive(settings: Settings, folder: Path, before: date, *, at: datetime) -> RetiredPart:
    """The entries before a day, in Shanghai, as a file and its sealed statement.

    InvalidInput where none may go, TrailBroken where the trail does not hold.
    """
    key = settings.audit_key.encode()
    with read_only(settings) as session:
        until = last_to_retire(session, before, at=at)
        found = examine_trail(session, key=key, kept=kept_heads(settings.heads, key))
        if found.broken is not None:
            raise TrailBroken(found.broken)
        part = _written(session, folder, until, at=at)
    broken = broken_archive(folder, part, key)
    if broken is not None:
        raise TrailBroken(broken)
    write_whole(folder / f"{Path(part.file_name).stem}.json", write_part(part, key).encode())
    return part


def _written(session: Session, folder: Path, until: int, *, at: datetime) -> RetiredPart:
    first = part_until(session, until, at=instant(at), file_name="", sha256="").first_sequence
    name = f"trail-{first:09d}-{until:09d}.jsonl"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sha256 = _put(folder / name, lines_of_trail(session, until=until))
    return part_until(session, until, at=instant(at), file_name=name, sha256=sha256)


def _put(file: Path, lines: Iterable[str]) -> str:
    """Line by line, because it may be large; there whole or not at all. Gives the digest."""
    draft, digest = file.with_name(f"{file.name}.new"), hashlib.sha256()
    with draft.open("wb") as out:
        for line in lines:
            out.write(line.encode())
            digest.update(line.encode())
        out.flush()
        os.fsync(out.fileno())
    draft.chmod(READABLE)
    draft.replace(file)
    return digest.hexdigest()
