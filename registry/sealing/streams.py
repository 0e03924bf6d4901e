"""Whole files sealed piece by piece, so that a backup of any size needs little memory and cannot be cut or rearranged.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a key for each file, made from the backup key, 32
random bytes and the name of the file; a nonce for each piece, made from its number and whether it is the last. A piece
that was changed, moved, left out or added does not open, nor does a file that ends too early.
"""

import io
import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from registry.sealing.keyfiles import Key
from registry.sealing.suites import SUITES, TAG_BYTES, Aead

PIECE = 1024 * 1024
SALT_BYTES = 32
COUNTER_BYTES = 11
FORMAT = b"JKTBK\x00\x00\x01"


class StreamBroken(Exception):
    """The file was changed or cut, or its key is another one. The message holds nothing of what is in it."""


class SealedWriter:
    """Seals what is written to it; without `finish`, which writes the last piece, the file does not open."""

    def __init__(self, target: BinaryIO, key: Key, name: str) -> None:
        salt = secrets.token_bytes(SALT_BYTES)
        self._target, self._aead, self._name = target, _aead_of(key, salt, name), name.encode()
        self._waiting, self._number = bytearray(), 0
        target.write(FORMAT + salt)

    def write(self, data: bytes, /) -> int:
        """As a file takes it."""
        self._waiting += data
        while len(self._waiting) > PIECE:  # the last piece is known by the end alone
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Pieces are written when they are full."""

    def finish(self) -> None:
        """Nothing is written after this."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._target.write(self._aead.encrypt(_nonce(self._number, is_last=is_last), piece, self._name))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Opens what SealedWriter sealed; StreamBroken at the first piece that is not as it was written."""

    def __init__(self, source: BinaryIO, key: Key, name: str) -> None:
        if source.read(len(FORMAT)) != FORMAT:
            raise StreamBroken(f"{name} is no sealed file of this version")
        self._source, self._aead = source, _aead_of(key, source.read(SALT_BYTES), name)
        self._name, self._opened, self._number = name, memoryview(b""), 0
        self._next = source.read(PIECE + TAG_BYTES)
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # the buffer of BufferedReader
        while not self._opened and not self._is_over:
            self._open_next()
        count = min(len(buffer), len(self._opened))
        buffer[:count] = self._opened[:count]
        self._opened = self._opened[count:]
        return count

    def _open_next(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + TAG_BYTES)
        self._is_over = not self._next
        try:
            nonce = _nonce(self._number, is_last=self._is_over)
            self._opened = memoryview(self._aead.decrypt(nonce, piece, self._name.encode()))
        except InvalidTag:
            raise StreamBroken(f"{self._name} was changed or cut, or its key is another one") from None
        self._number += 1


def _aead_of(key: Key, salt: bytes, name: str) -> Aead:
    suite = SUITES[key.cipher]
    digest = suite.keyed_digest(key.secret)
    digest.update(FORMAT + salt + name.encode())
    return suite.aead(digest.finalize()[: suite.key_bytes])


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(COUNTER_BYTES, "big") + bytes([is_last])
