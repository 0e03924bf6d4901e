"""The map page on the demonstration: what it draws, what it counts, what it says of what it cannot draw."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.queries import account_by_username
from registry.organisations.models import Site, SiteKind
from tests.html_validation import HtmlValidator
from tests.portal.pages import Page
from tests.portal.polite import Polite

DAY = "2026-11-23"
SHANGHAI, HUANGPU, NANJING_EAST_ROAD = "31", "310101", "310101002"
"""Divisions of three levels: with districts, with streets, with institutions only."""
VIEWS = ("map", "table", "print")


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture
def enter(sign_in: Callable[..., Actor], session: Session) -> Callable[[Role], Actor]:
    """Signs the demonstration account of a role in."""

    def as_role(role: Role = Role.CITY) -> Actor:
        return sign_in(account=account_by_username(session, f"demo-{role}"))

    return as_role


def address(**asked: str) -> str:
    return f"/map?{urlencode({'on': DAY} | asked)}"


def script_data(page: Page) -> dict:
    (block,) = (script for script in page.all("script") if script.get("id") == "map-data")
    return json.loads(block.text)


def geometry_of(client: FlaskClient, page: Page) -> dict:
    answer = client.get(script_data(page)["geometry"])
    return json.loads(answer.data)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("division", [SHANGHAI, HUANGPU, NANJING_EAST_ROAD, "0", "36", "3601", "4201", "71"])
def test_every_place_has_its_map_table_and_print(polite: Polite, enter, division, view):
    enter()

    polite.get(address(division=division, view=view))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("division", [SHANGHAI, HUANGPU])
def test_the_page_is_valid_html(client: FlaskClient, enter, html_validator: HtmlValidator, view, division):
    enter()

    assert html_validator.faults(client.get(address(division=division, view=view)).text) == []


def test_the_values_are_those_of_the_figure_in_the_order_of_the_areas(client, polite, enter):
    enter()
    figure = client.get(f"/api/v1/figures/qualified-share?division={SHANGHAI}&on={DAY}").json

    page = polite.get(address(division=SHANGHAI))

    values, areas = script_data(page)["areas"], geometry_of(client, page)["objects"]["areas"]["geometries"]
    drawn = list(
        zip([area["id"] for area in areas], values["numerators"], values["denominators"], strict=True)
    )
    assert drawn == [(part["code"], part["numerator"], part["denominator"]) for part in figure["parts"]]
    assert [shade in "45" for shade in values["shades"]] == [
        part["verdict"] == "met" for part in figure["parts"]
    ]


def test_the_table_shows_the_same_values(client, polite, enter):
    enter()
    figure = client.get(f"/api/v1/figures/qualified-share?division={SHANGHAI}&on={DAY}").json

    rows = polite.get(address(division=SHANGHAI, view="table")).rows[:16]

    assert [row[2:4] for row in rows] == [
        [str(part["numerator"]), str(part["denominator"])] for part in figure["parts"]
    ]


@pytest.mark.parametrize("kind", ["", *(kind.value for kind in SiteKind)])
@pytest.mark.parametrize("division", [SHANGHAI, HUANGPU, NANJING_EAST_ROAD, "0"])
@pytest.mark.parametrize("role", [Role.CITY, Role.DISTRICT, Role.PROVIDER])
def test_points_and_sites_without_one_are_what_the_list_counts(client, session, enter, role, division, kind):
    enter(role)
    asked = {"division": division, "on": DAY, "kind": kind}
    beside = sa.true() if division == "0" else Site.division_code.like(f"{division}%")
    listed = session.scalars(
        sa.select(Site).where(beside, Site.kind == SiteKind(kind) if kind else sa.true())
    ).all()

    drawn = client.get(f"/map/sites.json?{urlencode(asked)}").json
    page = Page("/map", client.get(f"/map?{urlencode(asked)}"))
    counted = Page("/sites", client.get(f"/sites?{urlencode(asked)}"))

    missing = sum(site.latitude is None for site in listed)
    assert len(drawn["codes"]) + missing == len(listed)
    assert f"共 {len(listed)} 处场所" in page.text
    assert f"共 {len(listed)} 处场所" in counted.text
    assert f"图上 {len(drawn['codes'])} 处，缺点位 {missing} 处" in page.text


@pytest.mark.parametrize(
    "filters",
    [
        {"precision": "street"},
        {"opening": "closed"},
        {"q": "示例"},
        {"lying": "elsewhere"},
        {"origin": "real"},
    ],
)
def test_map_and_list_have_the_same_filters(client, enter, filters):
    enter()
    asked = urlencode({"division": SHANGHAI, "on": DAY} | filters)

    drawn = client.get(f"/map/sites.json?{asked}").json

    words = Page("/sites", client.get(f"/sites?{asked}&point=present")).text
    assert f"共 {len(drawn['codes'])} 处场所" in words


def test_the_list_leads_to_the_map_with_its_filters_and_back(polite: Polite, enter):
    enter()

    listed = polite.get(f"/sites?division={HUANGPU}&kind=workshop&on={DAY}")
    page = polite.follow(listed, "看地图")

    assert "共 2 处场所（黄浦区，含下级）" in page.text
    back = parse_qs(urlsplit(page.links["场所名单"]).query)
    assert back == {"division": [HUANGPU], "kind": ["workshop"], "on": [DAY]}


def test_the_figures_page_leads_to_its_map(polite: Polite, enter):
    enter()

    figure = polite.get(f"/figures/certified-share?division={SHANGHAI}&on={DAY}&rule=all-staff")
    asked = parse_qs(urlsplit(figure.links["看地图"]).query)

    assert asked == {
        "figure": ["certified-share"], "division": [SHANGHAI], "on": [DAY], "rule": ["all-staff"],
    }  # fmt: skip
    polite.get(figure.links["看地图"])


def test_sites_elsewhere_and_without_a_point_are_one_click_away(polite: Polite, enter):
    enter()

    page = polite.get(address(division=SHANGHAI))

    elsewhere = polite.follow(page, "查看这些场所")
    assert "共 1 处场所" in elsewhere.text
    without = polite.follow(page, "缺点位 13 处")
    assert "共 13 处场所" in without.text


def test_streets_are_tiles_that_lead_to_their_figure(polite: Polite, enter):
    enter()

    page = polite.get(address(division=HUANGPU))

    assert "示意图，不表示行政区划界线。" in page.main
    assert "没有入库机构的区划（1个）：老西门街道。" in page.main
    assert urlsplit(page.links["外滩街道"]).path == "/figures/qualified-share"
    assert parse_qs(urlsplit(page.links["外滩街道"]).query)["division"] == ["310101013"]
    assert script_data(page)["areas"] is None


def test_a_division_without_children_shows_its_institutions(polite: Polite, enter):
    enter()

    page = polite.get(address(division=NANJING_EAST_ROAD))

    assert "这一区划没有下级区划，地图只显示其中的服务场所。" in page.main
    assert "这一区划没有边界数据，图上的轮廓是黄浦区的边界。" in page.main
    assert "图上的轮廓" not in polite.get(address(division=HUANGPU)).main


def test_a_day_before_the_data_is_said_plainly_and_drawn_as_blank(polite: Polite, enter):
    enter()

    page = polite.get(address(division=SHANGHAI, on="2010-01-01"))

    assert "截至2010-01-01，这里没有入库机构" in page.main
    assert script_data(page)["areas"]["shades"] == "b" * 16


def test_a_city_without_boundaries_is_shown_as_tiles_and_says_so(polite: Polite, enter):
    enter(Role.PROVINCE)
    page = polite.get(address(division="4201"))

    assert "这一区划的占比不在您的权限范围内" in page.main
    assert "下级区划没有边界数据，以方块示意，不画边界。" in page.main


REFUSED = [
    ("division=319999", 404, "没有区划代码"),
    ("division=abc", 404, "没有区划代码"),
    ("figure=no-such", 404, ""),
    ("on=2026-02-30", 400, "日期"),
    ("on=1900-01-01", 400, "统计日期应在"),
    ("rule=none", 400, "没有口径"),
    ("view=globe", 400, "view"),
    ("kind=castle", 400, "kind"),
    ("precision=vague", 400, "precision"),
    ("division=310101&by=city", 400, "不在区划310101之下"),
]


@pytest.mark.parametrize(("query", "status", "words"), REFUSED)
def test_a_question_that_has_no_answer_is_refused_in_words(polite: Polite, enter, query, status, words):
    enter()

    assert words in polite.get(f"/map?{query}", status).main


def test_shares_outside_the_readers_own_division_are_not_sent(client, polite, enter):
    enter(Role.DISTRICT)

    page = polite.get(address(division=SHANGHAI))

    assert script_data(page)["areas"] is None
    assert script_data(page)["links"]["area"] is None
    assert "这一区划的占比不在您的权限范围内" in page.main
    assert "%" not in "".join(
        "".join(row) for row in polite.get(address(division=SHANGHAI, view="table")).rows
    )
    assert client.get(f"/map/picture.svg?division={SHANGHAI}").status_code == 404


def test_a_provider_sees_where_places_are_and_no_shares(polite: Polite, enter):
    enter(Role.PROVIDER)

    page = polite.get("/map")

    assert script_data(page)["areas"] is None
    assert script_data(page)["sites"].startswith("/map/sites.json?")


def test_the_geometry_is_packed_kept_for_good_and_named_by_its_contents(client: FlaskClient, polite, enter):
    enter()
    url = script_data(polite.get(address(division=SHANGHAI)))["geometry"]

    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    plain = client.get(url)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.json["objects"]["areas"]["geometries"][0]["properties"] == {"name": "黄浦区"}


def test_another_machine_makes_the_geometry_that_this_one_named(client, polite, enter, settings: Settings):
    enter()
    url = script_data(polite.get(address(division=SHANGHAI)))["geometry"]
    before = client.get(url).data
    for file in (settings.home / "cache" / "boundaries").glob("*.gz"):
        file.unlink()

    assert client.get(url).data == before


@pytest.mark.parametrize("name", ["0123456789abcdef0123", "..", "a.b", "a" * 300])
def test_a_geometry_of_another_name_is_not_found(client: FlaskClient, enter, name):
    enter()

    assert client.get(f"/map/geometry/{name}.topojson?division=31").status_code == 404


def test_the_picture_is_the_map_without_scripts(client: FlaskClient, polite: Polite, enter):
    enter()
    page = polite.get(address(division=SHANGHAI))
    (image,) = (image for image in page.all("img") if "picture" in image.get("src", ""))

    answer = client.get(image.get("src"))

    assert answer.mimetype == "image/svg+xml"
    assert "黄浦区" in answer.text


def test_a_point_outside_its_district_is_named(polite: Polite, enter, session: Session):
    enter()
    site = session.scalar(
        sa.select(Site).where(Site.located_code.like(f"{HUANGPU}%"), Site.latitude.is_not(None))
    )
    site.latitude, site.longitude = 31.63, 121.4
    session.commit()

    assert (
        f"1处场所的点位不在所在区县的边界内，请核对坐标或所在区划：{site.name}。"
        in polite.get(address()).main
    )


def test_the_number_of_approval_takes_the_place_of_the_disclaimer(app: Flask, polite, enter, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(
        app.extensions, "settings", replace(app.extensions["settings"], map_approval="GS(2026)0001号")
    )
    enter()

    page = polite.get(address(view="print"))

    assert "审图号：GS(2026)0001号。" in page.main
    assert "示意图" not in page.main


def test_nobodys_name_is_on_the_map(client: FlaskClient, enter, session: Session):
    from registry.workforce.models import Practitioner

    enter()
    said = client.get(address()).text + client.get("/map/sites.json").text

    names = session.scalars(sa.select(Practitioner.name)).all()
    assert len(names) > 100
    assert [name for name in names if len(name) > 2 and name in said] == []


def test_the_portal_starts_without_the_libraries_of_the_map():
    question = "import sys, portal.areas; print(sorted({'folium', 'shapely'} & set(sys.modules)))"

    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
