"""Seals the secrets of second factors, so that whoever reads the database cannot make their codes.

The ring of keys of `registry/sealing` does it. Registers of before it sealed these secrets with one key of their own,
in a file of its own; what it sealed is still read, until `portal keys rotate` has sealed it anew.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

from registry.sealing.providers import Place, SealBroken, SealProvider

NONCE_BYTES = 12
OLD_KEY_FILE = "factor_key"


class CannotUnseal(Exception):
    """The text was sealed with another key or for another purpose, or somebody changed it."""


@dataclass(frozen=True)
class OldKey:
    """The key of before the ring: it opens and compares, and seals nothing any more."""

    key: bytes = field(repr=False)

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text; CannotUnseal where it is not what this key sealed for this purpose (AES-256-GCM)."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(sealed, validate=True)
            return AESGCM(self.key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()).decode()
        except (ValueError, InvalidTag):
            raise CannotUnseal from None

    def digest(self, text: str, *, purpose: str) -> str:
        """As recovery codes of before the ring are kept."""
        return hmac.new(self.key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Sealer:
    """What second factors need of the keys."""

    seals: SealProvider
    old: OldKey | None = None
    """None where no register of before the ring was taken over."""

    def seal_text(self, text: str, place: Place) -> str:
        """For a page that brings it back; it opens nowhere else."""
        return base64.b64encode(self.seals.seal(text.encode(), place)).decode()

    def open_text(self, sealed: str, place: Place) -> str:
        """The reverse; CannotUnseal where it is not what was sealed for this place."""
        try:
            return self.seals.open(base64.b64decode(sealed, validate=True), place).decode()
        except (ValueError, SealBroken):
            raise CannotUnseal from None

    def open_old(self, sealed: str | None, *, purpose: str) -> str:
        """What the key of before sealed; CannotUnseal also where it is not here."""
        if self.old is None or sealed is None:
            raise CannotUnseal
        return self.old.unseal(sealed, purpose=purpose)

    def digest(self, text: str, *, purpose: str) -> str:
        """A short text that is only ever compared: without the key it cannot be found by trying."""
        return self.seals.index(text, purpose)

    def digests(self, text: str, *, purpose: str) -> tuple[str, ...]:
        """Under every key: whatever one of them marks is the text."""
        old = () if self.old is None else (self.old.digest(text, purpose=purpose),)
        return (*self.seals.indexes(text, purpose), *old)


def old_key(folder: Path) -> OldKey | None:
    """The key of before in this folder, where there is one; none is made any more."""
    file = folder / OLD_KEY_FILE
    return OldKey(file.read_bytes()) if file.is_file() else None
