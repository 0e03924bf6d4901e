"""What whoever seals must offer. The key ring of keyring.py does it with files, a certified module would do the same.

Other nouns know this module and no key.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Cipher(StrEnum):
    """The two suites: AES-256-GCM with HMAC-SHA-256, and SM4-GCM with HMAC-SM3 (GB/T 32907, GB/T 32905)."""

    AES = "aes"
    SM4 = "sm4"


class KeysMissing(Exception):
    """There is no key to work with; the message names the folder and the remedy, never a key."""


class SealBroken(Exception):
    """A value does not open: it was changed or moved, or its key is another one. The message holds no value."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands. It is sealed with it, so that it opens nowhere else."""

    table: str
    column: str
    code: str
    """The public code of the record."""

    @property
    def bound(self) -> bytes:
        """The associated data; none of the three holds a null character."""
        return "\0".join((self.table, self.column, self.code)).encode()


class SealProvider(Protocol):
    """Seals values for the places where they stand, and gives the blind indexes that they are found by."""

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """The value under the current key, with that key's mark in front."""

    def open(self, sealed: bytes, place: Place) -> bytes:
        """The value; SealBroken where it was changed, moved or sealed by a key that is not here."""

    def index(self, value: str, field: str) -> str:
        """The blind index of a normalised value of a field, under the current key."""

    def indexes(self, value: str, field: str) -> tuple[str, ...]:
        """The blind indexes under every key, the current one first: whatever one of them marks is the value."""

    @property
    def mark(self) -> bytes:
        """The first bytes of whatever is sealed now."""

    @property
    def index_mark(self) -> str:
        """The first characters of whatever is indexed now."""
