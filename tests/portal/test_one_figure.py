"""One figure in six places: page, map, interface, workbook, Word and PDF say the same, each read back from its bytes.

The numbers they are held to come from an oracle that imports nothing of the product.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from registry.access.models import Role
from tests.portal.pages import Page, text_of
from tests.reports.figures.oracle import Oracle
from tests.reports.figures.test_demonstration import CITY, DAYS

FIGURE = "/figures/qualified-share"
WHOLE = "合计"

Counts = Mapping[str, tuple[int, int]]
"""Numerator and denominator by the name of the district, and of the whole."""


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture(scope="module")
def oracle(demo_engine: sa.Engine) -> Oracle:
    with demo_engine.connect() as connection:
        return Oracle(lambda sql: connection.exec_driver_sql(sql).fetchall())


@pytest.fixture(autouse=True)
def _city(sign_in: Callable[..., Any]) -> None:
    sign_in(Role.CITY, division_code=CITY)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_one_figure_is_the_same_in_six_places(
    client: FlaskClient, oracle: Oracle, day: date, database_kind: str
) -> None:
    if database_kind != "sqlite" and day not in DAYS[::7]:
        pytest.skip("the renderers are the same on every engine: three days of twenty are looked at here")
    names = names_of(client, day)
    pooled = oracle.pooled_in(names, day.isoformat())
    expected = {names[code]: pair for code, pair in pooled.items()}
    assert len(expected) == 17

    assert on_the_page(client, day) == expected
    assert on_the_map(client, day, names) == {name: pair for name, pair in expected.items() if name != WHOLE}
    assert in_the_interface(client, day) == expected
    assert in_the_workbook(client, day) == expected
    assert in_word(client, day) == expected
    assert in_pdf(client, day, expected) == expected


def names_of(client: FlaskClient, day: date) -> dict[str, str]:
    """Each district's name by its code, and the whole."""
    answer = client.get(f"/api/v1{FIGURE}?division={CITY}&on={day}").json
    assert answer is not None
    return {CITY: WHOLE} | {part["code"]: part["name"] for part in answer["parts"]}


def on_the_page(client: FlaskClient, day: date) -> Counts:
    page = Page(FIGURE, client.get(f"{FIGURE}?division={CITY}&on={day}"))
    totals = [[text_of(cell) for cell in row] for foot in page.all("tfoot") for row in foot]
    rows = [row for row in (*page.rows, *totals) if len(row) == 8]
    return {row[0].removesuffix("同一人只计一次").strip(): (number(row[2]), number(row[3])) for row in rows}


def on_the_map(client: FlaskClient, day: date, names: Mapping[str, str]) -> Counts:
    """The values that colour the map lie in the order of the areas of its geometry."""
    text = client.get(f"/map?division={CITY}&on={day}").text
    drawn = re.search(r'id="map-data"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert drawn is not None
    data = json.loads(drawn.group(1))
    (layer,) = client.get(data["geometry"]).json["objects"].values()
    values = zip(data["areas"]["numerators"], data["areas"]["denominators"], strict=True)
    codes = (str(area["id"]) for area in layer["geometries"])
    return {names[code]: pair for code, pair in zip(codes, values, strict=True)}


def in_the_interface(client: FlaskClient, day: date) -> Counts:
    answer = client.get(f"/api/v1{FIGURE}?division={CITY}&on={day}").json
    parts = {part["name"]: (part["numerator"], part["denominator"]) for part in answer["parts"]}
    return parts | {WHOLE: (answer["numerator"], answer["denominator"])}


def in_the_workbook(client: FlaskClient, day: date) -> Counts:
    answer = client.get(f"{FIGURE}/export?division={CITY}&on={day}&format=xlsx")
    sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return {str(row[1]).partition("（")[0]: (row[4], row[5]) for row in rows if row[1]}


def in_word(client: FlaskClient, day: date) -> Counts:
    table = docx.Document(BytesIO(briefing(client, day, "docx"))).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    return {row[0]: (number(row[3]), number(row[4])) for row in rows}


def in_pdf(client: FlaskClient, day: date, names: Mapping[str, object]) -> Counts:
    pages = PdfReader(BytesIO(briefing(client, day, "pdf"))).pages
    text = "\n".join(page.extract_text() for page in pages)
    row = re.compile(rf"^({'|'.join(names)}) [\d,]+ (?:[\d,]+|--) ([\d,]+) ([\d,]+) [\d.]+% ", re.MULTILINE)
    return {name: (number(part), number(whole)) for name, part, whole in row.findall(text)}


def briefing(client: FlaskClient, day: date, kind: str) -> bytes:
    """What the button of the figure's page gives."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert token is not None
    asked = {"figure": "qualified-share", "division": CITY, "on": day.isoformat(), "format": kind}
    answer = client.post("/documents/briefing", data={"csrf_token": token.group(1), **asked})
    assert answer.status_code == 200, answer.text[:500]
    return answer.data


def number(text: str) -> int:
    """1,576."""
    return int(text.replace(",", ""))
