"""Sensitive acts ask once more who sits there, on the page and in the dialog; what is not sensitive does not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.sealing import PROVIDER
from portal.sessions import STRICTNESS_KEY
from registry.access.models import Account, Role
from registry.access.models import SignIn as Stay
from registry.access.passwords import hash_password
from registry.access.strictness import DENGBAO3
from registry.audit.models import AuditEntry, Result
from registry.clock import utc_now
from registry.workforce.models import Practitioner
from tests.factories import (
    NANJING_EAST_ROAD,
    make_account,
    make_export_caps,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.portal.polite import Polite
from tests.sealing import identity_number, seal_identity

PASSWORD = "Kx9#mQ2!vTz7"
NUMBER, MOBILE = identity_number(411), "15400000411"
REASON = {"reason": "verification", "explanation": "核实学历证书上的姓名与本人是否一致"}
PURPOSE = {"reason": "inspection", "note": "2026年第四季度核对"}


@pytest.fixture
def person(app: Flask, session: Session) -> Practitioner:
    person = make_practitioner(session, name="张示例甲")
    make_post(session, person, make_provider(session, division_code=NANJING_EAST_ROAD))
    seal_identity(session, app.extensions[PROVIDER], person, identity=NUMBER, phone=MOBILE)
    make_export_caps(session)
    session.commit()
    return person


@pytest.fixture(autouse=True)
def officer(
    app: Flask, sign_in: Callable[..., Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> Account:
    """Signed in, and proved it eleven minutes ago."""
    monkeypatch.setitem(app.extensions, STRICTNESS_KEY, DENGBAO3)
    account = make_account(session, Role.DISTRICT, password_hash=hash_password(PASSWORD))
    sign_in(account=account)
    session.execute(sa.update(Stay).values(proved_at=utc_now() - timedelta(minutes=11)))
    session.commit()
    return account


def done(session: Session, action: str) -> int:
    entries = sa.select(sa.func.count()).select_from(AuditEntry)
    return session.scalar(entries.where(AuditEntry.action == action, AuditEntry.result == Result.DONE)) or 0


def test_an_identity_number_is_not_shown_whole_without_a_fresh_proof(
    polite: Polite, session: Session, person: Practitioner
) -> None:
    page = polite.get(f"/workforce/{person.code}/show/identity-number")

    asked = polite.submit(page, REASON, button="显示完整身份证号", status=401)

    assert asked.heading == "请确认是您本人"
    assert NUMBER not in asked.html
    assert done(session, "identity.reveal") == 0
    assert NUMBER in polite.submit(asked, {"登录密码": PASSWORD}).main
    assert done(session, "identity.reveal") == 1


def test_a_wrong_proof_shows_nothing(polite: Polite, session: Session, person: Practitioner) -> None:
    page = polite.get(f"/workforce/{person.code}/show/identity-number")
    asked = polite.submit(page, REASON, button="显示完整身份证号", status=401)

    again = polite.submit(asked, {"登录密码": "Falsch#2026xyz"}, status=401)

    assert "密码或验证码不正确" in again.text
    assert NUMBER not in polite.get(f"/workforce/{person.code}").html
    assert done(session, "identity.reveal") == 0


def test_a_phone_is_shown_on_the_proof_of_the_stay(polite: Polite, person: Practitioner) -> None:
    page = polite.get(f"/workforce/{person.code}/show/phone")

    assert MOBILE in polite.submit(page, REASON, button="显示完整联系电话").main


def test_a_script_is_answered_401_and_goes_on_after_the_dialog(
    polite: Polite, session: Session, person: Practitioner, officer: Account
) -> None:
    url, script = f"/workforce/{person.code}/show/identity-number", {"HX-Request": "true"}
    token = polite.client.get("/sign-in/token").json["token"]

    asked = polite.client.post(url, data=REASON | {"csrf_token": token}, headers=script)

    assert asked.status_code == 401
    assert NUMBER not in asked.text
    proof = {"reader": officer.code, "proof_password": PASSWORD, "csrf_token": token}
    given = polite.client.post("/sign-in/again", data=proof)
    assert given.status_code == 200
    again = REASON | {"csrf_token": given.json["token"]}
    assert polite.client.post(url, data=again, headers=script).status_code == 303
    assert done(session, "identity.reveal") == 1


def test_a_file_with_people_is_not_handed_over_without_a_fresh_proof(
    polite: Polite, session: Session, person: Practitioner
) -> None:
    form = polite.get("/workforce/export?format=csv")

    asked = polite.submit(form, PURPOSE, status=401)

    assert asked.heading == "请确认是您本人"
    assert done(session, "practitioner.export") == 0
    file = polite.submit(asked, {"登录密码": PASSWORD}, status=200)
    assert person.person_no in file.response.text
    assert done(session, "practitioner.export") == 1
