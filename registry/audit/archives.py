"""What was retired from the trail: a file of entries that proves itself, and the sealed statement about it.

The statement is the checkpoint in the database and the small file beside the file of entries, under one seal: neither
of them can be changed without the other telling, nor both without the key.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.actions import Deed
from registry.audit.chain import GENESIS, SEALED_IF_NAMED, BrokenEntry, Fault, HeadDigest, fault_of, instant
from registry.audit.models import AuditCheckpoint, AuditEntry
from registry.audit.statements import read_statement, seal_of, write_statement

FORMAT = "jingkangtong-trail-archive-1"


@dataclass(frozen=True)
class RetiredPart:
    """A range of entries, what it is linked to at both ends, and the file that holds it."""

    first_sequence: int
    sequence: int
    previous_hash: str
    entry_hash: str
    retired_at: str
    """ISO 8601 in UTC."""
    file_name: str
    sha256: str

    @property
    def last(self) -> HeadDigest:
        """What the next entry is linked to."""
        return HeadDigest(self.sequence, self.entry_hash)

    def sealed(self, key: bytes) -> str:
        """The seal of the checkpoint and of the statement."""
        return seal_of({"format": FORMAT, **asdict(self)}, key)


def part_of(checkpoint: AuditCheckpoint) -> RetiredPart:
    """What a checkpoint says."""
    return RetiredPart(
        first_sequence=checkpoint.first_sequence,
        sequence=checkpoint.sequence,
        previous_hash=checkpoint.previous_hash,
        entry_hash=checkpoint.entry_hash,
        retired_at=instant(checkpoint.at),
        file_name=checkpoint.file_name,
        sha256=checkpoint.sha256,
    )


def checkpoints(session: Session) -> list[AuditCheckpoint]:
    """From the oldest on."""
    return list(session.scalars(sa.select(AuditCheckpoint).order_by(AuditCheckpoint.sequence)))


def write_part(part: RetiredPart, key: bytes) -> str:
    """The text of the statement."""
    return write_statement(asdict(part), key, form=FORMAT)


def read_part(text: str, key: bytes, *, name: str) -> RetiredPart:
    """The statement in a file; InvalidInput where it is none, or where its seal does not fit."""
    return RetiredPart(**read_statement(text, key, form=FORMAT, name=name))


def broken_checkpoint(session: Session, found: Iterable[AuditCheckpoint], key: bytes) -> BrokenEntry | None:
    """The first checkpoint that is not sealed, not linked to the one before, or that no entry tells of."""
    last, newest = HeadDigest(0, GENESIS), None
    for checkpoint in found:
        part = part_of(checkpoint)
        is_linked = (part.first_sequence, part.previous_hash) == (last.sequence + 1, last.entry_hash)
        if not is_linked or checkpoint.seal != part.sealed(key):
            return BrokenEntry(part.first_sequence, Fault.CHECKPOINT, checkpoint.at)
        last, newest = part.last, checkpoint
    if newest is not None and not _is_told(session, newest):
        return BrokenEntry(newest.first_sequence, Fault.CHECKPOINT, newest.at)
    return None


def broken_archive(folder: Path, part: RetiredPart, key: bytes) -> BrokenEntry | None:
    """Where the file of a retired part is missing, was edited, or holds other entries than the part says."""
    file = folder / part.file_name
    if not file.is_file() or _digest_of(file) != part.sha256:
        return BrokenEntry(part.first_sequence, Fault.ARCHIVE)
    last = HeadDigest(part.first_sequence - 1, part.previous_hash)
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entry = _entry_of(line)
            fault = fault_of(entry, last, key)
            if fault is not None:
                return BrokenEntry(last.sequence + 1, fault)
            last = HeadDigest(entry.sequence, entry.entry_hash)
    return None if last == part.last else BrokenEntry(last.sequence + 1, Fault.ARCHIVE)


def heads_in(folder: Path, part: RetiredPart, wanted: set[int]) -> dict[int, str]:
    """The hashes of some entries of a retired part: to be held against heads that were kept outside."""
    found = {}
    with (folder / part.file_name).open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["sequence"] in wanted:
                found[entry["sequence"]] = entry["entry_hash"]
    return found


def _is_told(session: Session, checkpoint: AuditCheckpoint) -> bool:
    """The entry of the retirement comes after what it retired, so it is still in the table."""
    told = sa.select(AuditEntry.facts).where(AuditEntry.action == Deed.AUDIT_RETIRE.value)
    facts = session.scalars(told.where(AuditEntry.subject_code == checkpoint.file_name)).all()
    expected = {"first": checkpoint.first_sequence, "last": checkpoint.sequence, "sha256": checkpoint.sha256}
    return any(expected.items() <= one.items() for one in facts)


def _digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _entry_of(line: str) -> Any:
    content = json.loads(line)
    unnamed = dict.fromkeys(SEALED_IF_NAMED, "")
    return SimpleNamespace(**unnamed | content | {"at": datetime.fromisoformat(content["at"])})
