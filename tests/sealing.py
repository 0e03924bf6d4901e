"""A key ring for tests, and made-up identity numbers that are nobody's."""

from pathlib import Path

from registry.sealing.keyring import KeyRing, make_missing
from registry.sealing.providers import Cipher

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def make_ring(folder: Path, cipher: Cipher = Cipher.AES) -> KeyRing:
    """A ring with one key of each purpose in a folder of its own."""
    make_missing(folder, cipher)
    return KeyRing(folder, cipher)


def identity_number(number: int = 1, born: str = "19900101") -> str:
    """Of the division 999999, which does not exist; the check digit (GB 11643) is worked out here by hand."""
    body = f"999999{born}{number:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]
