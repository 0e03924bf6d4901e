"""The head of the chain as a sealed file to be kept outside this machine, one a day.

A chain shows what was changed in its middle. That its end was cut off, or that somebody who holds the key wrote it
anew, shows only against a head that he cannot reach: in another room, on paper, with the auditors.

The seal is an HMAC with a key derived from that of the chain: whoever may verify the chain may verify its heads, with
nothing but a standard library. Signatures by a key pair would let people verify heads without that secret; the product
has no such library, and a head that was printed and signed by hand needs none.
"""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.audit.chain import HeadDigest, canonical, instant
from registry.audit.queries import entry_numbered, head_digest
from registry.errors import InvalidInput
from registry.messages import N_, message

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
    content = {"format": FORMAT, **asdict(head)}
    return json.dumps(content | {"seal": seal_of(content, key)}, indent=2) + "\n"


def read_head(text: str, key: bytes, *, name: str) -> KeptHead:
    """The head in a file; InvalidInput where it is none, or where its seal does not fit."""
    try:
        content = json.loads(text)
        seal = content.pop("seal")
        head = KeptHead(**{field: value for field, value in content.items() if field != "format"})
    except (ValueError, TypeError, AttributeError, KeyError):
        raise InvalidInput("heads", message(N_("“%(name)s”不是留痕链首摘要文件。"), name=name)) from None
    if content.get("format") != FORMAT or not hmac.compare_digest(str(seal), seal_of(content, key)):
        sentence = N_("“%(name)s”的封印不符：文件被改动过，或不是用现行密钥封印的。")
        raise InvalidInput("heads", message(sentence, name=name))
    return head


def seal_of(content: dict[str, Any], key: bytes) -> str:
    """HMAC-SHA256 over the canonical JSON, by a key of its own: no seal of a head is ever one of an entry."""
    derived = hmac.new(key, FORMAT.encode(), hashlib.sha256).digest()
    return hmac.new(derived, canonical(content), hashlib.sha256).hexdigest()
