"""What is sealed is read with the same key, for the same purpose, unchanged, or not at all."""

import base64
import stat
from pathlib import Path

import pytest

from registry.access.secrets import CannotUnseal, Sealer, kept_sealer

SEALER = Sealer(bytes(range(32)))


def test_what_was_sealed_comes_back() -> None:
    assert SEALER.unseal(SEALER.seal("密钥", purpose="a"), purpose="a") == "密钥"


def test_equal_texts_are_sealed_differently() -> None:
    assert SEALER.seal("x", purpose="a") != SEALER.seal("x", purpose="a")


@pytest.mark.parametrize("other", [Sealer(bytes(32)), SEALER])
def test_another_key_or_purpose_reads_nothing(other: Sealer) -> None:
    with pytest.raises(CannotUnseal):
        other.unseal(SEALER.seal("x", purpose="a"), purpose="b")


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_a_changed_text_reads_nothing(position: int) -> None:
    raw = bytearray(base64.b64decode(SEALER.seal("x", purpose="a")))
    raw[position] ^= 1

    with pytest.raises(CannotUnseal):
        SEALER.unseal(base64.b64encode(raw).decode(), purpose="a")


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "=" * 40])
def test_what_was_never_sealed_reads_nothing(text: str) -> None:
    with pytest.raises(CannotUnseal):
        SEALER.unseal(text, purpose="a")


def test_digests_differ_by_key_and_purpose() -> None:
    digests = {
        SEALER.digest("x", purpose="a"),
        SEALER.digest("x", purpose="b"),
        Sealer(bytes(32)).digest("x", purpose="a"),
    }

    assert len(digests) == 3


def test_the_key_is_shown_by_nothing() -> None:
    assert "key" not in repr(SEALER)


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = kept_sealer(tmp_path / "keys"), kept_sealer(tmp_path / "keys")

    assert first == second
    assert len(first.key) == 32
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
