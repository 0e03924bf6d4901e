"""Secrets of second factors: sealed for one account with the ring of keys, and read in the seal of before."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.factors import (
    SECRET,
    count_in_old_seal,
    enrol_factor,
    factor_passes,
    offer_factor,
    reseal_old_factors,
)
from registry.access.models import Account, RecoveryCode, SecondFactor
from registry.access.secrets import CannotUnseal, OldKey, Sealer, old_key
from registry.access.totp import code_of, step_at
from registry.audit.trail import Trail
from registry.sealing.keyfiles import Purpose, make_key
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import Cipher, Place, SealBroken
from registry.sealing.resealing import broken_values, count_by_key, reseal
from tests.factories import NOW, make_account
from tests.registry.access.old_factors import KEY, enrol_as_before, keep_old_key, seal_as_before
from tests.sealing import make_ring

TRAIL = Trail(b"key of the tests")
HERE = Place("second_factor", "offer", "a2b3")
OLD_SECRET = "JBSWY3DPEHPK3PXP"
CODE = code_of(OLD_SECRET, step_at(NOW))


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path / "keys")


@pytest.fixture
def sealer(ring: KeyRing) -> Sealer:
    return Sealer(ring)


@pytest.fixture
def before(ring: KeyRing) -> Sealer:
    """Of a register that was taken over from before the ring."""
    keep_old_key(ring.folder)
    return Sealer(ring, old_key(ring.folder))


def enrolled(session: Session, sealer: Sealer) -> tuple[Account, str, list[str]]:
    """An account with its secret and recovery codes; the code of NOW is still unused."""
    account, at = make_account(session), NOW - timedelta(minutes=5)
    offer = offer_factor(account, sealer)
    code = code_of(offer.secret, step_at(at))
    codes = enrol_factor(session, account, offer, code, at=at, sealer=sealer, trail=TRAIL)
    return account, offer.secret, codes


def taken_over(session: Session) -> Account:
    """An account that enrolled before the ring."""
    account = make_account(session)
    enrol_as_before(session, account, OLD_SECRET, "abcde23456")
    return account


def sealed_of(session: Session, account: Account) -> bytes:
    sealed = sa.select(SecondFactor.secret_sealed).where(SecondFactor.account_id == account.id)
    return session.scalars(sealed).one() or b""


def test_what_was_sealed_for_a_page_comes_back_and_is_another_one_each_time(sealer: Sealer) -> None:
    first, second = sealer.seal_text("密钥", HERE), sealer.seal_text("密钥", HERE)

    assert first != second
    assert sealer.open_text(first, HERE) == "密钥"


@pytest.mark.parametrize("position", [0, 2, 14, 15, -1])
def test_a_changed_text_reads_nothing(sealer: Sealer, position: int) -> None:
    raw = bytearray(base64.b64decode(sealer.seal_text("x", HERE)))
    raw[position] ^= 1

    with pytest.raises(CannotUnseal):
        sealer.open_text(base64.b64encode(raw).decode(), HERE)


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "=" * 40])
def test_what_was_never_sealed_reads_nothing(sealer: Sealer, text: str) -> None:
    with pytest.raises(CannotUnseal):
        sealer.open_text(text, HERE)


def test_a_secret_carries_the_number_of_its_key_and_opens_for_its_account_alone(
    session: Session, sealer: Sealer, ring: KeyRing
) -> None:
    mine, secret, _ = enrolled(session, sealer)
    other, _, _ = enrolled(session, sealer)

    sealed = sealed_of(session, mine)

    assert sealed[:3] == b"\x01\x00\x01"
    assert SECRET.opened(ring, sealed, mine.code) == secret
    with pytest.raises(SealBroken):
        SECRET.opened(ring, sealed, other.code)


def test_a_secret_that_was_moved_to_another_account_lets_nobody_in(session: Session, sealer: Sealer) -> None:
    mine, secret, _ = enrolled(session, sealer)
    other, _, _ = enrolled(session, sealer)
    stolen = sealed_of(session, mine)
    session.execute(
        sa.update(SecondFactor).where(SecondFactor.account_id == other.id).values(secret_sealed=stolen)
    )

    with pytest.raises(SealBroken):
        factor_passes(session, other, code_of(secret, step_at(NOW)), at=NOW, sealer=sealer)
    assert list(broken_values(session, SECRET, sealer.seals)) == [other.code]


def test_the_rotation_of_keys_takes_the_secrets_along(
    session: Session, sealer: Sealer, ring: KeyRing
) -> None:
    account, secret, codes = enrolled(session, sealer)
    make_key(ring.folder, Purpose.SEAL, Cipher.AES)
    make_key(ring.folder, Purpose.INDEX, Cipher.AES)

    assert reseal(session, SECRET, ring)[1] == 1

    assert count_by_key(session, SECRET) == {2: 1}
    assert factor_passes(session, account, code_of(secret, step_at(NOW)), at=NOW, sealer=sealer) == "totp"
    assert factor_passes(session, account, codes[0], at=NOW, sealer=sealer) == "recovery code"


def test_secret_and_recovery_codes_of_before_the_ring_still_pass(session: Session, before: Sealer) -> None:
    account = taken_over(session)

    assert factor_passes(session, account, CODE, at=NOW, sealer=before) == "totp"
    assert factor_passes(session, account, "ABCDE-23456", at=NOW, sealer=before) == "recovery code"
    assert factor_passes(session, account, "abcde23456", at=NOW, sealer=before) is None


def test_secrets_of_before_are_sealed_with_the_ring_once(session: Session, before: Sealer) -> None:
    account = taken_over(session)

    assert [reseal_old_factors(session, before) for _ in range(2)] == [1, 0]

    assert count_in_old_seal(session) == 0
    without_old_key = Sealer(before.seals)
    assert factor_passes(session, account, CODE, at=NOW, sealer=without_old_key) == "totp"


def test_without_the_key_of_before_its_secrets_stay_and_nobody_passes(
    session: Session, sealer: Sealer
) -> None:
    account = taken_over(session)

    assert reseal_old_factors(session, sealer) == 0
    assert count_in_old_seal(session) == 1
    with pytest.raises(CannotUnseal):
        factor_passes(session, account, CODE, at=NOW, sealer=sealer)


def test_a_row_holds_its_secret_in_one_seal_and_not_in_two(session: Session, sealer: Sealer) -> None:
    enrolled(session, sealer)

    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(SecondFactor).values(secret_in_old_seal="x"))


def test_recovery_codes_are_kept_as_digests_with_the_number_of_their_key(
    session: Session, sealer: Sealer
) -> None:
    enrolled(session, sealer)

    kept = session.scalars(sa.select(RecoveryCode.code_digest)).all()

    assert {digest[:5] for digest in kept} == {"0001:"}
    assert len(set(kept)) == 10


def test_the_key_of_before_is_shown_by_nothing_and_made_by_nobody(tmp_path: Path) -> None:
    assert "key" not in repr(OldKey(KEY))
    assert old_key(tmp_path) is None
    assert OldKey(KEY).unseal(seal_as_before("x", "a"), purpose="a") == "x"
    with pytest.raises(CannotUnseal):
        OldKey(KEY).unseal(seal_as_before("x", "a"), purpose="b")
