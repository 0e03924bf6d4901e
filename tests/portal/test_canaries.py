"""Numbers that were loaded, searched and shown are in no file of the database, no upload, no log and no failure."""

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.extensions import db
from portal.intake import judging
from portal.settings import Profile, Settings
from registry.access.models import Role
from registry.access.passwords import hash_password
from registry.engine import make_engine
from registry.policy.loading import load_policy
from tests.factories import make_account, make_division, make_provider
from tests.sealing import identity_number

NUMBER, MOBILE = identity_number(777), "15412345777"
WRONG_NUMBER, WRONG_MOBILE = NUMBER[:-1] + ("3" if NUMBER[-1] != "3" else "4"), "154123457770"
CANARIES = (NUMBER, MOBILE, WRONG_NUMBER, WRONG_MOBILE)
HEADS = "人员编号,姓名,出生年份,站点编号,岗位,用工形式,是否从事社区康复服务,任职日期,身份证号,联系电话\n"
PASSWORD = "a password of the test"


@pytest.fixture
def site_code(database_url: str) -> str:
    engine = make_engine(database_url)
    with Session(engine) as session:
        for code in ("31", "310101", "310101002"):
            make_division(session, code)
        make_account(session, Role.DISTRICT, username="officer", password_hash=hash_password(PASSWORD))
        load_policy(session)
        site = make_provider(session)
        session.commit()
        code = site.code
    engine.dispose()
    return code


@pytest.fixture
def app(database_url: str, site_code: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Settings(tmp_path, database_url, Profile.DEMO, "s" * 32, "a" * 32))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


def send(client: FlaskClient, site_code: str, number: str, mobile: str) -> str:
    """The address of the preview of a file with one row."""
    row = f"示例-1,示例甲,1990,{site_code},护士,专职,是,2020-01-01,{number},{mobile}\n"
    content = BytesIO((HEADS + row).encode())
    answer = client.post("/intake/practitioners", data={"file": (content, "名单.csv")})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def test_no_number_is_left_anywhere(
    app: Flask,
    site_code: str,
    database_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    # A library that another test started may have silenced it.
    monkeypatch.setattr(app.logger, "disabled", False)
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    assert client.post("/sign-in", data={"username": "officer", "password": PASSWORD}).status_code == 303
    refused = send(client, site_code, WRONG_NUMBER, WRONG_MOBILE)
    assert client.get(f"{refused}/annotated").get_data(as_text=True).count(WRONG_NUMBER) == 1
    right = send(client, site_code, NUMBER, MOBILE)
    with monkeypatch.context() as broken:
        broken.setattr(judging, "commit", fail)
        assert client.post(f"{right}/commit").status_code == 500
    assert client.post(f"{right}/commit").status_code == 303
    person = client.post("/workforce/find", data={"field": "phone", "value": MOBILE}).headers["Location"]
    reason = {"reason": "contact", "explanation": "核实学历证书上的姓名与本人是否一致"}
    assert client.post(f"{person}/show/identity-number", data=reason).status_code == 303
    assert NUMBER in client.get(person).get_data(as_text=True)
    assert "RuntimeError" in caplog.text
    told = [caplog.text, *texts_of(database_url)]
    assert not [canary for canary in CANARIES if any(canary in text for text in told)]
    kept = [
        path for folder in folders(database_url, tmp_path) for path in folder.rglob("*") if path.is_file()
    ]
    assert any("uploads" in path.parts for path in kept)
    assert not [
        (path, canary) for path in kept for canary in CANARIES if canary.encode() in path.read_bytes()
    ]


def fail(*arguments: object, **_named: object) -> None:
    """A failure with everything that was judged in its hands, whose cause the log tells."""
    raise RuntimeError(f"{arguments!r}")


def texts_of(url: str) -> Iterator[str]:
    """Every row of every table, whatever the engine."""
    engine = make_engine(url)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            yield from (repr(tuple(row)) for row in connection.execute(sa.select(table)))
    engine.dispose()


def folders(url: str, home: Path) -> list[Path]:
    """Where the portal keeps files, and with SQLite the folder with the database and its write-ahead log."""
    database = sa.make_url(url).database
    is_file = sa.make_url(url).get_backend_name() == "sqlite" and database
    return [home, Path(database).parent] if is_file else [home]
