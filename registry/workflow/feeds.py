"""Private calendar addresses: made, ended and found again; the register keeps the hash of a token, never the token.

256 bits of chance need no slow hash, and a look-up by hash takes as long for a wrong token as for a right one.
"""

import hashlib
import secrets
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.models import Position
from registry.access.positions import held
from registry.access.recording import record_of_account
from registry.access.rules import may
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.trail import Trail
from registry.workflow.models import CalendarFeed

TOKEN_BYTES = 32


def make_feed(session: Session, position: Position, *, at: datetime, trail: Trail) -> str:
    """A token, told this once; the one that the position had before is worth nothing any more."""
    _end(session, position, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(CalendarFeed(token_hash=_hash_of(token), made_at=at, position_id=position.id))
    _record(session, position, Deed.CALENDAR_FEED_MAKE, at=at, trail=trail)
    return token


def end_feed(session: Session, position: Position, *, at: datetime, trail: Trail) -> bool:
    """The address is worth nothing any more; whether there was one."""
    if feed_of(session, position) is None:
        return False
    _end(session, position, at=at)
    _record(session, position, Deed.CALENDAR_FEED_END, at=at, trail=trail)
    return True


def feed_of(session: Session, position: Position) -> CalendarFeed | None:
    """The address that holds for a position, where there is one."""
    return session.scalar(sa.select(CalendarFeed).where(*_holding(position.id)))


def reader_of(session: Session, token: str, *, on: date) -> Actor | None:
    """Whose deadlines a token shows; None where it was never given out, was ended, or its position or account was."""
    found = session.scalar(
        sa.select(CalendarFeed)
        .join(Position)
        .where(CalendarFeed.token_hash == _hash_of(token), CalendarFeed.ended_at.is_(None), held(on))
        .options(joinedload(CalendarFeed.position).joinedload(Position.account))
    )
    if found is None:
        return None
    actor = Actor.of(found.position)
    return actor if may(actor, Action.INBOX_SEE) else None


def _holding(position_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return CalendarFeed.position_id == position_id, CalendarFeed.ended_at.is_(None)


def _end(session: Session, position: Position, *, at: datetime) -> None:
    session.execute(sa.update(CalendarFeed).where(*_holding(position.id)).values(ended_at=at))


def _record(session: Session, position: Position, deed: Deed, *, at: datetime, trail: Trail) -> None:
    facts = {"position": position.code, "role": position.role.value}
    record_of_account(session, position.account, deed, Result.DONE, at=at, trail=trail, facts=facts)


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
