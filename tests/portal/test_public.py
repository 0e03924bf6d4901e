"""The pages of the public: found without a sign-in, kept by anybody, neutral in title and preview, honest."""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.cookieless import FORMS
from registry.divisions.models import DivisionKind
from registry.organisations.models import Site, SiteKind, StandingKind
from registry.policy.loading import load_policy
from registry.provider_entries.models import EntryState
from registry.station_filings.models import FilingState
from tests.entry_factories import ENTRY_ANSWERS, make_entry, make_filing
from tests.factories import make_division, make_organisation, make_site, make_standing
from tests.html_validation import HtmlValidator
from tests.portal.manners import faults_of, is_translated
from tests.portal.pages import Page
from tests.portal.polite import Polite
from tests.services_factories import make_service

NEUTRAL = re.compile("精神|精卫|心理|残疾|病")
LEFT = date(2026, 5, 1)


@pytest.fixture
def place(session: Session) -> Site:
    """One street with a place, one without; the place has a name that stands in no title."""
    load_policy(session)
    make_division(session, "31", name="上海市")
    make_division(session, "3101", name="市辖区", kind=DivisionKind.PSEUDO)
    make_division(session, "310101", name="黄浦区")
    make_division(session, "310101002", name="南京东路街道")
    make_division(session, "310101013", name="外滩街道")
    organisation = make_organisation(session, name="黄浦畅怀精神康复服务社")
    make_standing(session, organisation)
    site = make_site(
        session, organisation, name="畅怀精神康复点", address="南京东路街道示例路1号", is_example=True
    )
    make_service(session, site, phone="021-00000001")
    session.commit()
    return site


def another(session: Session, name: str, **facts) -> Site:
    organisation = make_organisation(session, name=name)
    make_standing(
        session,
        organisation,
        ended_on=facts.pop("ended_on", None),
        kind=facts.pop("as_", StandingKind.PROVIDER),
    )
    site = make_site(session, organisation, name=name, **facts)
    session.commit()
    return site


def reached(client: FlaskClient, start: str = "/public/") -> list[Page]:
    """Every page of the public that links lead to."""
    waiting, known, pages = [start], {start}, []
    while waiting:
        url = waiting.pop()
        page = Page(url, client.get(url))
        pages.append(page)
        if page.response.mimetype != "text/html":
            continue
        for link in page.all("a"):
            target = urljoin(url, link.get("href", "").partition("#")[0])
            if target.startswith("/public/") and target not in known:
                known.add(target)
                waiting.append(target)
    return pages


def test_a_family_finds_the_place_by_plain_lists_and_the_phone_comes_first(
    polite: Polite, place: Site
) -> None:
    page = polite.get("/public/")
    for words in ("上海市 1处", "黄浦区 1处", "南京东路街道 1处"):
        page = polite.follow(page, words)

    calls = [link.get("href") for link in page.all("a") if link.get("href", "").startswith("tel:")]
    assert calls[0] == "tel:021-00000001"
    assert "黄浦区南京东路街道示例路1号" in page.html
    assert "周一、周三、周五 09:00–11:30" in page.html
    assert "示例" in page.html
    page = polite.follow(page, "畅怀精神康复点")
    assert page.heading.startswith("畅怀精神康复点")
    assert "免费" in page.html


def test_a_street_without_a_place_says_so_and_shows_those_of_the_district(
    polite: Polite, place: Site
) -> None:
    page = polite.get("/public/areas/310101013")

    assert "外滩街道暂时没有登记的服务点。" in page.html
    assert "不是按远近排列" in page.html
    assert "畅怀精神康复点" in page.html


def test_a_place_without_a_phone_says_so_and_gives_the_hotline(
    polite: Polite, session: Session, place: Site
) -> None:
    site = another(session, "外滩服务点", division_code="310101013")
    page = polite.get(f"/public/places/{site.code}")

    assert "暂未登记电话" in page.html
    assert "tel:12345" in page.html


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"closed_on": LEFT}, "这里已于2026年5月1日停止服务，请改询下面的服务点。"),
        ({"ended_on": LEFT}, "自2026年5月1日起不再是登记在册的服务机构"),
        ({"opened_on": date(2099, 1, 1)}, "这里将于2099年1月1日开始服务"),
    ],
)
def test_a_place_that_does_not_serve_explains_itself_and_leads_to_others(
    polite: Polite, session: Session, place: Site, facts: dict, sentence: str
) -> None:
    site = another(session, "旧服务点", **facts)
    page = polite.get(f"/public/places/{site.code}")

    assert sentence in page.html
    assert "畅怀精神康复点" in page.html
    assert "旧服务点" not in polite.get("/public/areas/310101002").html


def test_a_station_whose_filing_was_closed_says_so_and_leads_to_others(
    polite: Polite, session: Session, place: Site
) -> None:
    site = another(session, "撤销的社工站", kind=SiteKind.STATION, as_=StandingKind.STATION)
    standing = site.organisation.standings[0]
    make_filing(session, site, state=FilingState.CLOSED, standing=standing, filed_on=LEFT)
    session.commit()

    page = polite.get(f"/public/places/{site.code}")
    assert "这个站点已于2026年5月1日撤销备案" in page.html
    assert "畅怀精神康复点" in page.html
    assert "撤销的社工站" not in polite.get("/public/areas/310101002").html


def test_offices_charities_and_nobodys_codes_are_not_found(
    client: FlaskClient, session: Session, place: Site
) -> None:
    office = another(session, "办公室", kind=SiteKind.OFFICE)
    charity = another(session, "基金会", as_=StandingKind.CHARITY)

    for code in (office.code, charity.code, "2222222222"):
        assert client.get(f"/public/places/{code}").status_code == 404


@pytest.mark.parametrize("area", ["99", "310199", "31010", "abc", "310101999", "0"])
def test_an_area_that_is_none_is_not_found(client: FlaskClient, place: Site, area: str) -> None:
    for page in ("areas", "map"):
        assert client.get(f"/public/{page}/{area}").status_code == 404
    assert client.get(f"/public/leaflets/{area}.pdf").status_code == 404


def test_padded_and_finer_codes_lead_to_the_page_of_the_street(client: FlaskClient, place: Site) -> None:
    answer = client.get("/public/areas/310101002000?lang=en&area=x&endpoint=y")

    assert (answer.status_code, answer.location) == (303, "/public/areas/310101002?lang=en")


def test_searches_find_places_and_streets(polite: Polite, place: Site) -> None:
    assert "畅怀精神康复点" in polite.get("/public/search?q=changhuai").html
    for typed in ("wtjd", "waitan", "外滩"):
        assert "黄浦区外滩街道" in polite.get(f"/public/search?q={typed}").html
    assert "只差一个字母" in polite.get("/public/search?q=chanhuaijing").html
    assert "没有找到" in polite.get("/public/search?q=%3Cscript%3E").html
    polite.get("/public/search")


def test_every_page_is_in_good_order_in_both_languages_and_sizes(
    client: FlaskClient, session: Session, place: Site, html_validator: HtmlValidator
) -> None:
    another(session, "旧服务点", closed_on=LEFT)
    complaints = []
    pages = [page for page in reached(client) if page.response.mimetype == "text/html"]
    for page in pages:
        assert page.response.status_code == 200, page.url
        complaints += [f"{page.url}: {fault}" for fault in faults_of(page)]
        complaints += [f"{page.url}: {fault}" for fault in is_translated(page)]
        complaints += [f"{page.url}: {fault}" for fault in html_validator.faults(page.html)]

    assert not complaints, "\n".join(complaints)
    assert len(pages) > 40


def test_titles_previews_and_file_names_say_nothing_of_an_illness(
    client: FlaskClient, session: Session, place: Site
) -> None:
    """The name of the place has such a word in it: it stands in the body alone."""
    another(session, "黄浦精神卫生服务点", closed_on=LEFT)
    pages = reached(client)
    seen = set()
    for page in pages:
        for header in page.response.headers.get_all("Content-Disposition"):
            assert not NEUTRAL.search(header)
            seen.add("file")
        if page.response.mimetype != "text/html":
            continue
        previews = [meta.get("content", "") for meta in page.all("meta")]
        shown = [page.title, *previews, page.url]
        assert not NEUTRAL.search(" ".join(shown)), page.url
        seen.add(urlsplit(page.url).path.split("/")[2])
    assert seen >= {"", "areas", "places", "how-to-apply", "map", "ask", "answer", "file"}


def test_pages_are_kept_by_anybody_and_open_no_session(
    app: Flask, client: FlaskClient, place: Site, sign_in: Callable
) -> None:
    sign_in()
    for page in reached(client):
        path = urlsplit(page.url).path
        headers = page.response.headers
        if path in FORMS:
            assert headers["Cache-Control"] == "no-store", path
            continue
        assert "Set-Cookie" not in headers, path
        assert "Cookie" not in headers.get("Vary", ""), path
        assert headers["Cache-Control"] == "public, max-age=300", path
        again = client.get(page.url, headers={"If-None-Match": headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b""), path


def test_whoever_is_signed_in_reads_the_same_page_as_everybody(
    client: FlaskClient, place: Site, sign_in: Callable
) -> None:
    nonce = re.compile(r'nonce="[^"]*"')
    before = nonce.sub("", client.get("/public/areas/310101002").text)
    actor = sign_in()

    assert nonce.sub("", client.get("/public/areas/310101002").text) == before
    assert actor.name not in before


def test_a_kept_page_is_made_anew_when_the_register_changes(
    client: FlaskClient, session: Session, place: Site
) -> None:
    url = f"/public/places/{place.code}"
    tag = client.get(url).headers["ETag"]
    session.execute(sa.update(Site).where(Site.id == place.id).values(address="新址"))
    session.commit()

    answer = client.get(url, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "新址" in answer.text


def test_language_and_size_stand_in_the_address_and_stay_from_page_to_page(
    client: FlaskClient, place: Site
) -> None:
    client.set_cookie("language", "en")
    assert 'lang="zh-CN"' in client.get("/public/").text
    page = Page("/public/", client.get("/public/?lang=en&text=large"))

    assert 'class="large-text"' in page.html
    assert all(
        "lang=en" in link.get("href") and "text=large" in link.get("href")
        for link in page.all("a")
        if "/areas/" in link.get("href", "") or "how-to" in link.get("href", "")
    )


def test_the_leaflet_of_a_street_is_one_sheet_and_is_laid_out_once(
    client: FlaskClient, place: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    from portal.public import leaflets

    answer = client.get("/public/leaflets/310101002.pdf")
    reader = PdfReader(BytesIO(answer.get_data()))
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    assert "021-00000001" in text
    assert "黄浦区南京东路街道" in text
    assert not NEUTRAL.search(str(reader.metadata))
    monkeypatch.setattr(leaflets, "leaflet_pdf", lambda _html: pytest.fail("it was laid out again"))
    assert client.get("/public/leaflets/310101002.pdf").get_data() == answer.get_data()


def test_the_english_leaflet_says_its_day_in_english(client: FlaskClient, place: Site) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    answer = client.get("/public/leaflets/310101002.pdf?lang=en")
    text = PdfReader(BytesIO(answer.get_data())).pages[0].extract_text().replace("\n", " ")
    assert "As registered on" in text
    assert re.search(r"\d{4}年", text) is None


def test_however_many_places_a_street_has_its_leaflet_is_one_sheet(
    client: FlaskClient, session: Session, place: Site
) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    for number in range(6):
        address = "南京东路街道示例北路二弄1234号综合楼三层"
        site = another(session, f"名称相当长的社区康复服务中心第{number}服务点", address=address)
        for days in ("135", "246"):
            make_service(session, site, weekdays=days, phone=f"021-0000{number}{days}")
        session.commit()
        pages = PdfReader(BytesIO(client.get("/public/leaflets/310101002.pdf").get_data())).pages
        assert len(pages) == 1, number


def test_a_leaflet_is_made_for_a_street_only(client: FlaskClient, place: Site) -> None:
    assert client.get("/public/leaflets/310101.pdf").status_code == 404


def test_no_page_names_staff_or_ratios(client: FlaskClient, session: Session, place: Site) -> None:
    from tests.factories import make_post, make_practitioner

    person = make_practitioner(session, name="欧阳示例人")
    make_post(session, person, place)
    session.commit()

    for page in reached(client):
        if page.response.mimetype == "text/html":
            assert "欧阳示例人" not in page.html
            assert "占比" not in page.html


def test_an_area_of_a_province_without_places_is_not_among_what_was_found(
    polite: Polite, session: Session, place: Site
) -> None:
    for code, name in (("36", "江西省"), ("360102", "外滩湖区")):
        make_division(session, code, name=name)
    session.commit()
    found = polite.get("/public/search?q=waitan").html
    assert "外滩街道" in found
    assert "外滩湖区" not in found


def test_each_number_of_a_place_says_what_it_is_for_and_one_number_is_told_once(
    polite: Polite, session: Session, place: Site
) -> None:
    at = make_site(session, make_organisation(session, name="示例两号中心"), located_code="310101002")
    standing = make_standing(session, at.organisation)
    answers = ENTRY_ANSWERS | {"phone": "021-00000077"}
    make_entry(session, at, state=EntryState.LISTED, standing=standing, answers=answers)
    make_service(session, at, phone="02100000077")
    session.commit()
    assert "服务预约" not in polite.get(f"/public/places/{at.code}").html
    make_service(session, at, phone="021-00000088")
    session.commit()
    page = re.sub(r"<[^>]+>", " ", polite.get(f"/public/places/{at.code}").html)
    assert re.search(r"021-00000077\s+对外联系电话\s+021-00000088\s+服务预约", page)
