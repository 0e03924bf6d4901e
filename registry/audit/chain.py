"""The chain of the trail: how one entry is hashed and linked to the one before.

An entry's hash is an HMAC over the SHA-256 of its canonical JSON, which contains the hash before it. Without the
key nobody can mend a broken chain. That a tail was cut off shows only against a head digest kept outside.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

GENESIS = "0" * 64
"""What the first entry is linked to."""

SEALED = (
    "sequence",
    "actor_code",
    "actor_name",
    "action",
    "result",
    "subject_type",
    "subject_code",
    "division_code",
    "facts",
    "reason",
    "request_id",
    "previous_hash",
)


SEALED_IF_NAMED = ("principal_code", "principal_name")
"""Came later: an entry that names nobody here is sealed as it always was."""


class Link(Protocol):
    """An entry, as a record or as a row of its table: what SEALED names, and these."""

    sequence: int
    at: datetime
    previous_hash: str
    entry_hash: str


class Fault(StrEnum):
    """What is wrong at the first place where the trail does not hold."""

    MISSING = "missing"
    LINK = "link"
    CONTENT = "content"
    TAIL = "tail"
    REWRITTEN = "rewritten"
    """Held together by the key, yet not what a head kept outside says."""
    CHECKPOINT = "checkpoint"
    """What says where the trail begins was changed or forged: no entry of the trail tells of it."""
    ARCHIVE = "archive"
    """The file of retired entries is missing, or is not the one that was written."""


@dataclass(frozen=True)
class HeadDigest:
    """The last link at some moment; kept outside the machine it proves that nothing was cut off since."""

    sequence: int
    entry_hash: str


@dataclass(frozen=True)
class BrokenEntry:
    """The first sequence number at which the trail does not hold, and what is wrong there."""

    sequence: int
    fault: Fault
    at: datetime | None = field(default=None, compare=False)
    """The time that the entry names, or the one before it where there is none; None at an empty beginning."""


@dataclass(frozen=True)
class Setback:
    """An entry whose time lies before the time of the one before it: the clock was set back in between."""

    sequence: int
    at: datetime
    before: datetime


def canonical(value: Any) -> bytes:
    """One spelling per value: sorted keys, no spaces, UTF-8; ValueError or TypeError where JSON cannot hold it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def instant(at: datetime) -> str:
    """A time as it is sealed: ISO 8601 in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed_content(entry: Any) -> dict[str, Any]:
    """What the seal of an entry covers, as JSON holds it; `entry` is a record or a row of the table."""
    content = {name: getattr(entry, name) for name in SEALED}
    named = {name: getattr(entry, name) for name in SEALED_IF_NAMED}
    return content | {name: value for name, value in named.items() if value} | {"at": instant(entry.at)}


def hash_of(entry: Link, key: bytes) -> str:
    """The entry's seal, from everything it says and the hash before it."""
    digest = hashlib.sha256(canonical(sealed_content(entry))).digest()
    return hmac.new(key, digest, hashlib.sha256).hexdigest()


def fault_of(entry: Link, before: HeadDigest, key: bytes) -> Fault | None:
    """What is wrong with an entry that should follow `before`, or None."""
    if entry.sequence != before.sequence + 1:
        return Fault.MISSING
    if entry.previous_hash != before.entry_hash:
        return Fault.LINK
    return None if hmac.compare_digest(entry.entry_hash, hash_of(entry, key)) else Fault.CONTENT
