"""Sealed values open where they stand and nowhere else; keys are read from files and shown by nothing."""

import traceback
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.sealing.keyfiles import Purpose, make_key, read_keys
from registry.sealing.keyring import KeyRing, make_missing
from registry.sealing.providers import Cipher, KeysMissing, Place, SealBroken
from tests.sealing import make_ring

HERE = Place("practitioner", "identity_sealed", "abcd234567")
ELSEWHERE = [
    Place("account", "identity_sealed", "abcd234567"),
    Place("practitioner", "phone_sealed", "abcd234567"),
    Place("practitioner", "identity_sealed", "abcd234568"),
]


@pytest.fixture(scope="module", params=list(Cipher))
def ring(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return make_ring(tmp_path_factory.mktemp("keys"), request.param)


@given(plaintext=st.binary(max_size=200))
def test_what_was_sealed_opens_again(ring: KeyRing, plaintext: bytes):
    sealed = ring.seal(plaintext, HERE)
    assert ring.open(sealed, HERE) == plaintext
    assert len(sealed) == 3 + 12 + len(plaintext) + 16


@given(plaintext=st.binary(max_size=40), data=st.data())
def test_no_bit_of_it_can_be_changed(ring: KeyRing, plaintext: bytes, data: st.DataObject):
    sealed = bytearray(ring.seal(plaintext, HERE))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        ring.open(bytes(sealed), HERE)


@given(plaintext=st.binary(max_size=40), length=st.integers(0, 30))
def test_nothing_can_be_cut_off(ring: KeyRing, plaintext: bytes, length: int):
    with pytest.raises(SealBroken):
        ring.open(ring.seal(plaintext, HERE)[:length], HERE)


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_value_that_was_moved_does_not_open(ring: KeyRing, place: Place):
    with pytest.raises(SealBroken, match="changed or moved"):
        ring.open(ring.seal(b"999999199001010011", HERE), place)


def test_another_ring_with_the_same_numbers_does_not_open_it(ring: KeyRing, tmp_path: Path):
    with pytest.raises(SealBroken):
        make_ring(tmp_path, ring.cipher).open(ring.seal(b"x", HERE), HERE)


def test_no_two_of_a_hundred_thousand_values_share_their_random_part(tmp_path: Path):
    ring = make_ring(tmp_path)
    assert len({ring.seal(b"", HERE)[3:15] for _ in range(100_000)}) == 100_000


def test_equal_values_have_one_index_and_differ_between_fields_and_keys(ring: KeyRing, tmp_path: Path):
    first = ring.index("15400000001", "practitioner.phone")
    assert first == ring.index("15400000001", "practitioner.phone")
    assert first != ring.index("15400000002", "practitioner.phone")
    assert first[5:] != ring.index("15400000001", "practitioner.identity")[5:]
    assert first[5:] != make_ring(tmp_path, ring.cipher).index("15400000001", "practitioner.phone")[5:]


def test_a_running_ring_takes_up_a_new_key_and_still_opens_what_the_old_one_sealed(ring: KeyRing):
    old, old_index = ring.seal(b"x", HERE), ring.index("x", "f")
    make_key(ring.folder, Purpose.SEAL, ring.cipher)
    make_key(ring.folder, Purpose.INDEX, ring.cipher)
    assert ring.seal(b"x", HERE)[:3] == ring.mark != old[:3]
    assert ring.open(old, HERE) == b"x"
    assert ring.index("x", "f") != old_index
    assert old_index in ring.indexes("x", "f")


def test_one_ring_opens_both_suites(tmp_path: Path):
    sealed = make_ring(tmp_path, Cipher.AES).seal(b"x", HERE)
    ring = make_ring(tmp_path, Cipher.SM4)
    assert ring.open(sealed, HERE) == b"x"
    assert ring.seal(b"x", HERE)[:3] != sealed[:3]
    assert [mark for mark, _ in pairwise(ring.indexes("x", "f"))]


def test_without_keys_nothing_is_sealed_and_the_remedy_is_said(tmp_path: Path):
    with pytest.raises(KeysMissing, match="portal keys rotate"):
        KeyRing(tmp_path / "nowhere").check()


def test_keys_of_the_other_suite_are_not_enough(tmp_path: Path):
    make_missing(tmp_path, Cipher.AES)
    with pytest.raises(KeysMissing, match="suite sm4"):
        KeyRing(tmp_path, Cipher.SM4).check()


def test_a_demonstration_makes_its_keys_once(tmp_path: Path):
    first = KeyRing(tmp_path / "keys", makes_missing=True)
    sealed = first.seal(b"x", HERE)
    assert KeyRing(tmp_path / "keys", makes_missing=True).open(sealed, HERE) == b"x"
    assert [key.name for key in read_keys(tmp_path / "keys")] == ["index-0001.aes", "seal-0001.aes"]


def test_keys_are_for_their_owner_alone(tmp_path: Path):
    folder = tmp_path / "keys"
    make_missing(folder, Cipher.AES)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    (folder / "seal-0001.aes").chmod(0o400)
    KeyRing(folder).check()
    (folder / "seal-0001.aes").chmod(0o640)
    with pytest.raises(KeysMissing, match="chmod 600"):
        KeyRing(folder).check()


@pytest.mark.parametrize("content", ["", "abcd", "not hexadecimal"])
def test_a_file_that_holds_no_key_is_refused_without_its_content(tmp_path: Path, content: str):
    make_missing(tmp_path, Cipher.AES)
    (tmp_path / "seal-0001.aes").write_text(content)
    with pytest.raises(KeysMissing, match=r"seal-0001\.aes holds no") as caught:
        KeyRing(tmp_path).check()
    assert not content or content not in str(caught.value)


def test_no_key_is_in_a_repr_or_in_a_traceback_with_all_its_variables(tmp_path: Path):
    ring = make_ring(tmp_path)
    told = told_by_a_failure(ring) + repr(ring) + repr(vars(ring)) + repr(read_keys(tmp_path))
    keys = [key.secret for key in read_keys(tmp_path)]
    assert "was changed or moved" in told
    assert not [key for key in keys if key.hex() in told or repr(key) in told]


def told_by_a_failure(ring: KeyRing) -> str:
    try:
        ring.open(ring.seal(b"x", HERE), ELSEWHERE[0])
    except SealBroken as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return ""
