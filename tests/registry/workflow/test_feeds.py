"""Calendar addresses hold for a position, until they are ended, replaced, or the position or account is over."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Position, Role
from registry.access.positions import end_position
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import today
from registry.workflow.feeds import end_feed, feed_of, make_feed, reader_of
from registry.workflow.models import CalendarFeed
from tests.factories import HUANGPU, NOW, make_account

TRAIL = Trail(key=b"k" * 32)
DAY = today(NOW)


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, Role.DISTRICT, division_code=HUANGPU)


@pytest.fixture
def position(account: Account) -> Position:
    return account.positions[0]


def test_a_token_leads_to_its_reader(session: Session, position: Position) -> None:
    token = make_feed(session, position, at=NOW, trail=TRAIL)
    assert reader_of(session, token, on=DAY) == Actor.of(position)
    assert len(token) >= 43


def test_the_register_keeps_no_token(session: Session, position: Position) -> None:
    token = make_feed(session, position, at=NOW, trail=TRAIL)
    kept = session.execute(sa.select(CalendarFeed.__table__)).one()
    assert token not in map(str, kept)
    assert all(token not in str(entry.facts) for entry in session.scalars(sa.select(AuditEntry)))


def test_a_new_address_ends_the_one_before(session: Session, position: Position) -> None:
    first, second = (make_feed(session, position, at=NOW, trail=TRAIL) for _ in range(2))
    assert reader_of(session, first, on=DAY) is None
    assert reader_of(session, second, on=DAY) is not None


def test_an_address_is_ended_once(session: Session, position: Position) -> None:
    token = make_feed(session, position, at=NOW, trail=TRAIL)
    assert [end_feed(session, position, at=NOW, trail=TRAIL) for _ in range(2)] == [True, False]
    assert (reader_of(session, token, on=DAY), feed_of(session, position)) == (None, None)
    deeds = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert deeds == ["calendar_feed.make", "calendar_feed.end"]


def test_the_address_ends_with_the_position(session: Session, account: Account, position: Position) -> None:
    token = make_feed(session, position, at=NOW, trail=TRAIL)
    end_position(session, position, on=DAY, at=NOW, trail=TRAIL, by=Actor.of(position), reason="调离")
    assert reader_of(session, token, on=DAY) is None


def test_the_address_ends_with_the_account(session: Session, account: Account, position: Position) -> None:
    token = make_feed(session, position, at=NOW, trail=TRAIL)
    account.is_active = False
    session.flush()
    assert reader_of(session, token, on=DAY) is None


def test_the_address_does_not_hold_before_the_position_begins(session: Session, position: Position) -> None:
    token = make_feed(session, position, at=NOW, trail=TRAIL)
    assert reader_of(session, token, on=position.began_on - timedelta(days=1)) is None


def test_who_has_no_inbox_has_no_calendar(session: Session) -> None:
    position = make_account(session, Role.SYSADMIN).positions[0]
    assert reader_of(session, make_feed(session, position, at=NOW, trail=TRAIL), on=DAY) is None


@pytest.mark.parametrize("token", ["", "x", "\ud800", "0" * 500])
def test_what_was_never_given_out_leads_to_nobody(session: Session, token: str) -> None:
    assert reader_of(session, token, on=DAY) is None
