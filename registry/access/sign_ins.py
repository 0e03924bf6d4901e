"""Stays of an account: begun at the door, ended by signing out or by the clock."""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.models import Account, SignIn

LONGEST_STAY = timedelta(hours=12)
"""From signing in, whatever is done meanwhile (security, control 6)."""


def begin_sign_in(session: Session, account: Account, *, at: datetime) -> str:
    """The token for the browser; rows of stays that are over by the clock are swept away."""
    over = sa.delete(SignIn).where(SignIn.account_id == account.id, SignIn.began_at <= at - LONGEST_STAY)
    session.execute(over)
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=_hash_of(token), account_id=account.id, began_at=at))
    session.flush()
    return token


def end_sign_in(session: Session, token: str, *, at: datetime) -> None:
    """From here on the token is worth nothing, wherever it was copied to."""
    this = SignIn.token_hash == _hash_of(token)
    session.execute(sa.update(SignIn).where(this, SignIn.ended_at.is_(None)).values(ended_at=at))


def signed_in_account(session: Session, token: str, *, at: datetime) -> Account | None:
    """Whose stay it is, with the organisation, which every page names; None where it is over."""
    return session.scalar(_OF_TOKEN, {"token_hash": _hash_of(token), "since": at - LONGEST_STAY})


_OF_TOKEN = (
    sa.select(Account)
    .join(SignIn, SignIn.account_id == Account.id)
    .where(SignIn.token_hash == sa.bindparam("token_hash"), SignIn.ended_at.is_(None))
    .where(SignIn.began_at > sa.bindparam("since", type_=SignIn.__table__.c.began_at.type))
    .options(joinedload(Account.organisation))
)
"""Put together once: every page asks it."""


def stay_of(token: str) -> str:
    """What stands for one stay wherever something is kept for it alone."""
    return _hash_of(token)


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
