"""A diploma on pages: told by an institution, verified by its district."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.clock import today
from registry.organisations.models import Site
from registry.workflow.todos import todo_for
from registry.workflow_table import Desk, workflow_of
from registry.workforce.models import Education, Practitioner, Verification
from tests.factories import NOW, make_certificate, make_education, make_major, make_post, make_provider
from tests.portal.polite import Polite
from tests.portal.records.conftest import employer

SignIn = Callable[..., Any]
SOCIAL_WORK = "undergraduate:030302"


def test_a_diploma_is_told_rejected_mended_and_verified(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    employer(sign_in, site)
    facts = {"major": SOCIAL_WORK, "school": "示例大学", "obtained_on": "2012-07-01"}
    polite.submit(polite.get(f"/workforce/{person.code}/education/new"), facts, button="保存")
    told = session.scalars(sa.select(Education)).one()
    assert (told.major_name, told.verification) == ("社会工作", Verification.PENDING)

    sign_in(Role.DISTRICT)
    page = polite.get(f"/workforce/education/{told.code}/reject")
    polite.submit(page, {"reason": "编号查不到"}, button="核验不通过")

    employer(sign_in, site)
    assert "编号查不到" in polite.get(f"/workforce/{person.code}").main
    page = polite.get(f"/workforce/{person.code}/education/{told.code}")
    polite.submit(page, {"school": "示例师范大学"}, button="保存")

    sign_in(Role.DISTRICT)
    assert "示例师范大学" in polite.get(f"/workforce/education/{told.code}").main
    polite.submit(polite.get(f"/workforce/education/{told.code}/verify"), {}, button="核验通过")

    session.expire_all()
    assert (told.verification, told.verified_on) == (Verification.VERIFIED, today())


def test_a_major_has_to_be_chosen_or_typed(polite: Polite, sign_in: SignIn, site: Site, person: Practitioner):
    employer(sign_in, site)
    facts = {"school": "示例大学", "obtained_on": "2012-07-01"}

    page = polite.submit(
        polite.get(f"/workforce/{person.code}/education/new"), facts, button="保存", status=200
    )
    assert "请选择专业" in page.main
    page = polite.submit(page, facts | {"major": "other"}, button="保存", status=200)
    assert "请填写专业代码。" in page.main
    assert "请填写证书上的专业名称。" in page.main


def test_what_is_typed_beside_a_listed_major_is_not_dropped_in_silence(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    employer(sign_in, site)
    facts = {"major": SOCIAL_WORK, "school": "示例大学", "obtained_on": "2012-07-01"}
    typed = {"major_code": "040202", "major_name": "运动康复"}

    page = polite.submit(
        polite.get(f"/workforce/{person.code}/education/new"), facts | typed, button="保存", status=200
    )

    assert page.main.count("已选了目录里的专业，这里填的与它不同") >= 2
    assert "040202" in page.html
    session.expire_all()
    assert person.education == []


def test_another_listed_major_is_chosen_without_emptying_anything(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    make_major(session, code="071102", name="应用心理学")
    session.commit()
    employer(sign_in, site)
    facts = {"major": SOCIAL_WORK, "school": "示例大学", "obtained_on": "2012-07-01"}
    polite.submit(polite.get(f"/workforce/{person.code}/education/new"), facts, button="保存")
    session.expire_all()
    (told,) = person.education

    page = polite.get(f"/workforce/{person.code}/education/{told.code}")
    polite.submit(page, {"major": SOCIAL_WORK.partition(":")[0] + ":071102"}, button="保存")

    session.expire_all()
    assert (told.major_code, told.major_name) == ("071102", "应用心理学")


def test_what_the_district_verified_is_shown_instead_of_a_form(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    told = make_education(session, person)
    session.commit()
    employer(sign_in, site)

    answer = polite.client.get(f"/workforce/{person.code}/education/{told.code}")
    assert answer.headers["Location"] == f"/workforce/education/{told.code}"


def test_a_number_on_a_diploma_is_masked_for_whoever_does_not_know_the_name(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    told = make_education(session, person, diploma_no="105331201205000616")
    make_certificate(session, person)
    session.commit()
    sign_in(Role.CITY)

    page = polite.get(f"/workforce/education/{told.code}")
    assert "105331201205000616" not in page.html
    assert "张示例甲" not in page.html


def test_who_else_employs_somebody_is_not_told_by_the_page_of_his_diploma(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    elsewhere = make_provider(session, name="徐汇别家康复中心")
    make_post(session, person, elsewhere, start_on=date(2023, 1, 1))
    told = make_education(session, person, verification=Verification.REJECTED, verified_on=None)
    session.flush()
    session.refresh(person)
    desk = Desk(Role.PROVIDER, "310101002", elsewhere.organisation_id)
    session.add(todo_for(workflow_of(told).subject_of(told), desk, "补正", asked_by="", at=NOW))
    session.commit()
    employer(sign_in, site)

    page = polite.get(f"/workforce/education/{told.code}")

    assert "其他任职单位" in page.main
    assert "徐汇别家康复中心" not in page.html


def test_whoever_let_somebody_go_is_not_led_to_a_form_that_refuses_him(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    told = make_education(session, person, verification=Verification.REJECTED, verified_on=None)
    session.commit()
    employer(sign_in, site)
    form = f"/workforce/{person.code}/education/{told.code}"
    assert form in polite.get(f"/workforce/education/{told.code}").html

    person.posts[0].end_on = today() - timedelta(days=1)
    session.commit()

    assert form not in polite.get(f"/workforce/education/{told.code}").html
    assert polite.client.get(form).status_code == 403
