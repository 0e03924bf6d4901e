"""Identity numbers and phones on pages: masked, found exactly, shown whole for a reason, and in no address or log."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.sealing import PROVIDER
from registry.access.actors import Actor
from registry.access.models import Reveal, Role
from registry.audit.models import AuditEntry, Result
from registry.workforce.models import Practitioner
from tests.factories import NANJING_EAST_ROAD, make_account, make_post, make_practitioner, make_provider
from tests.portal.polite import Polite
from tests.sealing import identity_number, seal_identity

SignIn = Callable[..., Actor]
NUMBER, MOBILE = identity_number(321), "15400000321"
STARRED_NUMBER, STARRED_MOBILE = f"9999************{NUMBER[-2:]}", "154****0321"
REASON = {"reason": "contact", "explanation": "核实学历证书上的姓名与本人是否一致"}
HUANGPU = "310101"


@pytest.fixture
def person(app: Flask, session: Session) -> Practitioner:
    person = make_practitioner(session, person_no="P-0321", name="张示例甲")
    make_post(session, person, make_provider(session, division_code=NANJING_EAST_ROAD))
    seal_identity(session, app.extensions[PROVIDER], person, identity=NUMBER, phone=MOBILE)
    session.commit()
    return person


def entries(session: Session, action: str) -> list[AuditEntry]:
    session.expire_all()
    return list(
        session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
    )


def revealed(polite: Polite, person: Practitioner, field: str = "phone", status: int = 303, **more: str):
    page = polite.get(f"/workforce/{person.code}/show/{field}")
    button = "显示完整联系电话" if field == "phone" else "显示完整身份证号"
    return polite.submit(page, REASON | more, button=button, status=status)


@pytest.mark.parametrize(
    ("role", "division", "number", "phone"),
    [
        (Role.STREET, NANJING_EAST_ROAD, STARRED_NUMBER, STARRED_MOBILE),
        (Role.DISTRICT, HUANGPU, STARRED_NUMBER, STARRED_MOBILE),
        (Role.PROVIDER, NANJING_EAST_ROAD, STARRED_NUMBER, MOBILE),
        (Role.STATION, NANJING_EAST_ROAD, NUMBER, MOBILE),
    ],
)
def test_a_person_page_shows_what_the_role_may_see(
    sign_in: SignIn, polite: Polite, person, role, division, number, phone
):
    organisation = person.posts[0].site.organisation if role in (Role.PROVIDER, Role.STATION) else None
    sign_in(role, division_code=division, **({"organisation": organisation} if organisation else {}))
    page = polite.get(f"/workforce/{person.code}")
    assert number in page.main
    assert phone in page.main
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("role", "division"), [(Role.CITY, "31"), (Role.PROVINCE, "31")])
def test_city_and_province_are_not_even_told_that_there_is_something(sign_in, polite, person, role, division):
    sign_in(role, division_code=division)
    page = polite.get(f"/workforce/{person.code}")
    assert "身份证号" not in page.main
    assert "联系电话" not in page.main
    polite.get(f"/workforce/{person.code}/show/phone", status=403)


def test_one_field_is_shown_whole_for_a_reason_to_this_stay_alone(
    sign_in: SignIn, polite: Polite, client: FlaskClient, session: Session, person
):
    account = make_account(session, Role.DISTRICT, division_code=HUANGPU, name="王示例")
    sign_in(account=account)
    page = revealed(polite, person)
    assert MOBILE in page.main
    assert STARRED_NUMBER in page.main
    assert "王示例 20" in page.html.partition('class="watermark"')[2]
    assert page.response.headers["Cache-Control"] == "no-store"
    assert 890 <= int(page.response.headers["Refresh"]) <= 901
    sign_in(account=account)
    again = polite.get(f"/workforce/{person.code}")
    assert MOBILE not in again.html
    assert "Refresh" not in again.response.headers


def test_it_is_hidden_again_after_a_quarter_of_an_hour(
    sign_in: SignIn, polite: Polite, session: Session, person
):
    sign_in(Role.STREET, division_code=NANJING_EAST_ROAD)
    revealed(polite, person)
    long_ago = datetime.now(UTC) - timedelta(minutes=20)
    session.execute(sa.update(Reveal).values(at=long_ago, until=long_ago + timedelta(minutes=15)))
    session.commit()
    assert MOBILE not in polite.get(f"/workforce/{person.code}").html


def test_the_trail_says_who_saw_which_field_and_why_but_not_what(
    sign_in: SignIn, polite: Polite, session: Session, person
):
    actor = sign_in(Role.DISTRICT, division_code=HUANGPU)
    revealed(polite, person, "identity-number")
    (entry,) = entries(session, "identity.reveal")
    assert (entry.actor_code, entry.subject_type, entry.subject_code) == (
        actor.code,
        "practitioner",
        person.code,
    )
    assert (entry.facts["field"], entry.facts["reason"]) == ("practitioner.identity_number", "contact")
    assert entry.reason == REASON["explanation"]
    assert NUMBER not in str(entry.facts) + entry.reason


def test_a_refusal_is_in_the_trail_too(sign_in: SignIn, polite: Polite, session: Session, person):
    sign_in(Role.CITY)
    polite.get(f"/workforce/{person.code}/show/phone", status=403)
    assert {entry.result for entry in entries(session, "identity.reveal")} == {Result.REFUSED}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"explanation": ""}, "请写明具体事由"),
        ({"explanation": "工作需要"}, "不少于10个字"),
        ({"explanation": "需 要 核 实 情 况 啊"}, "不少于10个字"),
        ({"explanation": f"核对本人的身份证号{NUMBER}是否正确"}, "不要写身份证号"),
    ],
)
def test_a_reason_that_explains_nothing_is_refused(sign_in, polite, session, person, change, words):
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    page = revealed(polite, person, status=200, **change)
    assert any(words in error for error in page.errors)
    assert session.scalar(sa.select(sa.func.count()).select_from(Reveal)) == 0


def test_somebody_elsewhere_does_not_exist(sign_in: SignIn, polite: Polite, person):
    sign_in(Role.DISTRICT, division_code="310104")
    polite.get(f"/workforce/{person.code}/show/phone", status=404)


@pytest.mark.parametrize("field", ["name", "practitioner.phone", "phone_sealed"])
def test_no_other_field_can_be_asked_for(sign_in: SignIn, polite: Polite, person, field):
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    polite.get(f"/workforce/{person.code}/show/{field}", status=404)


def found(polite: Polite, value: str, field: str = "identity-number", status: int = 303):
    page = polite.get("/workforce/find")
    return polite.submit(page, {"field": field, "value": value}, button="查找", status=status)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("identity-number", NUMBER),
        ("identity-number", f" {NUMBER[:6]} {NUMBER[6:]} "),
        ("phone", "+86 154-0000-0321"),
    ],
)
def test_a_whole_number_leads_to_the_person(sign_in: SignIn, polite: Polite, person, field, typed):
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    page = found(polite, typed, field)
    assert page.heading.startswith("张示例甲")
    assert NUMBER not in page.url
    assert MOBILE not in page.url


def test_two_people_with_one_phone_are_listed(app, sign_in, polite, session, person):
    other = make_practitioner(session, person_no="P-0322")
    make_post(session, other, person.posts[0].site)
    seal_identity(session, app.extensions[PROVIDER], other, phone=MOBILE)
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    page = found(polite, MOBILE, "phone", 200)
    assert {"P-0321", "P-0322"} <= page.links.keys()


def test_outside_the_scope_nobody_is_found_like_a_number_that_is_not_registered(
    sign_in, polite, session, person
):
    sign_in(Role.DISTRICT, division_code="310104")
    elsewhere, nowhere = (found(polite, one, status=200) for one in (NUMBER, identity_number(322)))
    assert "没有找到" in elsewhere.main
    assert elsewhere.main.replace(NUMBER, "") == nowhere.main.replace(identity_number(322), "")


def test_a_search_is_in_the_trail_without_the_number(sign_in, polite, session, person):
    sign_in(Role.STREET, division_code=NANJING_EAST_ROAD)
    found(polite, NUMBER)
    (entry,) = entries(session, "identity.search")
    assert (entry.subject_code, entry.facts) == (
        person.code,
        {"field": "practitioner.identity_number", "found": 1},
    )


def test_a_number_that_cannot_be_one_is_refused_beside_its_box(sign_in, polite, person):
    sign_in(Role.DISTRICT, division_code=HUANGPU)
    assert "应为18位" in found(polite, "310101", status=200).errors[0]


@pytest.mark.parametrize("role", [Role.CITY, Role.PROVINCE, Role.SYSADMIN])
def test_roles_that_see_none_do_not_search(sign_in: SignIn, polite: Polite, role: Role):
    sign_in(role)
    polite.get("/workforce/find", status=403)
