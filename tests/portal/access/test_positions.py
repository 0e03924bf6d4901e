"""我的岗位: changing the position in place, handing it over, and what a person is refused there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.sessions import STRICTNESS_KEY
from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.access.strictness import DENGBAO3
from registry.clock import today
from tests.factories import HUANGPU, make_account, make_division, make_parameter, make_position
from tests.portal.polite import Polite

SignInAs = Callable[..., Actor]


@pytest.fixture
def officer(session: Session) -> Account:
    """Of a district, with a colleague."""
    for code, name in {"31": "上海市", "3101": "市辖区", HUANGPU: "黄浦区"}.items():
        make_division(session, code, name=name)
    make_parameter(session, "delegation.days", 31)
    make_account(session, Role.DISTRICT, name="孙示例")
    return make_account(session, Role.DISTRICT, name="钱示例")


def test_a_position_is_changed_without_signing_out(
    polite: Polite, sign_in: SignInAs, session: Session, officer: Account
) -> None:
    make_position(session, officer, Role.HEALTH)
    sign_in(account=officer)

    page = polite.submit(polite.get("/me/positions"), button="切换到这个岗位")

    assert "现在的岗位：卫生健康部门" in page.main


def test_a_role_with_a_second_factor_leads_to_the_authenticator_first(
    app: Flask,
    polite: Polite,
    sign_in: SignInAs,
    session: Session,
    officer: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = make_account(session, Role.PROVIDER, name="周示例")
    make_position(session, person, Role.DISTRICT)
    sign_in(account=person)
    monkeypatch.setitem(app.extensions, STRICTNESS_KEY, DENGBAO3)

    page = polite.submit(polite.get("/me/positions"), button="切换到这个岗位")

    assert "请先在下面绑定动态验证码" in page.main


def test_everything_that_is_missing_is_said_at_once_and_what_was_typed_stays(
    polite: Polite, sign_in: SignInAs, officer: Account
) -> None:
    sign_in(account=officer)
    form = polite.get("/me/positions/hand-over")

    page = polite.submit(form, {"原因": "年休假"}, button="授权代办", status=200)

    assert "请填写截止日" in page.main
    assert "请选择授权范围" in page.main
    assert "年休假" in page.html


def test_what_was_handed_over_is_taken_back(polite: Polite, sign_in: SignInAs, officer: Account) -> None:
    sign_in(account=officer)
    typed = {
        "截止日": (today() + timedelta(days=6)).isoformat(),
        "extent": "read",
        "原因": "年休假",
    }
    page = polite.submit(polite.get("/me/positions/hand-over"), typed, button="授权代办")
    assert "已授权孙示例代办" in page.main

    page = polite.submit(page, button="收回")

    assert "孙示例不再代办" in page.main


def test_an_administrator_is_offered_no_handing_over_and_refused_it(
    polite: Polite, sign_in: SignInAs, officer: Account
) -> None:
    sign_in(Role.SECADMIN)

    assert "授权他人代办" not in polite.get("/me/positions").main
    polite.get("/me/positions/hand-over", status=403)
