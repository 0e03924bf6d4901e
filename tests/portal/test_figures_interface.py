"""The programming interface and the command give what the page gives."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.cli import main
from portal.commands.figure import REASONS
from registry.access.exports import ExportReason
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.engine import make_engine
from tests.factories import make_account, make_post, make_practitioner, make_provider, make_staff
from tests.reports.figures.worlds import HUANGPU, XUHUI, lay_out_city

API = "/api/v1/figures/qualified-share"
SignIn = Callable[..., Any]
EXPECTED = {
    "code": "qualified-share",
    "division": "31",
    "on": "2026-11-23",
    "counting_rule": "assigned",
    "numerator": 3,
    "denominator": 10,
    "target": {"numerator": 3, "denominator": 10, "assessed_on": "2025-12-31", "carried_on": True},
    "verdict": "met",
    "parts": [
        {"code": HUANGPU, "name": "黄浦区", "numerator": 3, "denominator": 10, "verdict": "met"},
        {"code": XUHUI, "name": "徐汇区", "numerator": 0, "denominator": 0, "verdict": "not_applicable"},
    ],
}


def write_world(session: Session) -> None:
    """3 of 10 in 黄浦区, nobody in 徐汇区."""
    lay_out_city(session)
    make_staff(session, make_provider(session), qualified=3, other=7)


def test_the_answer_keeps_the_contract(client: FlaskClient, sign_in: SignIn, session: Session) -> None:
    write_world(session)
    sign_in(Role.CITY)

    answer = client.get(f"{API}?division=310000&on=2026-11-23")

    assert answer.json == EXPECTED


def test_an_unchanged_answer_is_not_sent_again(
    client: FlaskClient, sign_in: SignIn, session: Session
) -> None:
    write_world(session)
    sign_in(Role.CITY)
    url = f"{API}?on=2026-11-23"
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("/api/v1/figures/unknown", 404, "没有指标“unknown”"),
        (f"{API}?on=2026-02-30", 400, "2026-02-30"),
        (f"{API}?by=street", 400, "township"),
        (f"{API}?division=99", 404, "99"),
    ],
)
def test_errors_are_json_with_a_message(
    client: FlaskClient, sign_in: SignIn, session: Session, url: str, status: int, words: str
) -> None:
    lay_out_city(session)
    sign_in(Role.CITY)

    answer = client.get(url)

    assert answer.status_code == status
    assert words in answer.json["message"]


def test_without_a_sign_in_the_answer_is_401(client: FlaskClient) -> None:
    assert client.get(API).status_code == 401


@pytest.fixture
def portal_command(database_url: str, tmp_path, monkeypatch) -> Callable[..., Result]:
    """`portal …` on a database of its own."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        write_world(session)
        site = make_provider(session)
        make_post(session, make_practitioner(session, name="欧阳小明"), site, serves_programme=False)
        make_account(session, Role.CITY, username="demo-city")
        make_account(session, Role.DISTRICT, username="huangpu")
        make_account(session, Role.STATION, username="station")
        session.commit()
    engine.dispose()
    monkeypatch.setenv("PORTAL_PROFILE", "demo")
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path))
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)
    monkeypatch.delenv("PORTAL_AS", raising=False)
    return lambda *words: CliRunner().invoke(main, ["figure", *words])


def test_the_command_prints_what_the_interface_answers(portal_command: Callable[..., Result]) -> None:
    said = portal_command("qualified-share", "--division", "31", "--on", "2026-11-23", "--json")

    assert (said.exit_code, json.loads(said.output)) == (0, EXPECTED)


PURPOSE = ("--reason", "reporting", "--note", "2026年第四季度核对")


def test_the_command_prints_rows_with_masked_names(portal_command: Callable[..., Result]) -> None:
    said = portal_command("qualified-share", "--on", "2026-11-23", "--rows", *PURPOSE, "--json")

    rows = json.loads(said.output)["rows"]
    assert len(rows) == 11
    assert [(row["name"], row["standing"]) for row in rows if row["standing"] == "outside"] == [
        ("欧阳*明", "outside")
    ]


def test_the_command_prints_lines_for_people(portal_command: Callable[..., Result]) -> None:
    said = portal_command("qualified-share", "--on", "2026-11-23", "--by", "site", "--rows", *PURPOSE)

    assert "30.0%  3/10  目标 30%  met" in said.output
    assert "\t3/10\t30.0%\tmet" in said.output
    assert "欧阳*明" in said.output


def test_the_command_hides_names_that_the_page_hides(portal_command: Callable[..., Result]) -> None:
    said = portal_command(
        "qualified-share", "--on", "2026-11-23", "--rows", *PURPOSE, "--json", "--as", "station"
    )

    rows = json.loads(said.output)["rows"]
    assert rows
    assert {row["name"] for row in rows} == {None}


def test_the_command_gives_nobodys_rows_without_a_purpose_and_says_in_the_trail_who_had_them(
    portal_command: Callable[..., Result], database_url: str
) -> None:
    assert portal_command("qualified-share", "--rows").exit_code == 2
    assert portal_command("qualified-share", "--rows", *PURPOSE).exit_code == 0

    engine = make_engine(database_url)
    with Session(engine) as session:
        entry = session.scalars(sa.select(AuditEntry)).one()
    engine.dispose()
    assert (entry.action, entry.facts["format"], entry.facts["rows"]) == ("practitioner.export", "text", 11)
    assert (entry.facts["reason"], entry.reason) == ("reporting", "2026年第四季度核对")


def test_the_reasons_of_the_command_are_those_of_the_registry() -> None:
    assert [one.value for one in ExportReason] == list(REASONS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("unknown",), "没有指标“unknown”"),
        (("qualified-share", "--on", "yesterday"), "yesterday"),
        (("qualified-share", "--division", XUHUI, "--as", "huangpu"), "may not see"),
    ],
)
def test_the_command_refuses_with_exit_code_2(
    portal_command: Callable[..., Result], words: tuple[str, ...], message: str
) -> None:
    said = portal_command(*words)

    assert said.exit_code == 2
    assert message in said.output
