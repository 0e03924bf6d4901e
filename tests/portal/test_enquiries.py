"""咨询投诉 from the form of the public to the answer that its writer reads."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app, rates
from portal.extensions import db
from portal.settings import Settings
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.enquiries.models import Enquiry, EnquiryState
from registry.organisations.models import Site
from registry.policy.loading import load_policy
from tests.factories import make_division, make_organisation, make_parameter, make_site, make_standing
from tests.portal.pages import Page
from tests.portal.polite import Polite

TEXT = "李小明问：周末开门吗？"
CODES = re.compile(r"<dd>([2-9a-z]{5}-[2-9a-z]{5})</dd>")


@pytest.fixture
def place(session: Session) -> Site:
    """A place in Huangpu."""
    load_policy(session)
    for code, name in (
        ("31", "上海市"),
        ("3101", "市辖区"),
        ("310101", "黄浦区"),
        ("310101002", "南京东路街道"),
    ):
        make_division(session, code, name=name)
    organisation = make_organisation(session, name="示例服务点")
    make_standing(session, organisation)
    site = make_site(session, organisation, name="示例服务点")
    session.commit()
    return site


def sent(polite: Polite, place: Site | None = None, **typed: str) -> Page:
    """The receipt, or the form with its faults."""
    url = f"/public/ask?place={place.code}" if place else "/public/ask"
    values = {"您想说的话": TEXT, "kind": "question"} | ({} if place else {"area": "310101"}) | typed
    form = polite.get(url)
    is_refused = "website" in typed or typed.get("您想说的话") == ""
    return polite.submit(form, values, status=400 if is_refused else 200)


def codes_of(receipt: Page) -> dict[str, str]:
    number, check = CODES.findall(receipt.html)
    return {"编号": number, "查询码": check}


def test_what_somebody_writes_is_answered_and_read_by_both_codes(
    polite: Polite, session: Session, place: Site, sign_in: Callable
) -> None:
    codes = codes_of(sent(polite, place))
    waiting = polite.submit(polite.get("/public/answer"), codes, status=200)
    assert "已收到，待答复" in waiting.html
    assert "李小明" not in waiting.html

    sign_in(Role.DISTRICT, division_code="310101")
    inbox = polite.get("/inbox")
    (link,) = [url for words, url in inbox.links.items() if codes["编号"] in words]
    page = polite.get(link)
    assert TEXT in page.html
    page = polite.submit(polite.follow(page, "转交其他单位"), {"转交单位": "黄浦区卫生健康委员会"})
    page = polite.submit(polite.follow(page, "答复"), {"答复": "周六上午开门。"})
    assert "已答复" in page.html

    read = polite.submit(polite.get("/public/answer"), codes, status=200)
    assert "周六上午开门。" in read.html
    assert "黄浦区卫生健康委员会" in read.html
    assert "李小明" not in read.html


def test_whatever_is_wrong_of_the_codes_gives_the_same_page(polite: Polite, place: Site) -> None:
    codes, other = codes_of(sent(polite)), codes_of(sent(polite))
    wrong = [
        codes | {"查询码": other["查询码"]},
        codes | {"查询码": "22222-22222"},
        codes | {"编号": "22222-22222"},
        {"编号": "一", "查询码": "' OR 1=1"},
    ]
    pages = [polite.submit(polite.get("/public/answer"), typed, status=404).html for typed in wrong]

    stable = {re.sub(r'(nonce|value|data-[a-z]+)="[^"]*"', "", page) for page in pages}
    assert len(stable) == 1
    assert "没有查到" in pages[0]


def test_codes_may_be_typed_with_blanks_and_capitals(polite: Polite, place: Site) -> None:
    codes = codes_of(sent(polite))
    typed = {name: code.replace("-", " ").upper() for name, code in codes.items()}

    assert "已收到，待答复" in polite.submit(polite.get("/public/answer"), typed, status=200).html


def test_the_same_form_sent_twice_shows_the_same_receipt(
    client: FlaskClient, polite: Polite, session: Session, place: Site
) -> None:
    form = polite.get("/public/ask").form()
    data = {field.get("name"): field.get("value") for field in form.iter() if field.get("type") == "hidden"}
    data |= {"kind": "complaint", "text": TEXT, "area": "310101"}

    first, again = (client.post("/public/ask", data=data).text for _ in range(2))
    assert CODES.findall(first) == CODES.findall(again) != []
    assert session.scalar(sa.select(sa.func.count()).select_from(Enquiry)) == 1


def test_an_empty_text_a_filled_trap_and_an_unknown_district_are_refused_and_keep_what_was_typed(
    polite: Polite, client: FlaskClient, session: Session, place: Site
) -> None:
    assert "请写下您想说的话。" in sent(polite, 您想说的话="").html
    trapped = sent(polite, website="http://example.cn")
    assert "应当留空" in trapped.html
    assert TEXT in trapped.html
    form = polite.get("/public/ask").form()
    data = {field.get("name"): field.get("value") for field in form.iter() if field.get("type") == "hidden"}
    data |= {"kind": "complaint", "text": TEXT, "area": "360101"}
    assert client.post("/public/ask", data=data).status_code == 400
    assert session.scalar(sa.select(sa.func.count()).select_from(Enquiry)) == 0


def test_an_enquiry_about_a_place_goes_to_the_district_that_answers_for_it(
    polite: Polite, session: Session, place: Site
) -> None:
    sent(polite, place)

    (enquiry,) = session.scalars(sa.select(Enquiry))
    assert (enquiry.site_id, enquiry.division_code) == (place.id, "310101002")


def test_a_form_without_its_token_or_from_another_site_is_refused(client: FlaskClient, place: Site) -> None:
    data = {"kind": "question", "text": TEXT, "area": "310101", "key": "k" * 32}

    assert client.post("/public/ask", data=data).status_code == 400
    foreign = client.post("/public/ask", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 400


def test_another_district_and_the_provider_see_nothing(
    polite: Polite, client: FlaskClient, session: Session, place: Site, sign_in: Callable
) -> None:
    sent(polite, place)
    code = session.scalars(sa.select(Enquiry.code)).one()
    sign_in(Role.DISTRICT, division_code="310104")
    assert client.get(f"/enquiries/{code}").status_code == 404
    sign_in(Role.PROVIDER, organisation=place.organisation)
    assert client.get(f"/enquiries/{code}").status_code == 404
    assert client.get("/enquiries").status_code == 403


def test_reading_one_leaves_an_entry_that_holds_nothing_of_it(
    polite: Polite, session: Session, place: Site, sign_in: Callable
) -> None:
    sent(polite, place)
    code = session.scalars(sa.select(Enquiry.code)).one()
    actor = sign_in(Role.DISTRICT, division_code="310101")
    polite.get(f"/enquiries/{code}")

    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "enquiry.see")).all()
    assert {entry.actor_code for entry in entries} == {actor.code}
    everything = session.scalars(sa.select(AuditEntry)).all()
    assert not any("李小明" in f"{entry.facts}{entry.reason}" for entry in everything)


def test_a_step_that_is_not_open_any_more_leads_to_the_enquiry(
    polite: Polite, client: FlaskClient, session: Session, place: Site, sign_in: Callable
) -> None:
    sent(polite, place)
    code = session.scalars(sa.select(Enquiry.code)).one()
    sign_in(Role.DISTRICT, division_code="310101")
    late = polite.get(f"/enquiries/{code}/pass-on")
    polite.submit(polite.get(f"/enquiries/{code}/answer"), {"答复": "周六上午开门。"})

    polite.submit(late, {"转交单位": "黄浦区卫生健康委员会"}, status=409)
    assert client.get(f"/enquiries/{code}/pass-on").status_code == 303
    assert session.scalars(sa.select(Enquiry.state)).one() is EnquiryState.ANSWERED
    done = polite.get("/enquiries?show=done")
    assert code[:5] in done.html


@pytest.fixture
def counting(settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """A portal that counts requests."""
    portal = create_app(replace(settings, home=tmp_path, keys_folder=settings.keys, limits_rates=True))
    portal.testing = True
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.mark.usefixtures("only_once")
def test_one_address_sends_and_looks_up_only_so_often(
    counting: Flask, connection: sa.Connection, session: Session, place: Site
) -> None:
    for key, most in (("rate.enquiries_per_hour", 2), ("rate.receipts_per_hour", 3)):
        make_parameter(session, key, most, division_code="0", valid_from=date(2026, 2, 1))
    session.commit()
    with counting.app_context():
        engines = db.engines
    kept, engines[None] = engines[None], connection  # type: ignore[assignment]
    try:
        counting.extensions[rates.COUNTERS]._begin_anew()
        client = counting.test_client()
        asks = [client.post("/public/ask").status_code for _ in range(4)]
        looks = [client.post("/public/answer").status_code for _ in range(4)]
    finally:
        engines[None] = kept
    assert asks == [400, 400, 429, 429]
    assert looks == [400, 400, 400, 429]
