"""A scan that proves a diploma: its institution adds it, its district opens it, and nobody else learns of it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.attachments.files import folder_of
from portal.settings import Settings
from registry.access.models import Role
from registry.attachments.models import Attachment
from registry.audit.models import AuditEntry
from registry.clock import today
from registry.organisations.models import Site
from registry.workforce.models import Education, Practitioner, Verification
from registry.workforce.verifying import VERIFY_WORKDAYS
from tests.factories import (
    make_education,
    make_major,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.portal.attachments.pictures import PDF, jpeg
from tests.portal.polite import Polite, filled

SignIn = Callable[..., Any]
SEES_NOTHING = (Role.PROVINCE, Role.CITY, Role.STREET, Role.SOCIALWORK, Role.HR)
"""Whoever else opens the page of a diploma in his place."""


@pytest.fixture
def site(session: Session) -> Site:
    make_parameter(session, VERIFY_WORKDAYS, 10)
    make_parameter(session, "attachment.max_megabytes", 20)
    make_major(session)
    return make_provider(session)


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    person = make_practitioner(session, person_no="P-0616", name="张示例甲", birth_year=1990)
    make_post(session, person, site)
    return person


@pytest.fixture
def told(session: Session, person: Practitioner) -> Education:
    told = make_education(session, person, verification=Verification.PENDING)
    session.commit()
    return told


def employer(sign_in: SignIn, site: Site) -> None:
    organisation = site.organisation
    sign_in(Role.PROVIDER, division_code=organisation.division_code, organisation=organisation)


def sent(
    polite: Polite, told: Education, data: bytes, name: str = "学历证书.jpg", *, clicks: int = 1
) -> list[Any]:
    """The answers to the form with a file, pressed so many times."""
    page = polite.get(f"/workforce/education/{told.code}")
    form = filled(page, page.form("上传"), {}, "上传")
    url = f"/workforce/education/{told.code}/proofs"
    return [
        polite.client.post(url, data=form | {"file": (io.BytesIO(data), name)}) for _click in range(clicks)
    ]


def the_proof(session: Session) -> Attachment:
    session.expire_all()
    return session.scalars(sa.select(Attachment)).one()


def address(told: Education, proof: Attachment) -> str:
    return f"/workforce/education/{told.code}/proofs/{proof.code}"


def test_its_institution_adds_a_scan_and_the_verifier_opens_it_beside_what_was_told(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education, settings: Settings
) -> None:
    employer(sign_in, site)
    assert sent(polite, told, jpeg(located=True))[0].status_code == 303
    proof = the_proof(session)
    assert b"\xff\xd8\xff" not in (folder_of(settings) / f"{proof.stored_as}.bin").read_bytes()[:64]

    sign_in(Role.DISTRICT)
    for page in ("", "/verify", "/reject"):
        main = polite.get(f"/workforce/education/{told.code}{page}").main
        assert "学历证书.jpg" in main
        assert told.school in main
    answer = polite.client.get(address(told, proof))

    assert answer.data.startswith(b"\xff\xd8\xff")
    assert b"PhoneMaker" not in answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=proof-")
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_opening_is_in_the_trail(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education
) -> None:
    employer(sign_in, site)
    sent(polite, told, PDF, "备案表.pdf")
    proof = the_proof(session)
    polite.client.get(address(told, proof))
    sign_in(Role.DISTRICT)
    polite.client.get(address(told, proof))

    deeds = sa.select(AuditEntry).where(AuditEntry.action.startswith("attachment.")).order_by(AuditEntry.id)
    entries = session.scalars(deeds).all()
    assert [one.action for one in entries] == ["attachment.add", "attachment.take", "attachment.take"]
    assert {(one.subject_type, one.subject_code, one.division_code) for one in entries} == {
        ("education", told.code, site.division_code)
    }
    assert {one.facts["attachment"] for one in entries} == {proof.code}


@pytest.mark.parametrize("role", SEES_NOTHING)
def test_whoever_else_sees_the_diploma_does_not_learn_that_there_is_a_scan(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education, role: Role
) -> None:
    employer(sign_in, site)
    sent(polite, told, jpeg(), "张示例甲的证书.jpg")
    proof = the_proof(session)

    sign_in(role)
    page = polite.get(f"/workforce/education/{told.code}")
    assert "证明材料" not in page.html
    assert "张示例甲的证书" not in page.html
    assert polite.client.get(address(told, proof)).status_code == 404


def test_a_station_that_employs_him_too_does_not_learn_of_it(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education
) -> None:
    employer(sign_in, site)
    sent(polite, told, jpeg())
    proof = the_proof(session)

    sign_in(Role.STATION, division_code=site.organisation.division_code, organisation=site.organisation)
    assert "证明材料" not in polite.get(f"/workforce/education/{told.code}").html
    assert polite.client.get(address(told, proof)).status_code == 404


def test_neither_another_institution_nor_another_district_opens_it(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education, client: FlaskClient
) -> None:
    employer(sign_in, site)
    sent(polite, told, jpeg())
    proof = the_proof(session)

    employer(sign_in, make_provider(session, name="徐汇别家康复中心"))
    assert client.get(address(told, proof)).status_code == 404
    sign_in(Role.DISTRICT, division_code="310104")
    assert client.get(address(told, proof)).status_code == 404


def test_whoever_let_him_go_opens_his_papers_no_more(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner, told: Education
) -> None:
    employer(sign_in, site)
    sent(polite, told, jpeg())
    page = polite.get(f"/workforce/education/{told.code}")
    form = filled(page, page.form("上传"), {}, "上传")
    proof = the_proof(session)
    person.posts[0].end_on = today() - timedelta(days=1)
    session.commit()

    assert "证明材料" not in polite.get(f"/workforce/education/{told.code}").html
    assert polite.client.get(address(told, proof)).status_code == 404
    late = form | {"file": (io.BytesIO(jpeg()), "学历证书.jpg")}
    assert polite.client.post(f"/workforce/education/{told.code}/proofs", data=late).status_code == 403


def test_a_scan_is_no_scan_of_another_diploma(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner, told: Education
) -> None:
    employer(sign_in, site)
    sent(polite, told, jpeg())
    proof = the_proof(session)
    other = make_education(session, person, major_code="040202", verification=Verification.PENDING)
    session.commit()

    assert polite.client.get(address(other, proof)).status_code == 404


def test_a_double_click_keeps_one_and_a_form_without_a_file_is_told(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education
) -> None:
    employer(sign_in, site)
    assert [one.status_code for one in sent(polite, told, jpeg(), clicks=2)] == [303, 303]
    the_proof(session)

    page = polite.get(f"/workforce/education/{told.code}")
    form = filled(page, page.form("上传"), {}, "上传")
    answer = polite.client.post(f"/workforce/education/{told.code}/proofs", data=form)
    assert "请选择照片或扫描件" in answer.text


def test_what_is_no_scan_is_refused_and_nothing_of_it_is_kept(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education, settings: Settings
) -> None:
    employer(sign_in, site)
    before = set(folder_of(settings).glob("*"))

    (answer,) = sent(polite, told, b"MZ\x90\x00", "学历证书.jpg")

    assert "文件内容与扩展名不一致" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0
    assert set(folder_of(settings).glob("*")) == before


def test_a_sixth_file_is_refused(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, told: Education
) -> None:
    employer(sign_in, site)
    page = polite.get(f"/workforce/education/{told.code}")
    form = filled(page, page.form("上传"), {}, "上传")
    answers = [
        polite.client.post(
            f"/workforce/education/{told.code}/proofs",
            data=form | {"key": f"{number}" * 32, "file": (io.BytesIO(jpeg()), "学历证书.jpg")},
        ).status_code
        for number in range(6)
    ]
    assert answers == [303] * 5 + [409]
    assert "再附一份" not in polite.get(f"/workforce/education/{told.code}").html
