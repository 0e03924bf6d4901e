"""Whoever guesses is stopped: five wrong proofs within a quarter of an hour close the door for half an hour.

GB/T 22239-2019, 8.1.4.1 b; security, control 4. Failures are counted under the name *and* the place they come from, so
that a colleague who types my name at his desk locks his own desk. They are counted alike for names that nobody has.
Nobody waits inside a request: an attempt that comes too early is refused unread.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.access.models import Account, FailedAttempts
from registry.access.sources import Source

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8))
"""How long to wait after the first, second … failure."""

LOCKED = "locked"
EARLY = "early"
"""Reasons of entries about attempts that were refused unread."""


@dataclass(frozen=True)
class Limit:
    """So many failures within so long close the door for so long."""

    failures: int
    within: timedelta
    closed_for: timedelta


ONE_NAME = Limit(5, timedelta(minutes=15), timedelta(minutes=30))
ONE_PLACE = Limit(50, timedelta(hours=1), timedelta(hours=1))
KEPT = timedelta(hours=2)


@dataclass(frozen=True)
class Closed:
    """The door is not opened before `until`; `reason` is LOCKED or EARLY."""

    until: datetime
    reason: str


@dataclass(frozen=True)
class Attempt:
    """How knocking ended: whose door opened, or for how long nothing more is read."""

    account: Account | None = None
    closed: Closed | None = None
    was_read: bool = True
    """False where the door was closed already, so that nobody looked at what was typed."""


@dataclass(frozen=True)
class Counters:
    """The two counts that an attempt is held to; their rows stay locked until the transaction ends."""

    of_name: FailedAttempts
    of_place: FailedAttempts

    def closed(self, *, at: datetime) -> Closed | None:
        """Whether the next attempt is refused unread."""
        ends = [
            end
            for end in (
                _locked_until(self.of_name.times, ONE_NAME),
                _locked_until(self.of_place.times, ONE_PLACE),
            )
            if end is not None and end > at
        ]
        if ends:
            return Closed(max(ends), LOCKED)
        early = _early_until(self.of_name.times, at)
        return Closed(early, EARLY) if early is not None and early > at else None

    def note_failure(self, *, at: datetime) -> None:
        """One more wrong proof."""
        for counter, limit in ((self.of_name, ONE_NAME), (self.of_place, ONE_PLACE)):
            times = [] if _is_over(counter.times, limit, at) else counter.times
            counter.times = [*times, at.timestamp()][-limit.failures :]
            counter.last_at = at

    def forget(self) -> None:
        """The right proof wipes out the wrong ones of this name from this place."""
        self.of_name.times = []


def counters_of(session: Session, name: str, source: Source, *, at: datetime) -> Counters:
    """The counts of a name and its place; what is long over is swept away."""
    session.execute(sa.delete(FailedAttempts).where(FailedAttempts.last_at < at - KEPT))
    keys = (_hash_of("place", source.place), _hash_of("name", name, source.place))
    of_place, of_name = (_counter(session, key, at) for key in keys)
    return Counters(of_name, of_place)


def _counter(session: Session, key: str, at: datetime) -> FailedAttempts:
    found = _locked_row(session, key)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(fresh := FailedAttempts(key=key, times=[], last_at=at))
    except IntegrityError:  # another attempt began at the same moment
        other = _locked_row(session, key)
        if other is None:
            raise
        return other
    return fresh


def _locked_row(session: Session, key: str) -> FailedAttempts | None:
    statement = sa.select(FailedAttempts).where(FailedAttempts.key == key)
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def _locked_until(times: Sequence[float], limit: Limit) -> datetime | None:
    if len(times) < limit.failures or times[-1] - times[0] > limit.within.total_seconds():
        return None
    return datetime.fromtimestamp(times[-1], UTC) + limit.closed_for


def _is_over(times: Sequence[float], limit: Limit, at: datetime) -> bool:
    """A lock that has run out is forgotten: the next failure is the first again."""
    until = _locked_until(times, limit)
    return until is not None and until <= at


def _early_until(times: Sequence[float], at: datetime) -> datetime | None:
    recent = [moment for moment in times if at.timestamp() - moment <= ONE_NAME.within.total_seconds()]
    if not recent or _is_over(times, ONE_NAME, at):
        return None
    return datetime.fromtimestamp(recent[-1], UTC) + DELAYS[min(len(recent), len(DELAYS)) - 1]


def _hash_of(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
