"""Follows the whole chain and says where it breaks first; against heads kept outside, also what the chain cannot say.

Where old entries were retired, the chain begins at the last checkpoint; the files of what was retired are followed too
where their folder is given. Rows are read, not records: what a session remembers of an entry is no proof of what the
table says.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.archives import (
    RetiredPart,
    broken_archive,
    broken_checkpoint,
    checkpoints,
    heads_in,
    part_of,
)
from registry.audit.chain import GENESIS, BrokenEntry, Fault, HeadDigest, Setback, fault_of
from registry.audit.models import AuditCheck, AuditEntry
from registry.audit.queries import head_digest

BATCH = 1000

SETBACK = timedelta(minutes=5)
"""Requests that wait for each other may enter the trail in another order than they began; a clock goes back further."""

Row = Any
"""A row of the table, with `facts_text`: the facts as they stand there."""


@dataclass(frozen=True)
class Examination:
    """What the whole trail looks like."""

    last: HeadDigest
    """The last entry that holds."""
    broken: BrokenEntry | None
    heads: int
    """How many heads from outside it was held against."""
    setbacks: tuple[Setback, ...]
    retired: tuple[RetiredPart, ...] = ()
    """What was retired to files, from the oldest on."""


@dataclass
class _Walk:
    """How far the chain was followed."""

    last: HeadDigest = field(default_factory=lambda: HeadDigest(0, GENESIS))
    at: datetime | None = None
    setbacks: list[Setback] = field(default_factory=list)

    def step(self, entry: Row) -> None:
        if self.at is not None and entry.at < self.at - SETBACK:
            self.setbacks.append(Setback(entry.sequence, entry.at, self.at))
        self.last, self.at = HeadDigest(entry.sequence, entry.entry_hash), entry.at


def examine_trail(
    session: Session, *, key: bytes, kept: Iterable[HeadDigest] = (), archives: Path | None = None
) -> Examination:
    """Every entry in turn.

    `kept` are heads from outside: they show a tail that was cut off, and a chain that was sealed anew with its own key.
    `archives` is the folder of what was retired: every file must be there, whole and as it was written.
    """
    outside = {head.sequence: head.entry_hash for head in kept if head.sequence}
    made = checkpoints(session)
    retired = tuple(part_of(checkpoint) for checkpoint in made)
    walk = _Walk(last=retired[-1].last) if retired else _Walk()
    broken = (
        broken_checkpoint(session, made, key)
        or _in_archives(archives, retired, outside, key)
        or _followed(session, key, outside, walk)
        or _at_the_end(session, outside, walk)
    )
    return Examination(walk.last, broken, len(outside), tuple(walk.setbacks), retired)


def keep_check(session: Session, examination: Examination, *, at: datetime, by: str) -> AuditCheck:
    """Put on record that the trail was verified, whatever came out."""
    broken = examination.broken
    check = AuditCheck(
        at=at,
        by=by,
        sequence=examination.last.sequence,
        entry_hash=examination.last.entry_hash,
        heads=examination.heads,
        setbacks=len(examination.setbacks),
        broken_sequence=broken.sequence if broken else None,
        fault=broken.fault if broken else None,
    )
    session.add(check)
    session.flush()
    return check


def is_as_written(entry: Row) -> bool:
    """Whether the facts stand letter for letter as they were put there: the seal covers what they say, not blanks."""
    return bool(entry.facts_text == json.dumps(entry.facts, sort_keys=True))


def _in_archives(
    folder: Path | None, retired: Iterable[RetiredPart], outside: dict[int, str], key: bytes
) -> BrokenEntry | None:
    for part in retired:
        known = {part.sequence: part.entry_hash}
        if folder is not None:
            broken = broken_archive(folder, part, key)
            if broken is not None:
                return broken
            known |= heads_in(folder, part, set(outside))
        for sequence in sorted(known.keys() & outside.keys()):
            if known[sequence] != outside[sequence]:
                return BrokenEntry(sequence, Fault.REWRITTEN)
    return None


def _followed(session: Session, key: bytes, outside: dict[int, str], walk: _Walk) -> BrokenEntry | None:
    columns = AuditEntry.__table__.columns
    text = sa.cast(columns.facts, sa.Text).label("facts_text")
    rows = sa.select(*columns, text).order_by(columns.sequence).execution_options(yield_per=BATCH)
    with session.execute(rows) as entries:  # a server's cursor is to be closed where the walk ends early
        for entry in entries:
            fault = _fault_of(entry, walk.last, key, outside)
            if fault is not None:
                number = walk.last.sequence + 1
                return BrokenEntry(number, fault, entry.at if entry.sequence == number else walk.at)
            walk.step(entry)
    return None


def _fault_of(entry: Row, before: HeadDigest, key: bytes, outside: dict[int, str]) -> Fault | None:
    fault = fault_of(entry, before, key)
    if fault is None and not is_as_written(entry):
        return Fault.CONTENT
    if fault is None and outside.get(entry.sequence, entry.entry_hash) != entry.entry_hash:
        return Fault.REWRITTEN
    return fault


def _at_the_end(session: Session, outside: dict[int, str], walk: _Walk) -> BrokenEntry | None:
    is_cut = any(sequence > walk.last.sequence for sequence in outside)
    if is_cut or walk.last != head_digest(session):
        return BrokenEntry(walk.last.sequence + 1, Fault.TAIL, walk.at)
    return None
