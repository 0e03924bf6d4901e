"""Accounts are opened with a name of their own and a password that nobody can read back."""

import time
from statistics import median

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.operations import NewAccount, open_account, sign_in_account
from registry.access.passwords import hash_password, matches
from registry.access.queries import account_by_username, has_accounts
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from tests.factories import NOW, make_account, make_organisation

TRAIL = Trail(b"key of the tests")
PASSWORD = "long-enough-for-a-test"


def opened(session: Session, **facts):
    new = NewAccount(
        **({"username": "li", "name": "李示例", "role": Role.CITY, "division_code": "31"} | facts)
    )
    return open_account(session, new, password=PASSWORD, at=NOW, trail=TRAIL)


def test_an_opened_account_signs_in(session):
    account = opened(session)

    assert has_accounts(session)
    assert sign_in_account(session, "li", PASSWORD, at=NOW, trail=TRAIL) is account
    assert account.signed_in_at == NOW


def test_the_password_is_not_in_the_register(session):
    opened(session)

    stored = account_by_username(session, "li")

    assert stored is not None
    assert stored.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in stored.password_hash


def test_a_taken_name_is_refused(session):
    opened(session)

    with pytest.raises(InvalidInput, match="已被使用") as refusal:
        opened(session)

    assert refusal.value.field == "username"


@pytest.mark.parametrize("username", ["", " li", "li ", "li\0", "l" * 81])
def test_a_name_that_nobody_could_sign_in_with_is_refused(session, username):
    with pytest.raises(InvalidInput, match="1至80个字符"):
        opened(session, username=username)


def test_a_short_password_is_refused(session):
    with pytest.raises(InvalidInput, match="至少需要 10 位"):
        open_account(session, NewAccount("li", "李", Role.CITY, "31"), password="short", at=NOW, trail=TRAIL)


def test_a_provider_account_without_its_organisation_is_refused(session):
    with pytest.raises(InvalidInput, match="须属于一家机构"):
        opened(session, role=Role.PROVIDER)


def test_a_city_account_belongs_to_no_organisation(session):
    with pytest.raises(InvalidInput, match="须属于一家机构"):
        opened(session, organisation=make_organisation(session))


def test_equal_passwords_are_stored_as_different_texts():
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_what_is_no_hash_matches_nothing():
    assert not matches("!", "!")


def test_an_unknown_name_takes_as_long_as_a_wrong_password(session):
    make_account(session, Role.CITY, username="li", password_hash=hash_password(PASSWORD))
    matches(None, "warm up")

    known = median(duration_of(session, "li") for _ in range(5))
    unknown = median(duration_of(session, "nobody") for _ in range(5))

    assert known / 2 < unknown < known * 2


def duration_of(session: Session, username: str) -> float:
    began = time.process_time()  # other work on the machine does not count
    assert sign_in_account(session, username, "wrong", at=NOW, trail=TRAIL) is None
    return time.process_time() - began
