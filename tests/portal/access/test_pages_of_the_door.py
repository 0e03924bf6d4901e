"""The pages of the door and of everybody's own sign-ins: in good order, in both languages, from one to the next."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.sessions import STRICTNESS_KEY, current_sealer
from registry.access.factors import enrol_factor, offer_factor
from registry.access.models import Account, CodePurpose, FailedAttempts, Role, SecondFactor, SignIn
from registry.access.one_time_codes import issue_code
from registry.access.passwords import hash_password
from registry.access.strictness import DENGBAO3, Strictness
from registry.access.totp import code_of, step_at
from registry.audit.trail import Trail
from registry.clock import utc_now
from tests.factories import make_account
from tests.html_validation import HtmlValidator
from tests.portal.pages import Page, text_of
from tests.portal.polite import Polite

PASSWORD, NEW = "Kx9#mQ2!vTz7", "Wq8!nBt5&hYd"
TRAIL = Trail(b"key of the tests")
LONG_AGO = timedelta(minutes=11)


@pytest.fixture
def strictness(app: Flask) -> Iterator[Strictness]:
    """The rules of work over the demonstration's plain cookies."""
    usual = app.extensions[STRICTNESS_KEY]
    app.extensions[STRICTNESS_KEY] = DENGBAO3
    yield DENGBAO3
    app.extensions[STRICTNESS_KEY] = usual


@pytest.fixture
def li(session: Session, strictness: Strictness) -> Account:
    account = make_account(
        session,
        Role.CITY,
        username="li",
        name="李示例",
        password_hash=hash_password(PASSWORD),
        password_set_at=utc_now(),
    )
    session.commit()
    return account


@pytest.fixture
def secret(app: Flask, li: Account, session: Session) -> str:
    """Of the authenticator that 李示例 enrolled five minutes ago."""
    offer, at = offer_factor(li, sealer := sealer_of(app)), utc_now() - timedelta(minutes=5)
    code = code_of(offer.secret, step_at(at))
    enrol_factor(session, li, offer, code, at=at, sealer=sealer, trail=TRAIL)
    session.commit()
    return offer.secret


def sealer_of(app: Flask):
    with app.app_context():
        return current_sealer()


def now_of(secret: str) -> str:
    return code_of(secret, step_at(utc_now()))


def knocked(polite: Polite) -> Page:
    """The page that the door leads to after the password."""
    page = polite.get("/sign-in")
    polite.client.post(page.url, data={"username": "li", "password": PASSWORD, "csrf_token": token_of(page)})
    return polite.follow_redirect("/")


def entered(polite: Polite, secret: str, session: Session) -> None:
    assert polite.submit(knocked(polite), {"动态验证码": now_of(secret)}).heading == "工作台"
    session.execute(sa.update(SecondFactor).values(last_step=0))
    session.commit()


def token_of(page: Page) -> str:
    return next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")


def test_a_first_password_is_changed_and_an_authenticator_enrolled(
    polite: Polite, li: Account, session: Session, html_validator: HtmlValidator
) -> None:
    li.password_is_initial = True
    session.commit()

    page = knocked(polite)
    assert page.heading == "请先修改密码"
    refused = polite.submit(page, {"新密码": "Password2026!", "再次输入新密码": "Password2026!"}, status=200)
    assert refused.errors[0].startswith("密码容易被猜到")
    assert html_validator.faults(refused.html) == []
    answer = polite.post(page.url, {"password": NEW, "again": NEW})
    page = polite.follow_redirect(answer.response.headers["Location"])
    assert page.heading == "绑定验证器"
    assert html_validator.faults(page.html) == []
    key = next(text_of(code) for code in page.all("code")).replace(" ", "")
    wrong = polite.submit(page, {"动态验证码": "000000"}, status=200)
    assert key in wrong.html.replace(" ", "")
    codes = polite.submit(page, {"动态验证码": now_of(key)}, status=200)
    assert codes.heading == "保存恢复码"
    assert html_validator.faults(codes.html) == []

    assert polite.follow(codes, "已保存，继续").heading == "工作台"


def test_the_code_is_asked_and_a_lost_authenticator_replaced(
    polite: Polite, li: Account, secret: str, session: Session, html_validator: HtmlValidator
) -> None:
    page = knocked(polite)
    assert page.heading == "动态验证码"
    assert polite.submit(page, button="退出登录").heading == "登录"
    page = knocked(polite)
    assert html_validator.faults(page.html) == []
    lost = polite.follow(page, "验证器和恢复码都已丢失")
    assert polite.submit(lost, {"一次性代码": "abcd"}, status=200).errors == [
        "一次性代码不正确、已使用或已过期。请向安全管理员重新索取。"
    ]
    code = issue_code(session, li, CodePurpose.FACTOR, at=utc_now(), trail=TRAIL)
    session.execute(sa.delete(FailedAttempts))
    session.commit()

    page = polite.submit(lost, {"一次性代码": code})

    assert page.heading == "登录"
    assert "原验证器已解除" in page.text
    assert knocked(polite).heading == "绑定验证器"


def test_everybody_sees_and_ends_his_own_sign_ins(
    polite: Polite, li: Account, secret: str, session: Session, html_validator: HtmlValidator
) -> None:
    entered(polite, secret, session)
    page = polite.follow(polite.get("/"), "我的登录")
    assert [row[2:] for row in page.rows] == [["127.0.0.1", "--", "◐本次登录"]]
    assert html_validator.faults(page.html) == []

    assert (
        "已结束其他 0 处登录。"
        in polite.get(polite.post("/me/sign-ins/end-others", {}).response.headers["Location"]).text
    )
    assert polite.submit(page, button="结束所有登录并退出").heading == "登录"
    assert polite.client.get("/").status_code == 303


def test_the_own_password_is_changed_with_the_one_in_force(
    polite: Polite, li: Account, secret: str, session: Session
) -> None:
    entered(polite, secret, session)
    page = polite.follow(polite.get("/me/sign-ins"), "修改密码")
    typed = {"新密码": NEW, "再次输入新密码": NEW}

    assert polite.submit(page, {"当前密码": "wrong", **typed}, status=200).errors == [
        "当前密码不正确，请重新输入。"
    ]
    assert polite.submit(page, {"当前密码": PASSWORD, **typed}, status=200).errors == [
        "上次输入有误，请等待 1 秒后再试。"
    ]


def test_authenticator_and_recovery_codes_are_replaced(
    polite: Polite, li: Account, secret: str, session: Session
) -> None:
    entered(polite, secret, session)
    own = polite.get("/me/sign-ins")

    codes = polite.submit(polite.follow(own, "更换恢复码"), status=200)
    assert codes.heading == "保存恢复码"
    page = polite.follow(own, "更换验证器")
    key = next(text_of(code) for code in page.all("code")).replace(" ", "")
    assert key != secret
    assert polite.submit(page, {"动态验证码": now_of(key)}, status=200).heading == "保存恢复码"

    assert polite.post("/me/factor/remove", {}, status=403).heading == "您不能执行此操作"


def test_a_sensitive_act_asks_once_more_on_a_page_of_its_own(
    polite: Polite, li: Account, secret: str, session: Session, html_validator: HtmlValidator
) -> None:
    entered(polite, secret, session)
    session.execute(sa.update(SignIn).values(proved_at=utc_now() - LONG_AGO))
    session.commit()
    page = polite.submit(polite.get("/me/recovery-codes"), status=401)
    assert page.heading == "请确认是您本人"
    assert html_validator.faults(page.html) == []

    assert polite.submit(page, {"动态验证码": now_of(secret)}, status=200).heading == "保存恢复码"


def test_a_stay_that_is_over_is_taken_up_with_password_and_code(
    polite: Polite, li: Account, secret: str, session: Session
) -> None:
    entered(polite, secret, session)
    page = polite.get("/me/recovery-codes")
    session.execute(sa.update(SignIn).values(last_seen_at=utc_now() - timedelta(hours=1)))
    session.commit()
    page = polite.submit(page, status=401)
    assert page.heading == "请重新登录"

    answer = polite.submit(page, {"登录密码": PASSWORD, "动态验证码": now_of(secret)}, status=200)

    assert answer.heading == "保存恢复码"


def test_an_invitation_is_accepted(polite: Polite, li: Account, session: Session) -> None:
    code = issue_code(session, li, CodePurpose.PASSWORD, at=utc_now(), trail=TRAIL)
    session.commit()
    page = polite.get(f"/invitation?code={code}")
    typed = {"新密码": NEW, "再次输入新密码": NEW}
    assert polite.submit(page, {**typed, "一次性代码": ""}, status=200).errors == ["请填写一次性代码。"]

    polite.submit(page, typed | {"再次输入新密码": "other"}, status=200)
    answer = polite.client.post(
        page.url, data={"csrf_token": token_of(page), "code": code, "password": NEW, "again": NEW}
    )

    assert answer.headers["Location"] == "/"
    assert polite.follow_redirect("/").heading == "绑定验证器"


def test_in_the_demonstration_nothing_is_forced(polite: Polite, session: Session) -> None:
    make_account(
        session,
        Role.CITY,
        username="li",
        password_hash=hash_password(PASSWORD),
        password_is_initial=True,
    )
    session.commit()

    page = polite.get("/sign-in")

    assert polite.submit(page, {"用户名": "li", "密码": PASSWORD}).heading == "工作台"


def test_the_limits_of_the_profile_reach_the_page(
    polite: Polite, li: Account, secret: str, session: Session, app: Flask
) -> None:
    entered(polite, secret, session)
    assert 'data-idle="1800"' in polite.get("/").html

    app.extensions[STRICTNESS_KEY] = replace(
        DENGBAO3, stay=replace(DENGBAO3.stay, idle=timedelta(minutes=20))
    )
    assert 'data-idle="1200"' in polite.get("/").html
