"""Keys as files: one key a file, named by purpose, number and suite, readable by their owner alone.

`seal-0002.sm4` is the second key for sealing. What is in a file is known to this module and to the library's own
objects, and to nothing that is printed.
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from registry.sealing.providers import Cipher, KeysMissing
from registry.sealing.suites import DIGEST_KEY_BYTES, SUITES

MAX_NUMBER = 9999
FILE_NAME = re.compile(r"(seal|index|backup)-(\d{4})\.(aes|sm4)")
FOR_OTHERS = 0o077
"""Permissions that a key file must not give."""


class Purpose(StrEnum):
    """Keys of different purposes have nothing to do with each other."""

    SEAL = "seal"
    INDEX = "index"
    BACKUP = "backup"


FIELD_PURPOSES = (Purpose.SEAL, Purpose.INDEX)
"""What the register cannot be served without."""


@dataclass(frozen=True)
class Key:
    """One key; its bytes are shown by nothing."""

    purpose: Purpose
    number: int
    cipher: Cipher
    secret: bytes = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.purpose}-{self.number:04d}.{self.cipher}"

    @property
    def fingerprint(self) -> str:
        """Eight characters to tell a copy by; they say nothing about the key."""
        return hashlib.sha256(b"fingerprint of a key\0" + self.secret).hexdigest()[:8]


def length_of(purpose: Purpose, cipher: Cipher) -> int:
    """The bytes that a key of this purpose and suite has."""
    return SUITES[cipher].key_bytes if purpose is Purpose.SEAL else DIGEST_KEY_BYTES


def read_keys(folder: Path) -> list[Key]:
    """Every key of the folder, by purpose and number; KeysMissing where a file cannot be taken as a key."""
    if not folder.is_dir():
        return []
    matches = (FILE_NAME.fullmatch(path.name) for path in sorted(folder.iterdir()))
    return [_read(folder / match.group(), match) for match in matches if match]


def make_key(folder: Path, purpose: Purpose, cipher: Cipher) -> Key:
    """A new key, written whole or not at all, with the next number of its purpose."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = [key.number for key in read_keys(folder) if key.purpose is purpose]
    number = max(taken, default=0) + 1
    if number > MAX_NUMBER:
        raise KeysMissing(f"{folder} holds {MAX_NUMBER} keys; no further one can be numbered.")
    key = Key(purpose, number, cipher, secrets.token_bytes(length_of(purpose, cipher)))
    _write(folder / key.name, key)
    return key


def _write(path: Path, key: Key) -> None:
    draft = path.with_name(f"{path.name}.new")  # on a full disk half a key must not become the key
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.secret.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.link(
        draft, path
    )  # unlike a renaming, it takes the place of no key that another process made meanwhile
    draft.unlink()
    _keep_on_disk(path.parent)


def _keep_on_disk(folder: Path) -> None:
    """What is sealed must never reach the disk before its key."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path, match: re.Match[str]) -> Key:
    if path.stat().st_mode & FOR_OTHERS:
        raise KeysMissing(f"{path} can be read by others; run: chmod 600 {path}")
    purpose, number, cipher = match.groups()
    try:
        key = Key(Purpose(purpose), int(number), Cipher(cipher), bytes.fromhex(path.read_text()))
    except ValueError:
        raise KeysMissing(f"{path} holds no key; bring it back from the safe copy of the keys.") from None
    if len(key.secret) != length_of(key.purpose, key.cipher):
        raise KeysMissing(f"{path} holds no whole key; bring it back from the safe copy of the keys.")
    return key
