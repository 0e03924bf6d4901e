"""Sealed streams: what was changed, cut, moved or sealed with another key does not open."""

import io
from collections.abc import Callable

import pytest

from registry.sealing import streams
from registry.sealing.keyfiles import Key, Purpose
from registry.sealing.providers import Cipher
from registry.sealing.streams import SALT_BYTES, SealedReader, SealedWriter, StreamBroken
from registry.sealing.suites import TAG_BYTES

PIECE = 64
HEAD = len(streams.FORMAT) + SALT_BYTES
SEALED_PIECE = PIECE + TAG_BYTES
KEYS = {cipher: Key(Purpose.BACKUP, 1, cipher, bytes(range(32))) for cipher in Cipher}
OTHER = Key(Purpose.BACKUP, 1, Cipher.AES, bytes(32))


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PIECE", PIECE)


def sealed(data: bytes, *, key: Key = KEYS[Cipher.AES], name: str = "database") -> bytes:
    target = io.BytesIO()
    writer = SealedWriter(target, key, name)
    for start in range(0, len(data), 50):  # pieces are none of the caller's business
        writer.write(data[start : start + 50])
    writer.finish()
    return target.getvalue()


def opened(data: bytes, *, key: Key = KEYS[Cipher.AES], name: str = "database") -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(data), key, name), 32).read()


@pytest.mark.parametrize("cipher", Cipher)
@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 1000])
def test_what_was_sealed_opens_whatever_its_length(cipher: Cipher, length: int) -> None:
    data = bytes(number % 251 for number in range(length))

    assert opened(sealed(data, key=KEYS[cipher]), key=KEYS[cipher]) == data


def test_the_same_file_is_never_sealed_the_same_way_twice() -> None:
    assert sealed(b"x" * 200) != sealed(b"x" * 200)


def test_every_changed_byte_is_found() -> None:
    whole = sealed(b"x" * (2 * PIECE + 10))

    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises(StreamBroken):
            opened(bytes(changed))


def test_every_cut_is_found() -> None:
    whole = sealed(b"x" * (2 * PIECE + 10))

    for length in range(len(whole)):
        with pytest.raises(StreamBroken):
            opened(whole[:length])


def pieces_of(whole: bytes) -> tuple[bytes, list[bytes]]:
    body = whole[HEAD:]
    return whole[:HEAD], [body[start : start + SEALED_PIECE] for start in range(0, len(body), SEALED_PIECE)]


REARRANGED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "swapped": lambda pieces: [pieces[1], pieces[0], *pieces[2:]],
    "left out": lambda pieces: [pieces[0], *pieces[2:]],
    "twice": lambda pieces: [pieces[0], *pieces],
    "without its last": lambda pieces: pieces[:-1],
    "only its last": lambda pieces: pieces[-1:],
    "with more behind": lambda pieces: [*pieces, pieces[-1]],
}


@pytest.mark.parametrize("how", REARRANGED)
def test_pieces_in_another_order_do_not_open(how: str) -> None:
    head, pieces = pieces_of(sealed(b"".join(bytes([number]) * PIECE for number in range(4))))

    with pytest.raises(StreamBroken):
        opened(head + b"".join(REARRANGED[how](pieces)))


def test_pieces_of_another_file_do_not_fit() -> None:
    head, _ = pieces_of(sealed(b"a" * 200))
    _, others = pieces_of(sealed(b"b" * 200))

    with pytest.raises(StreamBroken):
        opened(head + b"".join(others))


@pytest.mark.parametrize("different", [{"key": OTHER}, {"name": "files"}])
def test_another_key_or_name_does_not_open_it(different: dict) -> None:
    with pytest.raises(StreamBroken):
        opened(sealed(b"x" * 200), **different)


def test_what_was_not_finished_does_not_open() -> None:
    target = io.BytesIO()
    SealedWriter(target, KEYS[Cipher.AES], "database").write(b"x" * 200)

    with pytest.raises(StreamBroken):
        opened(target.getvalue())


def test_the_message_says_nothing_of_what_is_inside() -> None:
    with pytest.raises(StreamBroken) as caught:
        opened(sealed(b"a secret " * 30)[:-1])

    assert "secret" not in str(caught.value)
