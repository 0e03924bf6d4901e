"""Guessing passwords: five wrong ones in a quarter of an hour close the door for half an hour."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.operations import sign_in_account
from registry.access.passwords import hash_password
from registry.audit.trail import Trail
from tests.factories import NOW, make_account

TRAIL = Trail(b"key of the tests")
PASSWORD = "long-enough-for-a-test"


@pytest.fixture(autouse=True)
def _li(session: Session) -> None:
    make_account(session, Role.CITY, username="li", password_hash=hash_password(PASSWORD))


def knocks(session: Session, password: str, *, minutes: float = 0, name: str = "li") -> bool:
    at = NOW + timedelta(minutes=minutes)
    return sign_in_account(session, name, password, at=at, trail=TRAIL) is not None


def fail(session: Session, times: int, *, minutes: float = 0) -> None:
    for _ in range(times):
        assert not knocks(session, "wrong", minutes=minutes)


def test_the_sixth_password_is_refused_even_when_it_is_right(session: Session) -> None:
    fail(session, 5)

    assert not knocks(session, PASSWORD, minutes=1)


def test_the_fifth_password_opens(session: Session) -> None:
    fail(session, 4)

    assert knocks(session, PASSWORD)


def test_the_door_opens_half_an_hour_after_the_fifth(session: Session) -> None:
    fail(session, 5)

    assert not knocks(session, PASSWORD, minutes=29.9)
    assert knocks(session, PASSWORD, minutes=30)


def test_knocking_at_a_closed_door_does_not_keep_it_closed(session: Session) -> None:
    fail(session, 5)
    fail(session, 20, minutes=20)

    assert knocks(session, PASSWORD, minutes=30)


def test_a_right_password_wipes_out_the_wrong_ones_before_it(session: Session) -> None:
    fail(session, 4)
    assert knocks(session, PASSWORD)
    fail(session, 4)

    assert knocks(session, PASSWORD)


def test_wrong_passwords_far_from_each_other_are_slips(session: Session) -> None:
    for minutes in range(0, 50, 10):
        fail(session, 1, minutes=minutes)

    assert knocks(session, PASSWORD, minutes=41)


def test_one_account_does_not_lock_another(session: Session) -> None:
    make_account(session, Role.CITY, username="wang", password_hash=hash_password(PASSWORD))
    fail(session, 5)

    assert knocks(session, PASSWORD, name="wang")
