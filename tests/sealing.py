"""A key ring for tests, and made-up identity numbers that are nobody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from registry.sealing.keyring import KeyRing, make_missing
from registry.sealing.providers import Cipher
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def make_ring(folder: Path, cipher: Cipher = Cipher.AES) -> KeyRing:
    """A ring with one key of each purpose in a folder of its own."""
    make_missing(folder, cipher)
    return KeyRing(folder, cipher)


def fixed_keys(folder: Path) -> Path:
    """A folder with the same keys every time: the demonstration is built once and served from many folders."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("seal-0001.aes", "index-0001.aes"):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(name.encode().hex().ljust(64, "0"))
    return folder


def identity_number(number: int = 1, born: str = "19900101") -> str:
    """Of the division 999999, which does not exist; the check digit (GB 11643) is worked out here by hand."""
    body = f"999999{born}{number:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


def seal_identity(
    session: Session, ring: KeyRing, person: Practitioner, *, identity: str = "", phone: str = ""
) -> None:
    """Register what was given of a person, sealed."""
    values: dict[str, object] = {}
    if identity:
        values |= IDENTITY_NUMBER.values(ring, identity, person.code)
    if phone:
        values |= PHONE.values(ring, phone, person.code)
    session.execute(sa.update(Practitioner).where(Practitioner.id == person.id).values(values))


@contextmanager
def statements_of(session: Session) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)
