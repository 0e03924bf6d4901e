"""The head of the chain as a sealed file to be kept outside this machine, one a day.

A chain shows what was changed in its middle. That its end was cut off, or that somebody who holds the key wrote it
anew, shows only against a head that he cannot reach: in another room, on paper, with the auditors.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from registry.audit.chain import HeadDigest, instant
from registry.audit.queries import entry_numbered, head_digest
from registry.audit.statements import read_statement, write_statement

FORMAT = "jingkangtong-trail-head-1"


@dataclass(frozen=True)
class KeptHead:
    """The last link at a moment, with the time of its entry; times are ISO 8601 in UTC."""

    sequence: int
    entry_hash: str
    entry_at: str
    """Empty where the trail has no entry yet."""
    exported_at: str

    @property
    def digest(self) -> HeadDigest:
        """What a verification is held against."""
        return HeadDigest(self.sequence, self.entry_hash)


def present_head(session: Session, *, at: datetime) -> KeptHead:
    """The head as it stands now."""
    head = head_digest(session)
    entry_at = entry_numbered(session, head.sequence).at if head.sequence else None
    return KeptHead(head.sequence, head.entry_hash, instant(entry_at) if entry_at else "", instant(at))


def write_head(head: KeptHead, key: bytes) -> str:
    """The text of the file."""
    return write_statement(asdict(head), key, form=FORMAT)


def read_head(text: str, key: bytes, *, name: str) -> KeptHead:
    """The head in a file; InvalidInput where it is none, or where its seal does not fit."""
    return KeptHead(**read_statement(text, key, form=FORMAT, name=name))
