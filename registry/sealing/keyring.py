"""The provider that ships: keys from files, read again as soon as the folder changes.

A sealed value is one byte for the format, two for the number of its key, twelve random ones, ciphertext and tag.
"""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hmac

from registry.sealing.keyfiles import FIELD_PURPOSES, Key, Purpose, make_key, read_keys
from registry.sealing.providers import Cipher, KeysMissing, Place, SealBroken
from registry.sealing.suites import SUITES, Aead

FORMAT = b"\x01"
MARK_BYTES = 3
NONCE_BYTES = 12


@dataclass(frozen=True)
class _Ring:
    """The keys of the folder as it stood at one time, as the library's own objects."""

    stamp: int
    sealers: Mapping[bytes, Aead]
    """By the mark of what they seal."""
    digests: Mapping[str, hmac.HMAC]
    """By the mark of what they index, the current one first."""
    mark: bytes


class KeyRing:
    """Seals with the newest key of the chosen suite, and opens with any."""

    def __init__(self, folder: Path, cipher: Cipher = Cipher.AES, *, makes_missing: bool = False) -> None:
        """`makes_missing`: a demonstration has its keys made when they are first asked for."""
        self.folder = folder
        self.cipher = cipher
        self._makes_missing = makes_missing
        self._ring: _Ring | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"KeyRing({str(self.folder)!r}, {self.cipher.value!r})"

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """96 random bits beside each value: a key may seal 2^32 values (NIST SP 800-38D, 8.3), far more than here."""
        ring = self._current()
        nonce = os.urandom(NONCE_BYTES)
        return ring.mark + nonce + ring.sealers[ring.mark].encrypt(nonce, plaintext, _bound(ring.mark, place))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """SealBroken where it was changed, moved, or sealed by a key that is not here."""
        mark, nonce, body = (
            sealed[:MARK_BYTES],
            sealed[MARK_BYTES:][:NONCE_BYTES],
            sealed[MARK_BYTES:][NONCE_BYTES:],
        )
        # A known key opens without a look at the folder, which would take as long as the opening itself.
        ring = self._ring or self._current()
        sealer = ring.sealers.get(mark) or self._read_again().sealers.get(mark)
        if sealer is None or len(nonce) < NONCE_BYTES:
            raise SealBroken(f"{place.table}.{place.column} of {place.code}: its key is not in {self.folder}")
        try:
            return sealer.decrypt(nonce, body, _bound(mark, place))
        except InvalidTag:
            raise SealBroken(
                f"{place.table}.{place.column} of {place.code} was changed or moved, or its key is another one"
            ) from None

    def index(self, value: str, field: str) -> str:
        """Under the current key."""
        return self.indexes(value, field)[0]

    def indexes(self, value: str, field: str) -> tuple[str, ...]:
        """Under every key: the field is part of what is digested, so that equal values of two fields differ."""
        found = []
        for mark, digest in self._current().digests.items():
            running = digest.copy()
            running.update(f"{field}\0{value}".encode())
            found.append(mark + running.finalize().hex())
        return tuple(found)

    @property
    def mark(self) -> bytes:
        """The first bytes of whatever is sealed now."""
        return self._current().mark

    @property
    def index_mark(self) -> str:
        """The first characters of whatever is indexed now."""
        return next(iter(self._current().digests))

    def check(self) -> None:
        """KeysMissing where nothing could be sealed or indexed."""
        self._current()

    def _current(self) -> _Ring:
        """A running portal seals with the new key as soon as there is one, and opens what another process sealed."""
        stamp = self._stamp()
        ring = self._ring
        return ring if ring is not None and ring.stamp == stamp else self._read_again()

    def _read_again(self) -> _Ring:
        """Also when a key is unknown: two changes of a folder within one tick of its clock look like one."""
        with self._lock:
            if self._makes_missing:
                make_missing(self.folder, self.cipher)
            self._ring = ring = _assembled(self.folder, self.cipher, self._stamp())
        return ring

    def _stamp(self) -> int:
        try:
            return self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def make_missing(folder: Path, cipher: Cipher) -> list[Key]:
    """The first keys of a suite, for the purposes that have none; gives those that were made."""
    present = {key.purpose for key in read_keys(folder) if key.cipher is cipher}
    return [make_key(folder, purpose, cipher) for purpose in FIELD_PURPOSES if purpose not in present]


def mark_of(number: int) -> bytes:
    """The first bytes of what the key with this number seals."""
    return FORMAT + number.to_bytes(2, "big")


def number_of(mark: bytes) -> int:
    """The reverse of `mark_of`."""
    return int.from_bytes(mark[1:MARK_BYTES], "big")


def index_mark_of(number: int) -> str:
    """The first characters of what the key with this number indexes."""
    return f"{number:04d}:"


def _assembled(folder: Path, cipher: Cipher, stamp: int) -> _Ring:
    keys = read_keys(folder)
    seals = [key for key in keys if key.purpose is Purpose.SEAL]
    indexes = sorted(
        (key for key in keys if key.purpose is Purpose.INDEX),
        key=lambda key: (key.cipher is cipher, key.number),
        reverse=True,
    )
    newest = [key for key in seals if key.cipher is cipher]
    if not newest or not indexes or indexes[0].cipher is not cipher:
        raise KeysMissing(
            f"{folder} holds no keys of the suite {cipher.value} to seal identity numbers and phones with; "
            "bring them back from the safe copy of the keys, or for a new register run: portal keys rotate"
        )
    return _Ring(
        stamp=stamp,
        sealers={mark_of(key.number): SUITES[key.cipher].aead(key.secret) for key in seals},
        digests={index_mark_of(key.number): SUITES[key.cipher].keyed_digest(key.secret) for key in indexes},
        mark=mark_of(max(key.number for key in newest)),
    )


def _bound(mark: bytes, place: Place) -> bytes:
    return mark + place.bound
