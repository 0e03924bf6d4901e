"""A record entered by mistake is withdrawn on pages and stays told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.clock import today
from registry.organisations.models import Site
from registry.policy.models import InstitutionSnapshot
from registry.workforce.models import Certificate, Practitioner, Training
from tests.factories import NOW, make_certificate, make_post
from tests.portal.polite import Polite
from tests.portal.records.conftest import employer

SignIn = Callable[..., Any]


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
