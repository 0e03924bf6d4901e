"""Stays of an account: begun at the door, ended by signing out, from another browser, or by the clock."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.models import Account, Delegation, Position, SecondFactor, SignIn
from registry.access.password_rules import must_be_changed
from registry.access.sources import NOWHERE, Source
from registry.access.strictness import DENGBAO3, Strictness
from registry.clock import today

LONGEST_STAY = DENGBAO3.stay.longest
"""From signing in, whatever is done meanwhile (security, control 6)."""

LONGEST_ARRIVAL = timedelta(minutes=15)
"""Between the password and whatever else is owed at the door."""

NOTED_EVERY = timedelta(minutes=1)
"""A stay is not written for each request."""

DRAFT_KEPT = timedelta(days=1)
"""So long after its end a stay still says whose it was, and whoever comes back goes on with what he typed."""


class Owed(StrEnum):
    """What is still to be done before anything else."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105  # a step, not a password
    FACTOR = "factor"


@dataclass(frozen=True)
class Stay:
    """A stay that holds, and whose it is."""

    sign_in: SignIn
    account: Account
    position: Position
    delegation: Delegation | None
    has_factor: bool

    def owes(self, strictness: Strictness, *, at: datetime) -> Owed | None:
        """The next thing that the door still asks for; nothing once the person has entered."""
        if self.sign_in.entered_at is not None:
            return None
        if self.has_factor and self.sign_in.factor_at is None:
            return Owed.CODE
        if must_be_changed(self.account, strictness, at=at):
            return Owed.PASSWORD
        if self.has_factor or not strictness.factor_required_of:
            return None
        is_required = strictness.requires_factor(self.account.roles_on(today(at)))
        return Owed.FACTOR if is_required else None

    def is_fresh(self, strictness: Strictness, *, at: datetime) -> bool:
        """Whether the last proof is recent enough for a sensitive act."""
        fresh_for = strictness.stay.fresh_for
        return fresh_for is None or at - self.sign_in.proved_at <= fresh_for


def begin_sign_in(session: Session, account: Account, *, at: datetime, source: Source = NOWHERE) -> str:
    """The token for the browser; rows of stays that nobody can use or come back to are swept away.

    The person begins in the position in which he acted last.
    """
    over = sa.delete(SignIn).where(
        SignIn.account_id == account.id, SignIn.began_at <= at - LONGEST_STAY - DRAFT_KEPT
    )
    session.execute(over)
    token = secrets.token_urlsafe(32)
    stay = SignIn(
        token_hash=_hash_of(token),
        account_id=account.id,
        position_id=_position_to_begin_in(session, account, at=at).id,
        began_at=at,
        proved_at=at,
        last_seen_at=at,
        address=source.address,
        browser=source.browser,
    )
    session.add(stay)
    session.flush()
    return token


def enter(session: Session, stay: Stay, strictness: Strictness, *, at: datetime) -> None:
    """Nothing is owed any more; of the stays of this account only the newest so many go on."""
    stay.sign_in.entered_at = at
    session.flush()
    others = _open_of(stay.account).where(SignIn.id != stay.sign_in.id, SignIn.entered_at.is_not(None))
    room = strictness.stay.at_once_of(stay.position.role) - 1
    too_many = list(session.scalars(others.order_by(SignIn.began_at.desc(), SignIn.id.desc()).offset(room)))
    for other in too_many:
        other.ended_at = at


def renew_token(stay: Stay) -> str:
    """Another token for the same stay, after each proof: one that was planted or copied before is worth nothing."""
    token = secrets.token_urlsafe(32)
    stay.sign_in.token_hash = _hash_of(token)
    return token


def prove(stay: Stay, *, at: datetime, with_factor: bool) -> None:
    """The person proved once more who he is."""
    stay.sign_in.proved_at = stay.sign_in.last_seen_at = at
    if with_factor:
        stay.sign_in.factor_at = at


def end_sign_in(session: Session, token: str, *, at: datetime) -> None:
    """From here on the token is worth nothing, wherever it was copied to."""
    this = SignIn.token_hash == _hash_of(token)
    session.execute(sa.update(SignIn).where(this, SignIn.ended_at.is_(None)).values(ended_at=at))


def end_own(session: Session, account: Account, code: str, *, at: datetime) -> bool:
    """Ends one stay of the account, wherever its browser is; nothing where it is not his or over already."""
    found = session.scalar(_open_of(account).where(SignIn.code == code))
    if found is None:
        return False
    found.ended_at = at
    return True


def end_all(session: Session, account: Account, *, at: datetime, but: SignIn | None = None) -> int:
    """Ends every stay of the account, but for the one that asks; how many there were."""
    ended = [stay for stay in session.scalars(_open_of(account)) if but is None or stay.id != but.id]
    for stay in ended:
        stay.ended_at = at
    session.flush()
    return len(ended)


def find_stay(session: Session, token: str, strictness: Strictness, *, at: datetime) -> Stay | None:
    """Whose stay it is, with the organisation, which every page names; None where it is over."""
    found = session.execute(_OF_TOKEN, {"token_hash": _hash_of(token)}).one_or_none()
    if found is None:
        return None
    sign_in, account, position, delegation, factor_id = found
    if not position.is_held_on(today(at)) or not _holds(sign_in, position, strictness, at):
        return None
    standing_in = delegation if delegation is not None and delegation.holds_on(today(at)) else None
    return Stay(sign_in, account, position, standing_in, factor_id is not None)


def whose_stay(session: Session, token: str, *, at: datetime) -> Account | None:
    """Whose stay it was, also when the clock has ended it; None where its owner ended it or that is long ago."""
    found = session.execute(_OF_TOKEN, {"token_hash": _hash_of(token)}).one_or_none()
    if found is None or found[0].began_at <= at - LONGEST_STAY - DRAFT_KEPT:
        return None
    account: Account = found[1]
    return account


def open_stays(session: Session, account: Account, strictness: Strictness, *, at: datetime) -> list[SignIn]:
    """The stays of an account that hold now, the newest first."""
    found = session.execute(
        _open_of(account)
        .join(Position, SignIn.position_id == Position.id)
        .add_columns(Position)
        .order_by(SignIn.began_at.desc(), SignIn.id.desc())
    )
    return [stay for stay, position in found if stay.entered_at and _holds(stay, position, strictness, at)]


def note_presence(session: Session, sign_in_id: int, *, at: datetime) -> None:
    """Somebody is still there."""
    session.execute(sa.update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=at))


def take_up(stay: Stay, position: Position, delegation: Delegation | None = None) -> None:
    """The person goes on in another of his positions, or in the one that was handed over to him."""
    stay.sign_in.position_id = position.id
    stay.sign_in.delegation_id = delegation.id if delegation is not None else None


def end_those_in(session: Session, position: Position, *, at: datetime) -> int:
    """Ends every stay in a position; how many there were."""
    open_ones = sa.select(SignIn).where(SignIn.position_id == position.id, SignIn.ended_at.is_(None))
    ended = list(session.scalars(open_ones))
    for stay in ended:
        stay.ended_at = at
    session.flush()
    return len(ended)


def end_those_standing_in(session: Session, delegation: Delegation) -> None:
    """Whoever acts on the delegation is back in his own position."""
    on_it = sa.update(SignIn).where(SignIn.delegation_id == delegation.id)
    session.execute(on_it.values(delegation_id=None))


def _position_to_begin_in(session: Session, account: Account, *, at: datetime) -> Position:
    held = account.positions_on(today(at))
    before = sa.select(SignIn.position_id).where(SignIn.account_id == account.id)
    last = session.scalar(before.order_by(SignIn.began_at.desc(), SignIn.id.desc()).limit(1))
    return next((position for position in held if position.id == last), held[0])


def _holds(sign_in: SignIn, position: Position, strictness: Strictness, at: datetime) -> bool:
    rules = strictness.stay
    longest = LONGEST_ARRIVAL if sign_in.entered_at is None else rules.longest
    return at - sign_in.began_at < longest and at - sign_in.last_seen_at < rules.idle_of(position.role)


def _open_of(account: Account) -> sa.Select[SignIn]:
    return sa.select(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))


_OF_TOKEN = (
    sa.select(SignIn, Account, Position, Delegation, SecondFactor.id)
    .join(Account, SignIn.account_id == Account.id)
    .join(Position, SignIn.position_id == Position.id)
    .outerjoin(Delegation, SignIn.delegation_id == Delegation.id)
    .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
    .where(SignIn.token_hash == sa.bindparam("token_hash"), SignIn.ended_at.is_(None))
    .options(
        joinedload(Position.organisation),
        joinedload(Delegation.position).joinedload(Position.account),
        joinedload(Delegation.position).joinedload(Position.organisation),
    )
)
"""Put together once: every page asks it."""


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
