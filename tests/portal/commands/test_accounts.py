"""`portal accounts new-code`, and the accounts that a register for work does not serve."""

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Account, CodePurpose, Role
from registry.access.one_time_codes import account_of_code
from registry.clock import utc_now
from tests.factories import make_account
from tests.portal.commands.running import Command

KEY = "kR7-wq2ZtB9_mLx4vNc8sPd3JfHg6YaE"
WORK = {"PORTAL_PROFILE": "dengbao3", "PORTAL_SECRET_KEY": KEY, "PORTAL_AUDIT_KEY": KEY[::-1]}


@pytest.fixture
def li(register: Session) -> Account:
    make_account(register, Role.SECADMIN, username="root")
    li = make_account(register, Role.CITY, username="li")
    register.commit()
    return li


@pytest.mark.parametrize("purpose", list(CodePurpose))
def test_whoever_lost_his_password_or_authenticator_is_given_a_code(
    run: Command, register: Session, li: Account, purpose: CodePurpose
) -> None:
    answer = run("accounts", "new-code", "li", "--for", purpose.value, "--as", "root")

    assert answer.exit_code == 0, answer.output
    assert account_of_code(register, answer.output.split()[0], purpose, at=utc_now()) is li


def test_a_code_is_given_out_by_a_system_administrator_only(run: Command, li: Account) -> None:
    assert run(*"accounts new-code li --for password --as demo-city".split()).exit_code == 2


def test_nobody_by_that_name_is_given_a_code(run: Command, li: Account) -> None:
    answer = run(*"accounts new-code no-such-account --for password --as root".split())

    assert answer.exit_code == 2
    assert "No open account" in answer.stderr


def test_a_register_for_work_does_not_serve_accounts_whose_password_is_known(
    run: Command, register: Session
) -> None:
    make_account(register, Role.CITY, username="example", is_example=True)
    register.commit()

    answer = run("serve", "--port", "8765", env=WORK)

    assert answer.exit_code == 2
    assert "accounts of the demonstration" in answer.stderr
