"""The home page of a city with 170 institutions beside the reads that it shows, asked bare; and opened again unchanged.

What a page may cost above its numbers: signing in, permissions, the menu, the frame, the words and the pictures.
"""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from benchmarks.comparing import Comparison, interleaved, record
from portal import create_app
from portal.demo.start import prepare_demo
from portal.sessions import SignedIn
from portal.settings import Profile, Settings
from registry.access.queries import account_by_username
from registry.access.sign_ins import begin_sign_in
from registry.clock import today, utc_now
from registry.engine import make_engine
from registry.marking import RegisterMark
from registry.workforce.counting import Place
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import share
from reports.figures.trend import trend
from reports.figures.year_end import assessment

KEY = "a key that is only good for benchmarks"
CITY = "31"
AFTER_A_CHANGE, UNCHANGED = 3.0, 0.5
"""The page against its three reads: at most so many times as long."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    url = f"sqlite:///{home / 'portal.sqlite'}"
    made = Settings(home=home, database_url=url, profile=Profile.DEMO, secret_key=KEY, audit_key=KEY[::-1])
    prepare_demo(made)
    return made


@pytest.fixture(scope="module")
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    from portal.extensions import db

    client = app.test_client()
    with app.app_context():
        account = account_by_username(db.session(), "demo-city")
        assert account is not None
        token = begin_sign_in(db.session(), account, at=utc_now())
        db.session.commit()
        session_id = SignedIn(account, token).get_id()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = session_id
    return client


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[sa.Engine]:
    engine = make_engine(settings.database_url)
    yield engine
    engine.dispose()


def bare_reads(engine: sa.Engine) -> None:
    rule, day = QUALIFIED_SHARE.default_rule, today()
    with Session(engine) as session:
        share(session, QUALIFIED_SHARE, division=CITY, on=day, rule=rule)
        trend(session, QUALIFIED_SHARE, place=Place(CITY), on=day, rule=rule)
        assessment(session, QUALIFIED_SHARE, division=CITY, on=day, rule=rule)


def forget(engine: sa.Engine) -> None:
    """As if something had been changed."""
    with engine.begin() as connection:
        connection.execute(sa.update(RegisterMark).values(mark=str(utc_now().timestamp())))


def opened(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "28.6%" in answer.text


def test_the_home_page_beside_its_reads(client: FlaskClient, engine: sa.Engine) -> None:
    def after_a_change() -> None:
        forget(engine)
        opened(client)

    compare("home page, after a change", after_a_change, engine, AFTER_A_CHANGE)
    compare("home page, nothing changed", lambda: opened(client), engine, UNCHANGED)


def compare(work: str, page: Callable[[], None], engine: sa.Engine, limit: float) -> None:
    ours, bare = interleaved([page, lambda: bare_reads(engine)], rounds=15)
    record(Comparison(work, "its three reads, bare", ours, bare, limit, is_speedup=False))
