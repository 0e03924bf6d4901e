"""A person's record on pages: entered and put right by its institution, verified by its district."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.sealing import PROVIDER
from registry.access.models import Role
from registry.clock import today
from registry.organisations.models import Site
from registry.policy.models import InstitutionSnapshot
from registry.workflow.todos import todo_for
from registry.workflow_table import Desk, workflow_of
from registry.workforce.models import Certificate, Education, Post, Practitioner, Training, Verification
from registry.workforce.verifying import VERIFY_WORKDAYS
from tests.factories import (
    NOW,
    make_certificate,
    make_education,
    make_major,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.portal.polite import Polite
from tests.sealing import identity_number, seal_identity

SignIn = Callable[..., Any]
NUMBER = identity_number(616)
PARAMETERS = {
    VERIFY_WORKDAYS: 10,
    "training.rehabilitation_hours": 20,
    "training.newcomers": "whole",
    "continuing_education.assistant_hours": 72,
    "continuing_education.worker_hours": 90,
    "certificate.first_registration_months": 12,
    "certificate.registration_months": 36,
    "certificate.renewal_months": 3,
}
SOCIAL_WORK = "undergraduate:030302"


@pytest.fixture
def site(session: Session) -> Site:
    for key, value in PARAMETERS.items():
        make_parameter(session, key, value)
    make_major(session)
    return make_provider(session)


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    person = make_practitioner(session, person_no="P-0616", name="张示例甲", birth_year=1990)
    make_post(session, person, site)
    session.commit()
    return person


def employer(sign_in: SignIn, site: Site) -> None:
    organisation = site.organisation
    sign_in(Role.PROVIDER, division_code=organisation.division_code, organisation=organisation)


def newcomer(site: Site, **facts: str) -> dict[str, str]:
    return {
        "name": "李示例",
        "birth_year": "1992",
        "start_on": "2024-03-01",
        "site": site.code,
        "profession": "nurse",
        "engagement": "full_time",
    } | facts


def test_an_institution_enters_a_newcomer_once(polite: Polite, sign_in: SignIn, session: Session, site: Site):
    employer(sign_in, site)
    page = polite.get("/workforce/new")

    for _twice in range(2):
        polite.submit(page, newcomer(site), button="保存")

    (found,) = session.scalars(sa.select(Practitioner)).all()
    assert (found.name, found.birth_year, found.person_no[0]) == ("李示例", 1992, "R")
    assert session.scalar(sa.select(sa.func.count()).select_from(Post)) == 1


def test_what_is_missing_is_named_and_what_was_typed_stays(polite: Polite, sign_in: SignIn, site: Site):
    employer(sign_in, site)

    page = polite.submit(
        polite.get("/workforce/new"), newcomer(site, name="", start_on="三月"), button="保存", status=200
    )

    assert "请填写姓名。" in page.main
    assert "不是完整的日期" in page.main
    assert 'value="三月"' in page.html
    assert 'value="1992"' in page.html


def test_an_identity_number_known_elsewhere_adds_a_post_and_tells_nothing_of_the_other_place(
    app: Flask, polite: Polite, sign_in: SignIn, session: Session, site: Site
) -> None:
    elsewhere = make_provider(session)
    known = make_practitioner(session, person_no="P-7", name="李示例", birth_year=int(NUMBER[6:10]))
    make_post(session, known, elsewhere)
    seal_identity(session, app.extensions[PROVIDER], known, identity=NUMBER)
    session.commit()
    employer(sign_in, site)

    facts = newcomer(site, birth_year=NUMBER[6:10], identity_number=NUMBER)
    polite.submit(polite.get("/workforce/new"), facts, button="保存")

    assert session.scalars(sa.select(Practitioner.person_no)).all() == ["P-7"]
    page = polite.get(f"/workforce/{known.code}")
    assert elsewhere.organisation.name not in page.html
    assert "另在其他单位登记过任职" in page.main


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


def test_a_certificate_is_entered_and_its_window_is_told(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    employer(sign_in, site)
    ends = today() + timedelta(days=40)
    facts = {
        "kind": "social_worker",
        "grade": "助理社会工作师",
        "number": "SW-616",
        "issued_on": "2019-06-01",
        "valid_from": (ends - timedelta(days=1000)).isoformat(),
        "valid_to": ends.isoformat(),
    }
    polite.submit(polite.get(f"/workforce/{person.code}/certificates/new"), facts, button="保存")

    page = polite.get(f"/workforce/{person.code}")
    assert "再登记窗口期" in page.main
    assert "继续教育 0 / 72 学时" in page.main

    later = (ends + timedelta(days=1096)).isoformat()
    row = session.scalars(sa.select(Certificate)).one()
    polite.submit(
        polite.get(f"/workforce/{person.code}/certificates/{row.code}"), {"valid_to": later}, button="保存"
    )
    assert "再登记窗口期" not in polite.get(f"/workforce/{person.code}").main


def test_the_page_lists_the_registrations_that_were_renewed(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    held = make_certificate(session, person, valid_from=date(2020, 1, 1), valid_to=date(2023, 1, 1))
    session.commit()
    employer(sign_in, site)

    for days in (("2023-02-01", "2026-02-01"), ("2026-03-01", "2029-03-01")):
        form = polite.get(f"/workforce/{person.code}/certificates/{held.code}")
        polite.submit(form, dict(zip(("valid_from", "valid_to"), days, strict=True)), button="保存")

    page = polite.get(f"/workforce/{person.code}").main
    newer, older = "曾登记：2023-02-01 至 2026-02-01（不含）", "曾登记：2020-01-01 至 2023-01-01（不含）"
    assert page.index("至 2029-03-01（不含）") < page.index(newer) < page.index(older)


def test_courses_add_up_to_the_hours_of_the_year(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    employer(sign_in, site)
    first = date(today().year, 1, 1).isoformat()
    facts = {"held_on": first, "hours": "16", "subject": "康复实务", "organiser": "示例中心"}
    polite.submit(polite.get(f"/workforce/{person.code}/training/new"), facts, button="保存")
    page = polite.get(f"/workforce/{person.code}")
    assert "16 / 20 学时" in page.main
    assert "还差 4 学时" in page.main

    course = session.scalars(sa.select(Training)).one()
    polite.submit(
        polite.get(f"/workforce/{person.code}/training/{course.code}"), {"hours": "20"}, button="保存"
    )
    assert "已达标" in polite.get(f"/workforce/{person.code}").main


def test_of_two_who_write_at_once_the_second_is_told_and_keeps_his_words(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    employer(sign_in, site)
    post = person.posts[0]
    url = f"/workforce/{person.code}/posts/{post.code}"
    page = polite.get(url)
    polite.submit(polite.get(url), {"profession": "nurse"}, button="保存")

    page = polite.submit(page, {"end_on": "2026-01-01"}, button="保存", status=409)

    assert "内容已被他人更改" in page.main
    assert 'value="2026-01-01"' in page.html


def test_a_post_at_a_place_of_others_cannot_be_opened(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    other = make_post(session, person, make_provider(session))
    session.commit()
    employer(sign_in, site)

    assert polite.client.get(f"/workforce/{person.code}/posts/{other.code}").status_code == 404


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


def test_a_course_entered_for_the_wrong_person_is_withdrawn_once_and_stays_told(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    employer(sign_in, site)
    first = date(today().year, 1, 1).isoformat()
    facts = {"held_on": first, "hours": "16", "subject": "康复实务", "organiser": "示例中心"}
    polite.submit(polite.get(f"/workforce/{person.code}/training/new"), facts, button="保存")
    course = session.scalars(sa.select(Training)).one()

    page = polite.follow(polite.get(f"/workforce/{person.code}/training/{course.code}"), "撤回误录")
    assert "康复实务" in page.main
    for _twice in range(2):
        shown = polite.submit(page, {"reason": "登记到了同名的另一人名下"}, button="撤回")

    assert session.scalars(sa.select(Training)).all() == []
    assert "这条记录已经撤回" in shown.html
    assert "登记到了同名的另一人名下" in shown.main
    assert "0 / 20 学时" in shown.main


def test_a_withdrawal_without_a_reason_is_asked_for_one(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    row = make_certificate(session, person)
    session.commit()
    employer(sign_in, site)

    page = polite.get(f"/workforce/{person.code}/certificates/{row.code}/withdraw")
    page = polite.submit(page, {"reason": ""}, button="撤回", status=200)

    assert "请写明原因" in page.main
    assert session.scalars(sa.select(Certificate)).one() is row


def test_the_only_post_and_a_record_changed_meanwhile_are_refused_in_words(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    employer(sign_in, site)
    page = polite.get(f"/workforce/{person.code}/posts/{person.posts[0].code}/withdraw")
    refused = polite.submit(page, {"reason": "登记错人"}, button="撤回", status=409)
    assert "这是本人唯一一段任职" in refused.main
    assert "登记错人" in refused.html

    row = make_certificate(session, person)
    session.commit()
    page = polite.get(f"/workforce/{person.code}/certificates/{row.code}/withdraw")
    other = polite.get(f"/workforce/{person.code}/posts/{person.posts[0].code}")
    polite.submit(other, {"profession": "nurse"}, button="保存")
    late = polite.submit(page, {"reason": "登记错人"}, button="撤回", status=409)
    assert "内容已被他人更改" in late.main


def test_what_an_assessment_counted_is_told_before_a_post_is_withdrawn(
    polite: Polite, sign_in: SignIn, session: Session, site: Site, person: Practitioner
) -> None:
    post = make_post(session, person, site, start_on=date(2012, 2, 1), end_on=date(2013, 2, 1))
    organisation = site.organisation
    facts = {"figure_code": "qualified-share", "counting_rule": "programme", "on": date(2012, 12, 31)}
    where = {"organisation_code": organisation.code, "division_code": organisation.division_code}
    made = {"numerator": 1, "denominator": 2, "computed_at": NOW, "computed_by": "portal jobs"}
    session.add(InstitutionSnapshot(**facts, **where, **made))
    session.commit()
    employer(sign_in, site)

    page = polite.get(f"/workforce/{person.code}/posts/{post.code}/withdraw")

    assert "已定格的日期在任：2012-12-31。" in page.main


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
