"""The second factor: enrolling an authenticator, checking its codes, and the codes that stand in when it is lost."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from registry.access.models import Account, RecoveryCode, SecondFactor
from registry.access.recording import record_of_account
from registry.access.secrets import CannotUnseal, OldKey, Sealer
from registry.access.totp import DIGITS, new_secret, step_of
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.trail import Trail
from registry.base import CODE_ALPHABET
from registry.errors import InvalidInput, StepNotOpen
from registry.messages import N_, message
from registry.sealing.fields import SealedValue, declare_sealed
from registry.sealing.providers import Place

SECRET = declare_sealed(SealedValue("second_factor.secret", SecondFactor.secret_sealed))

RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
RECOVERY = "recovery code"

IN_OLD_SEAL = SecondFactor.secret_in_old_seal.is_not(None)

ENROLLED, REMOVED, RENEWED = "enrolled", "removed", "recovery codes renewed"
"""What entries of the trail say was done to a factor."""


@dataclass(frozen=True)
class Offer:
    """A secret that was shown and is not in use yet; `sealed` goes to the page and comes back with the first code."""

    secret: str
    sealed: str


def offer_factor(account: Account, sealer: Sealer) -> Offer:
    """A secret for this account to enter into an authenticator; nothing is written."""
    secret = new_secret()
    return Offer(secret, sealer.seal_text(secret, _offer_to(account)))


def offered(account: Account, sealed: str, sealer: Sealer) -> Offer:
    """The offer that a page brought back; CannotUnseal where it was made to somebody else."""
    return Offer(sealer.open_text(sealed, _offer_to(account)), sealed)


def enrol_factor(
    session: Session,
    account: Account,
    offer: Offer,
    typed: str,
    *,
    at: datetime,
    sealer: Sealer,
    trail: Trail,
) -> list[str]:
    """Puts the offered secret to use in place of an older one; the recovery codes are told this once."""
    step = step_of(offer.secret, plain(typed), at=at)
    if step is None:
        raise InvalidInput(
            "code", message(N_("验证码不正确。请确认手机时间准确，再输入验证器当前显示的6位数字。"))
        )
    _forget(session, account)
    sealed = SECRET.values(sealer.seals, offer.secret, account.code)
    session.add(SecondFactor(account_id=account.id, enrolled_at=at, last_step=step, **sealed))
    codes = _new_recovery_codes(session, account, sealer)
    _record(session, account, ENROLLED, at=at, trail=trail)
    return codes


def renew_recovery_codes(
    session: Session, account: Account, *, at: datetime, sealer: Sealer, trail: Trail
) -> list[str]:
    """Ten new ones; the old ones are worth nothing any more."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = _new_recovery_codes(session, account, sealer)
    _record(session, account, RENEWED, at=at, trail=trail)
    return codes


def remove_factor(session: Session, account: Account, *, at: datetime, trail: Trail) -> None:
    """The account has none any more; where its role needs one, it enrols at the next sign-in.

    StepNotOpen where there was none: the trail tells of nothing that did not happen.
    """
    if not _forget(session, account):
        raise StepNotOpen(message(N_("没有登记验证器，不需要解除。")))
    _record(session, account, REMOVED, at=at, trail=trail)


def factor_of(session: Session, account: Account) -> SecondFactor | None:
    """The authenticator of an account."""
    return session.scalar(sa.select(SecondFactor).where(SecondFactor.account_id == account.id))


def unopened_old_factors(session: Session, key: OldKey | None) -> int:
    """How many secrets the key of before sealed and this one does not open: their codes would not pass."""
    old = sa.select(SecondFactor.code, SecondFactor.secret_in_old_seal).where(IN_OLD_SEAL)
    return sum(not _opens(key, sealed, code) for code, sealed in session.execute(old))


def recovery_codes_left(session: Session, account: Account) -> int:
    """How many were not used yet."""
    unused = sa.select(sa.func.count()).select_from(RecoveryCode).where(_is_unused(account))
    return session.scalar(unused) or 0


def factor_passes(
    session: Session, account: Account, typed: str, *, at: datetime, sealer: Sealer
) -> str | None:
    """What passed: `totp` or `recovery code`; None where neither does. Each code passes once."""
    code = plain(typed)
    if len(code) == DIGITS and code.isascii() and code.isdigit():
        return "totp" if _totp_passes(session, account, code, at=at, sealer=sealer) else None
    return RECOVERY if _recovery_passes(session, account, code, at=at, sealer=sealer) else None


def reseal_old_factors(session: Session, sealer: Sealer) -> int:
    """Seals with the ring what the key of before sealed; gives how many. What does not open stays as it is."""
    old = sa.select(SecondFactor.id, SecondFactor.code, SecondFactor.secret_in_old_seal)
    done = 0
    for key, code, sealed in session.execute(old.where(IN_OLD_SEAL)).all():
        try:
            secret = sealer.open_old(sealed, purpose=_old_purpose(code))
        except CannotUnseal:
            continue
        values = {"secret_in_old_seal": None, **SECRET.values(sealer.seals, secret, code)}
        unchanged = sa.and_(SecondFactor.id == key, SecondFactor.secret_in_old_seal == sealed)
        done += _changed_one(session, sa.update(SecondFactor).where(unchanged).values(values))
    return done


def count_in_old_seal(session: Session) -> int:
    """Secrets that the ring does not seal yet."""
    return session.scalar(sa.select(sa.func.count()).select_from(SecondFactor).where(IN_OLD_SEAL)) or 0


def plain(typed: str) -> str:
    """A code as it is compared: without the blanks and hyphens that make it easy to read."""
    return "".join(typed.split()).replace("-", "").lower()


def _totp_passes(session: Session, account: Account, code: str, *, at: datetime, sealer: Sealer) -> bool:
    secret = _secret_of(session, account, sealer)
    step = step_of(secret, code, at=at) if secret is not None else None
    if step is None:
        return False
    of_account = SecondFactor.account_id == account.id
    later = sa.update(SecondFactor).where(of_account, SecondFactor.last_step < step)
    return _changed_one(session, later.values(last_step=step))  # of two at once, one passes


def _recovery_passes(session: Session, account: Account, code: str, *, at: datetime, sealer: Sealer) -> bool:
    digests = sealer.digests(code, purpose=_recovery_of(account))
    unused = sa.update(RecoveryCode).where(_is_unused(account), RecoveryCode.code_digest.in_(digests))
    return _changed_one(session, unused.values(used_at=at))


def _opens(key: OldKey | None, sealed: str | None, code: str) -> bool:
    try:
        return key is not None and bool(key.unseal(sealed or "", purpose=_old_purpose(code)))
    except CannotUnseal:
        return False


def _changed_one(session: Session, statement: sa.Update) -> bool:
    result = session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1


def _new_recovery_codes(session: Session, account: Account, sealer: Sealer) -> list[str]:
    codes = [
        "".join(secrets.choice(CODE_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)
    ]
    digests = [sealer.digest(code, purpose=_recovery_of(account)) for code in codes]
    session.add_all(RecoveryCode(account_id=account.id, code_digest=digest) for digest in digests)
    session.flush()
    half = RECOVERY_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def _forget(session: Session, account: Account) -> bool:
    """Whether there was one."""
    forgotten = session.execute(sa.delete(SecondFactor).where(SecondFactor.account_id == account.id))
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    return isinstance(forgotten, CursorResult) and forgotten.rowcount > 0


def _is_unused(account: Account) -> sa.ColumnElement[bool]:
    return sa.and_(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))


def _record(session: Session, account: Account, what: str, *, at: datetime, trail: Trail) -> None:
    action = Action.SIGN_IN_KEEP
    record_of_account(
        session, account, action, Result.DONE, at=at, trail=trail, facts={"second factor": what}
    )


def _secret_of(session: Session, account: Account, sealer: Sealer) -> str | None:
    """In either seal; CannotUnseal or SealBroken where it does not open."""
    columns = sa.select(SecondFactor.secret_sealed, SecondFactor.secret_in_old_seal)
    found = session.execute(columns.where(SecondFactor.account_id == account.id)).one_or_none()
    if found is None:
        return None
    if found.secret_sealed is not None:
        return SECRET.opened(sealer.seals, found.secret_sealed, account.code)
    return sealer.open_old(found.secret_in_old_seal, purpose=_old_purpose(account.code))


def _offer_to(account: Account) -> Place:
    return Place(SecondFactor.__tablename__, "offer", account.code)


def _old_purpose(account_code: str) -> str:
    return f"second factor of {account_code}"


def _recovery_of(account: Account) -> str:
    return f"recovery code of {account.code}"
