"""A person's record on pages: entered and put right by its institution."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.sealing import PROVIDER
from registry.clock import today
from registry.organisations.models import Site
from registry.workforce.models import Certificate, Post, Practitioner, Training
from tests.factories import make_certificate, make_post, make_practitioner, make_provider
from tests.portal.polite import Polite
from tests.portal.records.conftest import employer
from tests.sealing import identity_number, seal_identity

SignIn = Callable[..., Any]
NUMBER = identity_number(616)


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
