"""Seals the secrets of second factors, so that whoever reads the database cannot make their codes.

AES-256-GCM; the key is a file in the portal's home and never in the database. A small seam: what is sealed here names
nothing but a purpose, so that a ring of keys can take its place.
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_FILE = "factor_key"


class CannotUnseal(Exception):
    """The text was sealed with another key or for another purpose, or somebody changed it."""


@dataclass(frozen=True)
class Sealer:
    """Holds the key; `purpose` ties a sealed text to its place, so that it cannot be moved to another."""

    key: bytes = field(repr=False)

    def seal(self, text: str, *, purpose: str) -> str:
        """The text as only this key can read it; a different one each time."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.b64encode(
            nonce + AESGCM(self.key).encrypt(nonce, text.encode(), purpose.encode())
        ).decode()

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text; CannotUnseal where it is not what this key sealed for this purpose."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(sealed, validate=True)
            return AESGCM(self.key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()).decode()
        except (ValueError, InvalidTag):
            raise CannotUnseal from None

    def digest(self, text: str, *, purpose: str) -> str:
        """A short text that is only ever compared: without the key it cannot be found by trying."""
        return hmac.new(self.key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def kept_sealer(folder: Path) -> Sealer:
    """With the key of this folder, made at the first use; of several processes that make one, the first wins."""
    file = folder / KEY_FILE
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f"{KEY_FILE}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(KEY_BYTES))
        draft.chmod(0o400)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return Sealer(file.read_bytes())
