"""Controls 8, 9, 10, 18, 21 and 22 of the threat model, each as a table (docs/security/limits.md)."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.formatting import moment
from portal.security import public
from portal.settings import Settings, SettingsError
from registry import schema
from registry.access.models import Role
from registry.base import UtcDateTime
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.models import IntakeRun
from registry.workforce.models import Practitioner
from tests.factories import (
    make_education,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.portal.applications import trial_app
from tests.reports.figures.worlds import lay_out_city
from tests.reports.workbooks.files import HEADS, ROW, packed, repacked, workbook

HEADERS = {
    "Content-Security-Policy": r"default-src 'none'; script-src 'self' 'nonce-[\w-]{22}'; "
    r"style-src 'self' 'nonce-[\w-]{22}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    r"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": r"camera=\(\), geolocation=\(\), microphone=\(\)",
    "X-Request-Id": "[0-9a-f]{16}",
}
"""Control 8: what every answer bears, and how."""

KEPT = {
    *("/dossiers", "/providers", "/services", "/sites"),
    *(f"/api/v1/{name}" for name in ("figures", "providers", "sites", "openapi.json")),
}
"""Without people: their reader's browser may keep them and asks about them each time (decision 0010)."""

STATUSES = (400, 401, 403, 404, 405, 409, 413, 418, 429, 500, 502, 503)
SECRET = "/srv/portal/keys/audit_key SELECT name FROM practitioner"

bp = Blueprint("trial", __name__)


@bp.get("/trial/abort/<int:status>")
@public
def stop(status: int) -> str:
    abort(status)


@bp.get("/trial/break/<kind>")
@bp.get("/api/v1/trial/<kind>")
@public
def break_down(kind: str) -> str:
    raise {
        "sql": sa.exc.OperationalError(SECRET, {}, Exception(SECRET)),
        "file": OSError(5, SECRET, SECRET),
    }.get(kind, RuntimeError(SECRET))


@pytest.fixture(scope="module")
def portal(settings: Settings) -> Flask:
    return trial_app(settings, bp)


@pytest.fixture
def serving(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Failures become pages, as in service."""
    monkeypatch.setattr(app, "testing", False)
    return app


def addresses(app: Flask) -> list[str]:
    """Those that name no record."""
    rules = app.url_map.iter_rules()
    return sorted({rule.rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())})


def faults_of(answer: TestResponse) -> list[str]:
    """Headers that are missing, twice there, or other than they should be."""
    return [
        name
        for name, pattern in HEADERS.items()
        if len(found := answer.headers.getlist(name)) != 1 or not re.fullmatch(pattern, found[0])
    ]


@pytest.mark.usefixtures("only_once")
@pytest.mark.parametrize("role", [None, Role.CITY, Role.SYSADMIN, Role.AUDITADMIN])
def test_c08_every_address_answers_with_every_header(
    app: Flask, client: FlaskClient, sign_in, role: Role | None
) -> None:
    if role is not None:
        sign_in(role)

    faults = {url: found for url in addresses(app) if (found := faults_of(client.get(url)))}

    assert faults == {}


@pytest.mark.usefixtures("only_once")
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_c08_every_error_does_too(client: FlaskClient, status: int, method: str) -> None:
    answer = getattr(client, method)(f"/trial/abort/{status}")

    assert faults_of(answer) == []
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("only_once")
@pytest.mark.parametrize("role", [Role.CITY, Role.DISTRICT, Role.SECADMIN])
def test_c08_nothing_that_somebody_saw_is_stored_by_his_browser(
    app: Flask, client: FlaskClient, sign_in, role: Role
) -> None:
    sign_in(role)
    client.set_cookie("scripts", "run")
    client.get("/inbox")

    found = {
        url: client.get(url).headers["Cache-Control"]
        for url in addresses(app)
        if not url.startswith(("/map/g", "/public/"))  # geometry, and what is the same for everybody
    }

    assert {url: value for url, value in found.items() if url not in KEPT and value != "no-store"} == {}
    assert {found[url] for url in KEPT} <= {"no-store", "private, no-cache"}


@pytest.mark.usefixtures("only_once")
def test_c08_the_people_of_the_interface_are_stored_by_nobody(
    client: FlaskClient, session: Session, sign_in
) -> None:
    lay_out_city(session)
    make_post(session, make_practitioner(session), make_provider(session))
    sign_in(Role.DISTRICT)

    answer = client.get("/api/v1/figures/qualified-share/rows?reason=reporting&note=2026-Q4")

    assert (answer.status_code, len(answer.json["rows"])) == (200, 1)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.usefixtures("only_once")
@pytest.mark.parametrize("url", ["/sign-out", "/me/sign-ins/end-all"])
def test_c08_whoever_leaves_leaves_nothing_in_the_browser(
    app: Flask, client: FlaskClient, sign_in, url: str
) -> None:
    sign_in(Role.CITY)
    app.config["WTF_CSRF_ENABLED"] = False

    left = client.post(url)

    app.config["WTF_CSRF_ENABLED"] = True
    assert left.status_code == 303
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 303


TABLE = workbook(HEADS, ROW)
UPLOADS: dict[str, tuple[str, bytes, int, str]] = {
    "nothing at all": ("表.xlsx", b"", 200, "文件是空的"),
    "a program": ("表.exe", b"MZ" + bytes(100), 200, "这种文件不能导入"),
    "a program under another name": ("表.xlsx", b"MZ" + bytes(100), 200, "不是工作簿"),
    "a picture": ("表.png", b"\x89PNG\r\n\x1a\n" + bytes(100), 200, "这种文件不能导入"),
    "a page": ("表.xls", b"<html><script>alert(1)</script></html>", 200, "网页表格"),
    "a document": ("表.xlsx", packed({"word/document.xml": b"<x/>"}), 200, "不是工作簿"),
    "a workbook with macros": ("表.xlsm", repacked(TABLE, xl_vbaProject__bin=b"x"), 200, "这种文件不能导入"),
    "macros under another name": ("表.xlsx", repacked(TABLE, xl_vbaProject__bin=b"x"), 200, "有宏"),
    "one that was cut": ("表.xlsx", TABLE[:2000], 200, "不完整或已损坏"),
    "one that unpacks a hundredfold": (
        "表.xlsx",
        repacked(TABLE, xl_big__bin=bytes(40_000_000)),
        200,
        "过大",
    ),
    "one of 1,001 entries": (
        "表.xlsx",
        repacked(TABLE, **{f"xl_m_{number}__bin": b"x" for number in range(1_001)}),
        200,
        "过大",
    ),
    "binary text": ("表.csv", bytes(range(256)) * 4, 200, "认不出来"),
    "51 columns": ("表.xlsx", workbook([f"列{number}" for number in range(51)], ["x"] * 51), 200, "50列"),
}
"""Control 9: what is sent, the status, and what is said; 413 beyond 21 MiB is in test_limits.py."""


@pytest.fixture
def send(app: Flask, client: FlaskClient, sign_in) -> Iterator[Callable[[str, bytes], TestResponse]]:
    """An upload of institutions by a district."""
    sign_in(Role.DISTRICT)
    app.config["WTF_CSRF_ENABLED"] = False
    yield lambda name, data: client.post(
        "/intake/practitioners",
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def _policy(session: Session) -> None:
    for key, value in {"intake.max_rows": 3, "intake.keep_days": 30}.items():
        make_parameter(session, key, value)
    session.commit()


@pytest.mark.usefixtures("only_once")
@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize("what", UPLOADS)
def test_c09_a_file_that_is_not_taken_is_said_so_and_nothing_is_kept(
    send, app: Flask, session: Session, what: str
) -> None:
    name, data, status, sentence = UPLOADS[what]

    answer = send(name, data)

    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert session.scalar(sa.select(sa.func.count()).select_from(IntakeRun)) == 0


@pytest.mark.usefixtures("only_once")
@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.xlsx",
        "..\\..\\x.xlsx",
        "/etc/passwd.xlsx",
        "a\r\nX-Evil: 1.xlsx",
        "x" * 300 + ".xlsx",
    ],
)
def test_c09_no_name_of_a_file_leads_out_of_its_folder(
    send, settings: Settings, session: Session, name: str
) -> None:
    before = {path for path in settings.home.rglob("*") if path.is_file()}

    answer = send(name, TABLE)

    new = {path for path in settings.home.rglob("*") if path.is_file()} - before
    assert answer.status_code in (200, 400)
    assert "X-Evil" not in answer.headers
    assert all(re.fullmatch(r"[2-9a-hj-km-np-z]{10}(-rows)?\.bin", path.name) for path in new)
    assert {path.parent for path in new} <= {settings.uploads}
    for path in new:
        path.unlink()


LINE = {"人员编号": "P1", "姓名": "张示例", "出生年份": 1990}
ROWS: dict[str, tuple[list[dict[str, object]], str]] = {
    "one row more than the parameter": ([LINE] * 4, "共4行，超过一次3行的上限"),
    "a cell of 4,001 signs": ([LINE | {"姓名": "张" * 4001}], "这一格有4001个字，超过4000个字的上限"),
    "a formula": ([LINE | {"姓名": "=1+1"}], "公式"),
}
"""Control 10: what stands in the table, and what is said."""


@pytest.mark.usefixtures("only_once")
@pytest.mark.usefixtures("_policy")
@pytest.mark.parametrize("what", ROWS)
def test_c10_a_table_beyond_the_limits_is_loaded_by_nobody(
    send, client: FlaskClient, session: Session, what: str
) -> None:
    rows, sentence = ROWS[what]
    heads = [column.zh for column in PRACTITIONERS.columns]
    table = [heads, *([row.get(head, "") for head in heads] for row in rows)]

    answer = send("表.xlsx", workbook(*table, sheet=PRACTITIONERS.zh))

    assert sentence in answer.text
    run = session.scalars(sa.select(IntakeRun)).one()
    assert run.errors > 0
    assert client.post(f"/intake/runs/{run.code}/commit").status_code == 400
    assert session.scalar(sa.select(sa.func.count()).select_from(Practitioner)) == 0


GOOD = {
    "PORTAL_SECRET_KEY": "tQ7-mZ2_vR9kLpX4wYs8NbC3dFg6HjAe",
    "PORTAL_AUDIT_KEY": "bV5_nM8-kJ3hGfD7sAqW2eRtY6uIoP9z",
    "PORTAL_HOME": "/srv/portal",
}
STARTS: dict[str, tuple[dict[str, str], str]] = {
    "no key of sessions": ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY is missing"),
    "no key of the trail": ({"PORTAL_AUDIT_KEY": ""}, "PORTAL_AUDIT_KEY is missing"),
    "a short key": ({"PORTAL_SECRET_KEY": "tQ7-mZ2_vR9kLpX4wYs8NbC3dFg6HjA"}, "too easy to guess"),
    "one letter": ({"PORTAL_SECRET_KEY": "a" * 64}, "too easy to guess"),
    "a word again and again": ({"PORTAL_AUDIT_KEY": "change-me-" * 4}, "too easy to guess"),
    "a longer word twice": ({"PORTAL_AUDIT_KEY": "jingkangtong-2026" * 2}, "too easy to guess"),
    "the same key twice": ({"PORTAL_AUDIT_KEY": GOOD["PORTAL_SECRET_KEY"]}, "must differ"),
    "the debugger": ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG is set"),
    "an unknown profile": ({"PORTAL_PROFILE": "debug"}, "PORTAL_PROFILE"),
    "no rates": ({"PORTAL_RATES": "off"}, "PORTAL_RATES is off"),
    "an address with a password in it": ({"PORTAL_PUBLIC_URL": "javascript:alert(1)"}, "PORTAL_PUBLIC_URL"),
}
"""Control 18: settings for work with which nothing starts, and what is said."""


@pytest.mark.parametrize("what", STARTS)
def test_c18_a_register_for_work_does_not_start_with(what: str) -> None:
    changed, sentence = STARTS[what]

    with pytest.raises(SettingsError, match=sentence) as refused:
        Settings.from_env(GOOD | changed)
    assert not [value for value in changed.values() if len(value) > 20 and value in str(refused.value)]


def test_c18_it_starts_with_good_ones_and_shows_them_to_nobody() -> None:
    settings = Settings.from_env(GOOD)

    assert not [key for key in (settings.secret_key, settings.audit_key) if key in repr(settings)]


@pytest.mark.usefixtures("only_once")
@pytest.mark.parametrize(
    "url", ["/trial/break/sql", "/trial/break/file", "/trial/break/x", "/api/v1/trial/sql"]
)
def test_c21_a_failure_says_its_number_and_nothing_else(
    serving: Flask, client: FlaskClient, url: str
) -> None:
    answer = client.get(url)

    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    for word in ("SELECT", "/srv", "practitioner", "Traceback", "sqlalchemy", "File &#34;", str(Path.cwd())):
        assert word not in answer.text
    assert faults_of(answer) == []


@pytest.mark.usefixtures("only_once")
@pytest.mark.parametrize("status", STATUSES)
def test_c21_every_error_page_bears_the_number_of_its_request(client: FlaskClient, status: int) -> None:
    answer = client.get(
        f"/trial/abort/{status}", headers={"HX-Request": "true"}
    )  # a page of 401 leads to the door

    assert answer.headers["X-Request-Id"] in answer.text


def columns() -> Iterator[sa.Column[object]]:
    for table in schema.metadata.sorted_tables:
        yield from table.columns


def test_c22_every_instant_is_kept_in_utc() -> None:
    instants = [column for column in columns() if isinstance(column.type, sa.DateTime | UtcDateTime)]

    assert len(instants) > 20
    assert [str(column) for column in instants if not isinstance(column.type, UtcDateTime)] == []


def test_c22_days_are_dates_and_end_in_on() -> None:
    named = [
        column for column in columns() if re.search(r"(_on|^on|^valid_from|^valid_to|^day)$", column.name)
    ]

    assert len(named) > 15
    assert [str(column) for column in named if not isinstance(column.type, sa.Date)] == []


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 11, 25, 16, 0, tzinfo=UTC), "2026-11-26 00:00"),
        (datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC), "2026-11-26 23:59"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2027-01-01 00:00"),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), "2028-02-29 00:00"),
    ],
)
def test_c22_instants_are_shown_in_the_time_of_shanghai(instant: datetime, shown: str) -> None:
    assert moment(instant) == shown


@pytest.mark.parametrize("day", [date(1986, 5, 4), date(1988, 7, 1), date(1991, 9, 15), date(1992, 2, 29)])
def test_c22_a_day_within_summer_time_stays_the_same_day(session: Session, day: date) -> None:
    """Shanghai had summer time from 1986 to 1991: a day that is kept as an instant would move."""
    education = make_education(session, make_practitioner(session), obtained_on=day)
    session.flush()
    session.expire_all()

    assert education.obtained_on == day
