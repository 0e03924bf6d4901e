"""One-time codes: the invitation to choose a password, and the permission to replace a lost authenticator.

A code goes from hand to hand, as a link or read out over the telephone; the register keeps its hash. 99 bits of chance
need no slow hash.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, joinedload

from registry.access.changing_password import set_password
from registry.access.factors import plain, remove_factor
from registry.access.locking import Attempt, counters_of
from registry.access.models import Account, CodePurpose, OneTimeCode
from registry.access.recording import record_of_account
from registry.access.sign_ins import end_all
from registry.access.sources import Source
from registry.access.strictness import Strictness
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.trail import Trail
from registry.base import CODE_ALPHABET
from registry.errors import NotVisible

HOLDS = timedelta(hours=72)
LENGTH = 20
GROUP = 4
WRONG_CODE = "wrong one-time code"


def issue_code(
    session: Session, account: Account, purpose: CodePurpose, *, at: datetime, trail: Trail, by: str = ""
) -> str:
    """A code in groups of four, told this once; those for the same purpose before it are worth nothing any more.

    `by` is the code of the account that gives it out, for the trail.
    """
    _void(session, account, purpose, at=at)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(LENGTH))
    session.add(
        OneTimeCode(
            code_hash=_hash_of(code),
            purpose=purpose,
            made_at=at,
            holds_until=at + HOLDS,
            account_id=account.id,
        )
    )
    facts = {"one-time code": purpose.value, "given out by": by}
    record_of_account(session, account, Action.ACCOUNT_OPEN, Result.DONE, at=at, trail=trail, facts=facts)
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def account_of_code(session: Session, typed: str, purpose: CodePurpose, *, at: datetime) -> Account | None:
    """Whom a code lets in; None where it is unknown, used, over, or of a closed account."""
    found = session.scalar(
        sa.select(OneTimeCode)
        .where(OneTimeCode.code_hash == _hash_of(plain(typed)), OneTimeCode.purpose == purpose)
        .where(OneTimeCode.used_at.is_(None), OneTimeCode.holds_until > at)
        .options(joinedload(OneTimeCode.account))
    )
    return found.account if found is not None and found.account.is_active else None


def try_code(
    session: Session,
    typed: str,
    purpose: CodePurpose,
    *,
    at: datetime,
    trail: Trail,
    source: Source,
    account: Account | None = None,
) -> Attempt:
    """Whom the code lets in, who must be `account` where that is given; the code is not used up yet.

    Guessing is stopped as at the door, and each refusal leaves an entry.
    """
    counters = counters_of(session, f"code {account.username if account else plain(typed)}", source, at=at)
    closed = counters.closed(at=at)
    found = None if closed else account_of_code(session, typed, purpose, at=at)
    if found is not None and account in (None, found):
        counters.forget()
        return Attempt(found)
    if closed is None:
        counters.note_failure(at=at)
    record_of_account(
        session,
        account,
        Action.SIGN_IN_KEEP,
        Result.REFUSED,
        at=at,
        trail=trail,
        reason=closed.reason if closed else WRONG_CODE,
        facts=source.facts,
    )
    return Attempt(closed=closed or counters.closed(at=at), was_read=closed is None)


def accept_invitation(
    session: Session,
    typed: str,
    password: str,
    *,
    at: datetime,
    strictness: Strictness,
    trail: Trail,
    places: Iterable[str] = (),
) -> Account:
    """The invited person chooses his password, and the code is used up; NotVisible where it does not hold."""
    account = account_of_code(session, typed, CodePurpose.PASSWORD, at=at)
    if account is None:
        raise NotVisible
    set_password(session, account, password, at=at, strictness=strictness, trail=trail, places=places)
    _use_up(session, typed, at=at)
    return account


def replace_factor(session: Session, account: Account, typed: str, *, at: datetime, trail: Trail) -> None:
    """Takes the authenticator away from the account whose code it is, and ends its stays."""
    if account_of_code(session, typed, CodePurpose.FACTOR, at=at) is not account:
        raise NotVisible
    _use_up(session, typed, at=at)
    remove_factor(session, account, at=at, trail=trail)
    end_all(session, account, at=at)


def _use_up(session: Session, typed: str, *, at: datetime) -> None:
    """NotVisible where somebody else was quicker."""
    unused = sa.update(OneTimeCode).where(
        OneTimeCode.code_hash == _hash_of(plain(typed)), OneTimeCode.used_at.is_(None)
    )
    result = session.execute(unused.values(used_at=at))
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise NotVisible


def _void(session: Session, account: Account, purpose: CodePurpose, *, at: datetime) -> None:
    of_account = sa.update(OneTimeCode).where(
        OneTimeCode.account_id == account.id, OneTimeCode.purpose == purpose, OneTimeCode.used_at.is_(None)
    )
    session.execute(of_account.values(used_at=at))


def _hash_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
