"""The two suites of ciphers, as the library offers them: authenticated encryption and a keyed digest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.sealing.providers import Cipher

TAG_BYTES = 16


class Aead(Protocol):
    """Encrypts and authenticates; the tag stands at the end. InvalidTag where something was changed."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes: ...


class Sm4Gcm:
    """SM4 in Galois counter mode (RFC 8998), with the interface that the library has for AES."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """Ciphertext and tag."""
        running = BlockCipher(self._algorithm, modes.GCM(nonce)).encryptor()
        running.authenticate_additional_data(associated_data or b"")
        return running.update(data) + running.finalize() + running.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes:
        """The plaintext; InvalidTag where anything was changed."""
        if len(data) < TAG_BYTES:
            raise InvalidTag
        body, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        running = BlockCipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        running.authenticate_additional_data(associated_data or b"")
        return running.update(body) + running.finalize()


@dataclass(frozen=True)
class Suite:
    """What belongs together."""

    key_bytes: int
    aead: Callable[[bytes], Aead]
    digest: Callable[[], hashes.HashAlgorithm]

    def keyed_digest(self, key: bytes) -> hmac.HMAC:
        """To be copied for each value; HMAC of RFC 2104 over the suite's digest."""
        return hmac.HMAC(key, self.digest())


SUITES: Mapping[Cipher, Suite] = {
    Cipher.AES: Suite(32, AESGCM, hashes.SHA256),
    Cipher.SM4: Suite(16, Sm4Gcm, hashes.SM3),
}
DIGEST_KEY_BYTES = 32
"""Of keys that digests are made with: blind indexes, and the keys of single files of a backup."""
