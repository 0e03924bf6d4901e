"""The map in a real browser: what is drawn, that the keyboard reaches it, that one file needs no network."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from portal.cli import main
from portal.demo.accounts import PASSWORD
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, Enter, LiveServer

DAY = "2026-11-23"
MAP = f"/map?division=31&on={DAY}"
AREAS, SIGNS = "path.leaflet-interactive", ".map-marker"


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["phone", "desk"])
def test_areas_and_signs_are_drawn_and_reached_by_the_keyboard(page: Page, enter: Enter, screen) -> None:
    enter("demo-city")
    page.set_viewport_size(screen)
    page.goto(MAP)

    expect(page.locator(AREAS)).to_have_count(16)
    columns = json.loads(page.request.get(f"/map/sites.json?division=31&on={DAY}").text())
    expect(page.locator(SIGNS)).to_have_count(len(columns["codes"]))
    names = page.locator(SIGNS).evaluate_all("signs => signs.map(sign => sign.getAttribute('aria-label'))")
    assert len(set(names)) == len(names)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]

    jiading = page.get_by_role("link", name="嘉定区：31.6%，达标，30 / 95 人")
    assert jiading.get_attribute("fill") == "#2F7ABF"
    jiading.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/figures/qualified-share?*")
    assert "division=310114" in urlsplit(page.url).query


def test_the_script_writes_each_share_as_the_table_does(page: Page, enter: Enter) -> None:
    enter("demo-city")
    for day in (DAY, "2026-11-26", "2025-12-31"):
        page.goto(f"/map?division=31&on={day}&view=table")
        rows = page.locator(".parts tbody tr").all()
        table = [(row.locator("th").inner_text(), row.locator("td").nth(3).inner_text()) for row in rows]

        page.goto(f"/map?division=31&on={day}")
        expect(page.locator(AREAS)).to_have_count(16)
        words = page.locator(AREAS).evaluate_all(
            "areas => areas.map(area => area.getAttribute('aria-label'))"
        )

        assert [tuple(said.partition("，")[0].split("：")) for said in words] == table


def test_the_keyboard_goes_past_the_map_in_one_step(page: Page, enter: Enter) -> None:
    enter("demo-city")
    page.goto(MAP)
    expect(page.locator(SIGNS).first).to_be_visible()

    page.get_by_role("link", name="跳过地图").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.dataset.layer") == "areas"


def test_without_scripts_a_picture_stands_where_the_map_would(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("用户名").fill("demo-city")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto(MAP)

    expect(page.get_by_role("img", name="上海市").first).to_be_visible()
    expect(page.get_by_text("图例：占比")).to_be_visible()
    expect(page.locator(".map-canvas")).to_be_hidden()
    expect(page.get_by_label("占比数值")).to_be_hidden()
    context.close()


def test_the_map_fits_a_phone_in_large_english_letters(page: Page, enter: Enter) -> None:
    enter("demo-city")
    choices = {"language": "en", "text": "large"}
    page.context.add_cookies(
        [{"name": key, "value": choice, "url": page.url} for key, choice in choices.items()]
    )
    page.set_viewport_size(NARROW)
    page.goto(MAP)

    expect(page.locator(SIGNS).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_sign_leads_to_its_site_and_a_layer_can_be_taken_away(page: Page, enter: Enter) -> None:
    enter("demo-city")
    page.goto(f"/map?division=310101&on={DAY}&kind=day_centre")
    sign = page.locator(SIGNS)
    expect(sign).to_have_count(1)

    page.get_by_label("服务场所", exact=True).uncheck()
    expect(sign).to_have_count(0)
    page.get_by_label("服务场所", exact=True).check()
    words = str(sign.get_attribute("aria-label"))
    sign.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/sites/*")
    assert page.get_by_role("heading", level=1).inner_text().removesuffix("示例") in words


def test_geometry_that_does_not_come_is_said_on_the_page(page: Page, enter: Enter) -> None:
    enter("demo-city")
    page.context.route("**/*.topojson*", lambda route: route.fulfill(status=503))
    page.goto(MAP)

    expect(page.get_by_text("地图数据没有取到，请刷新本页，或改看表格。")).to_be_visible()
    expect(page.locator(SIGNS).first).to_be_visible()


def test_one_file_shows_the_map_without_a_network(
    browser: Browser, database_url: str, tmp_path: Path
) -> None:
    out = tmp_path / "map.html"
    environment = {
        "PORTAL_HOME": str(tmp_path),
        "PORTAL_DATABASE_URL": database_url,
        "PORTAL_PROFILE": "demo",
    }
    made = CliRunner().invoke(
        main, ["map", "--division", "31", "--on", DAY, "--out", str(out)], env=environment
    )
    assert made.exit_code == 0, made.output
    context = browser.new_context(offline=True, viewport=DESK)
    page, asked, faults = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.goto(out.as_uri())

    expect(page.locator(AREAS)).to_have_count(16)
    expect(page.locator(SIGNS).first).to_be_visible()
    assert barriers(page) == []
    assert asked == [out.as_uri()]
    assert faults == []
    context.close()
