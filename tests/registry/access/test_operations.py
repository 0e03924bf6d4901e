"""Accounts are opened with a name of their own and a password that nobody can read back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import OneTimeCode, Role
from registry.access.operations import NewAccount, invite_account, open_account, sign_in_account
from registry.access.passwords import hash_password, matches
from registry.access.queries import account_by_username, has_accounts
from registry.access.strictness import DEMO
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from tests.factories import NOW, make_organisation

TRAIL = Trail(b"key of the tests")
PASSWORD = "long-enough-for-a-test"


def opened(session: Session, password: str = PASSWORD, **facts):
    new = NewAccount(
        **({"username": "li", "name": "李示例", "role": Role.CITY, "division_code": "31"} | facts)
    )
    return open_account(session, new, password=password, at=NOW, strictness=DEMO, trail=TRAIL)


def knocked(session: Session, username: str, password: str = PASSWORD):
    return sign_in_account(session, username, password, at=NOW, strictness=DEMO, trail=TRAIL).account


def test_an_opened_account_signs_in(session):
    account = opened(session)

    assert has_accounts(session)
    assert knocked(session, "li") is account
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
        opened(session, password="short")


def test_a_provider_account_without_its_organisation_is_refused(session):
    with pytest.raises(InvalidInput, match="须属于一家单位"):
        opened(session, role=Role.PROVIDER)


def test_a_city_account_belongs_to_no_organisation(session):
    with pytest.raises(InvalidInput, match="须属于一家单位"):
        opened(session, organisation=make_organisation(session))


def test_equal_passwords_are_stored_as_different_texts():
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_what_is_no_hash_matches_nothing():
    assert not matches("!", "!")


def test_a_password_that_somebody_else_chose_is_marked_for_changing(session):
    account = opened(session)

    assert (account.password_is_initial, account.password_set_at) == (True, NOW)


def test_an_invited_account_has_no_password_and_its_code_is_not_in_the_register(session):
    new = NewAccount("li", "李示例", Role.CITY, "31")

    code = invite_account(session, new, at=NOW, trail=TRAIL, by="abc")

    stored = account_by_username(session, "li")
    kept = session.scalars(sa.select(OneTimeCode)).one()
    assert stored is not None
    assert not matches(stored.password_hash, "!")
    assert len(code.replace("-", "")) == 20
    assert code.replace("-", "") not in repr(vars(kept))
    assert kept.holds_until == NOW + timedelta(hours=72)
    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.facts) == (
        "account.open",
        {"one-time code": "password", "given out by": "abc"},
    )
