"""Guessing: five wrong passwords in a quarter of an hour close the door for half an hour, there and nowhere else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.locking import EARLY, LOCKED, Attempt, Closed
from registry.access.models import FailedAttempts, Role
from registry.access.operations import sign_in_account
from registry.access.passwords import hash_password
from registry.access.sources import Source
from registry.access.strictness import DENGBAO3
from registry.audit.trail import Trail
from tests.factories import NOW, make_account

TRAIL = Trail(b"key of the tests")
PASSWORD = "long-enough-for-a-test"
DESK, ELSEWHERE = Source("10.0.0.1"), Source("10.0.0.2")
APART = 1 / 6
"""Minutes between two attempts: longer than any wait."""


@pytest.fixture(autouse=True)
def _li(session: Session) -> None:
    make_account(
        session,
        Role.CITY,
        username="li",
        password_hash=hash_password(PASSWORD),
        password_set_at=NOW,
    )


def knock(
    session: Session, password: str, *, minutes: float = 0, name: str = "li", source: Source = DESK
) -> Attempt:
    at = NOW + timedelta(minutes=minutes)
    return sign_in_account(session, name, password, at=at, strictness=DENGBAO3, trail=TRAIL, source=source)


def knocks(session: Session, password: str, **facts) -> bool:
    return knock(session, password, **facts).account is not None


def fail(session: Session, times: int, *, minutes: float = 0, **facts) -> None:
    for number in range(times):
        assert not knocks(session, "wrong", minutes=minutes + number * APART, **facts)


def test_the_sixth_password_is_refused_even_when_it_is_right_and_says_until_when(session: Session) -> None:
    fail(session, 5)

    attempt = knock(session, PASSWORD, minutes=2)

    assert attempt == Attempt(None, Closed(NOW + timedelta(minutes=30 + 4 * APART), LOCKED), was_read=False)


def test_the_fifth_password_opens(session: Session) -> None:
    fail(session, 4)

    assert knocks(session, PASSWORD, minutes=1)


def test_the_door_opens_half_an_hour_after_the_fifth(session: Session) -> None:
    fail(session, 5)

    assert not knocks(session, PASSWORD, minutes=30)
    assert knocks(session, PASSWORD, minutes=31)


def test_knocking_at_a_closed_door_does_not_keep_it_closed(session: Session) -> None:
    fail(session, 5)
    fail(session, 20, minutes=20)

    assert knocks(session, PASSWORD, minutes=31)


def test_after_a_lock_the_count_begins_anew(session: Session) -> None:
    fail(session, 5)
    fail(session, 4, minutes=31)

    assert knocks(session, PASSWORD, minutes=32)


def test_a_right_password_wipes_out_the_wrong_ones_before_it(session: Session) -> None:
    fail(session, 4)
    assert knocks(session, PASSWORD, minutes=1)
    fail(session, 4, minutes=2)

    assert knocks(session, PASSWORD, minutes=3)


def test_wrong_passwords_far_from_each_other_are_slips(session: Session) -> None:
    for minutes in range(0, 50, 10):
        fail(session, 1, minutes=minutes)

    assert knocks(session, PASSWORD, minutes=41)


def test_the_fifteen_minutes_slide(session: Session) -> None:
    fail(session, 1)
    fail(session, 3, minutes=14)
    fail(session, 1, minutes=15.5)

    assert knock(session, PASSWORD, minutes=16).account is not None
    fail(session, 5, minutes=17)
    assert not knocks(session, PASSWORD, minutes=18)


def test_one_account_does_not_lock_another(session: Session) -> None:
    make_account(
        session, Role.CITY, username="wang", password_hash=hash_password(PASSWORD), password_set_at=NOW
    )
    fail(session, 5)

    assert knocks(session, PASSWORD, name="wang", minutes=1)


def test_whoever_types_my_name_elsewhere_locks_himself_and_not_me(session: Session) -> None:
    fail(session, 5, source=ELSEWHERE)

    assert not knocks(session, PASSWORD, minutes=1, source=ELSEWHERE)
    assert knocks(session, PASSWORD, minutes=1)


def test_a_known_device_is_counted_apart_from_its_address(session: Session) -> None:
    fail(session, 5)

    assert knocks(session, PASSWORD, minutes=1, source=Source(DESK.address, device="mine"))


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8)])
def test_after_each_failure_the_wait_doubles(session: Session, failures: int, seconds: int) -> None:
    fail(session, failures)
    last = (failures - 1) * APART

    early = knock(session, PASSWORD, minutes=last + (seconds - 0.5) / 60)

    assert early.closed is not None
    assert (early.closed.reason, early.was_read) == (EARLY, False)
    assert knocks(session, PASSWORD, minutes=last + seconds / 60)


def test_a_name_that_nobody_has_is_counted_in_the_same_way(session: Session) -> None:
    fail(session, 5, name="nobody")

    assert knock(session, "wrong", minutes=1, name="nobody").closed == Closed(
        NOW + timedelta(minutes=30 + 4 * APART), LOCKED
    )


def test_fifty_failures_from_one_place_within_an_hour_close_it_for_an_hour(session: Session) -> None:
    for number in range(50):
        assert not knocks(session, "wrong", name=f"nobody-{number}", minutes=number)

    assert knock(session, PASSWORD, minutes=50).closed == Closed(NOW + timedelta(minutes=49 + 60), LOCKED)
    assert knocks(session, PASSWORD, minutes=50, source=ELSEWHERE)


def test_neither_names_nor_addresses_are_kept_with_the_counts_and_old_counts_go(session: Session) -> None:
    fail(session, 1, name="my-secret-in-the-wrong-box")
    rows = session.execute(sa.text("SELECT * FROM failed_attempts")).all()
    assert len(rows) == 2
    assert "my-secret" not in repr(rows)
    assert DESK.address not in repr(rows)

    knocks(session, PASSWORD, minutes=121)

    assert session.scalars(sa.select(FailedAttempts.times)).all() == [[], []]
