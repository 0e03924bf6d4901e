"""人员合并 on pages: the list, both records side by side, two officers, and the former number that still answers."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.sealing import PROVIDER
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.workforce.merging import propose_merges
from registry.workforce.models import MergeState, PersonMerge, Practitioner
from tests.factories import NOW, make_actor, make_education, make_post, make_practitioner, make_provider
from tests.portal.polite import Polite
from tests.sealing import identity_number, seal_identity

SignIn = Callable[..., Any]
NUMBER = identity_number(515)


@pytest.fixture
def merge(app: Flask, session: Session) -> PersonMerge:
    for number, began in (("P-0515", date(2020, 1, 1)), ("P-0516", date(2024, 1, 1))):
        person = make_practitioner(session, person_no=number, name="张示例甲")
        make_post(session, person, make_provider(session), start_on=began)
        make_education(session, person)
        seal_identity(session, app.extensions[PROVIDER], person, identity=NUMBER)
    session.expire_all()
    trail = Trail(b"key of the tests")
    officer = make_actor(session, Role.DISTRICT)
    (made,) = propose_merges(session, [("P-0515", "P-0516")], actor=officer, at=NOW, trail=trail)
    session.commit()
    return made


def merged(polite: Polite, sign_in: SignIn, merge: PersonMerge) -> None:
    for step, button in (("assert", "是同一人"), ("confirm", "确认合并")):
        sign_in(Role.DISTRICT)
        polite.submit(polite.get(f"/workforce/merges/{merge.code}/{step}"), button=button)


def test_two_officers_make_two_records_one(
    polite: Polite, sign_in: SignIn, session: Session, merge: PersonMerge
) -> None:
    other = merge.other
    assert other is not None
    old_code, kept_code = other.code, merge.kept.code

    merged(polite, sign_in, merge)

    session.expire_all()
    assert merge.state is MergeState.MERGED
    page = polite.get(f"/workforce/{kept_code}")
    assert "曾用编号" in page.main
    assert "P-0516" in page.main
    for url in (f"/workforce/{old_code}", "/workforce/numbers/P-0516", "/workforce/numbers/P-0515"):
        assert polite.client.get(url).headers["Location"] == f"/workforce/{kept_code}"


def test_both_stand_side_by_side_masked_for_the_reader(
    polite: Polite, sign_in: SignIn, session: Session, merge: PersonMerge
) -> None:
    sign_in(Role.DISTRICT)
    page = polite.get(f"/workforce/merges/{merge.code}")
    assert page.main.count(f"9999************{NUMBER[-2:]}") == 2
    assert NUMBER not in page.html
    assert {"是同一人", "不是同一人"} <= page.links.keys()
    sign_in(Role.CITY)
    page = polite.get(f"/workforce/merges/{merge.code}")
    assert "张**甲" in page.main
    assert "身份证号" not in page.main.replace("不要写身份证号", "")
    assert "是同一人" not in page.links
    sights = sa.select(AuditEntry.facts).where(AuditEntry.action == "person_merge.see")
    assert session.scalars(sights).first()["people"] == [merge.kept.code, merge.other.code]


def test_it_waits_in_the_list_and_in_the_inbox(polite: Polite, sign_in: SignIn, merge: PersonMerge) -> None:
    sign_in(Role.DISTRICT)

    assert "P-0515" in polite.get("/workforce/merges").links
    assert any("P-0515 / P-0516" in words for words in polite.get("/inbox").links)


def test_the_one_who_said_it_is_offered_no_confirmation(
    polite: Polite, sign_in: SignIn, session: Session, merge: PersonMerge
) -> None:
    sign_in(Role.DISTRICT)
    form = polite.get(f"/workforce/merges/{merge.code}/assert")
    page = polite.submit(form, button="是同一人")

    assert "确认合并" not in page.links
    token = polite.client.get("/sign-in/token").json["token"]
    data = {"csrf_token": token, "key": "k" * 32, "version": merge.version + 1}
    session.expire_all()
    data["version"] = merge.version
    assert polite.client.post(f"/workforce/merges/{merge.code}/confirm", data=data).status_code == 403
    assert session.scalar(sa.select(sa.func.count()).select_from(Practitioner)) == 2


def test_saying_no_needs_a_reason(
    polite: Polite, sign_in: SignIn, session: Session, merge: PersonMerge
) -> None:
    sign_in(Role.DISTRICT)
    form = polite.get(f"/workforce/merges/{merge.code}/dismiss")

    assert "请写明理由" in polite.submit(form, button="不是同一人", status=200).errors[0]
    with_number = {"理由": f"经核对{NUMBER}不是本人"}
    assert "不要写身份证号" in polite.submit(form, with_number, button="不是同一人", status=200).errors[0]
    polite.submit(form, {"理由": "两人身份证照片不同"}, button="不是同一人")

    session.expire_all()
    assert merge.state is MergeState.DISMISSED


@pytest.mark.parametrize(
    ("role", "division"), [(Role.DISTRICT, "310104"), (Role.STREET, "310101002"), (Role.SYSADMIN, "31")]
)
def test_others_do_not_see_it(polite, sign_in, merge, role, division) -> None:
    sign_in(role, division_code=division)

    polite.get(f"/workforce/merges/{merge.code}", status=404)


def test_a_former_number_tells_nothing_to_whoever_may_not_see_the_person(
    polite: Polite, sign_in: SignIn, merge: PersonMerge
) -> None:
    assert merge.other is not None
    old_code = merge.other.code
    merged(polite, sign_in, merge)

    sign_in(Role.DISTRICT, division_code="310104")

    for url in (f"/workforce/{old_code}", "/workforce/numbers/P-0516", "/workforce/numbers/P-0999"):
        assert polite.client.get(url).status_code == 404
