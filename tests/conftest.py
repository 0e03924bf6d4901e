"""The fixtures that every room's tests share. The engine is chosen with `--database sqlite|postgresql`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.settings import Settings
from registry.access.models import Account, Role
from registry.engine import make_engine
from tests import factories
from tests.applications import ClientOfOneTransaction, made_settings
from tests.databases import Databases, PostgresqlDatabases, PostgresqlServer, SqliteDatabases
from tests.html_validation import HtmlValidator
from tests.polite import PoliteClient

SERVER = pytest.StashKey[PostgresqlServer]()
SERVER_FOLDER = "postgresql_server_folder"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default=os.environ.get("TEST_DATABASE", "sqlite"),
        help="the engine that the tests run on",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process starts the one server; the workers learn where it is."""
    if config.option.database == "postgresql" and not hasattr(config, "workerinput"):
        server = PostgresqlServer()
        config.stash[SERVER] = server
        config.add_cleanup(server.stop)
        server.start()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    if SERVER in node.config.stash:
        node.workerinput[SERVER_FOLDER] = str(node.config.stash[SERVER].folder)


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """`sqlite` or `postgresql`."""
    return str(pytestconfig.option.database)


@pytest.fixture(scope="session")
def databases(
    pytestconfig: pytest.Config, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """New databases for this worker, see tests/databases.py."""
    if database_kind == "sqlite":
        return SqliteDatabases(tmp_path_factory.mktemp("databases"))
    workerinput: dict[str, str] = getattr(pytestconfig, "workerinput", {})
    if SERVER_FOLDER in workerinput:
        return PostgresqlDatabases(Path(workerinput[SERVER_FOLDER]), workerinput["workerid"])
    return PostgresqlDatabases(pytestconfig.stash[SERVER].folder, "main")


@pytest.fixture(scope="session")
def database_url_of_worker(databases: Databases) -> str:
    """The migrated database that all rolled-back tests of a worker share."""
    return databases.migrated_url()


@pytest.fixture(scope="session")
def engine(database_url_of_worker: str) -> Iterator[sa.Engine]:
    """An engine on a migrated database whose rows are rolled back after each test."""
    engine = make_engine(database_url_of_worker)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection inside a transaction that never ends well: nothing a test does is kept."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: sa.Connection) -> Iterator[Session]:
    """A session on the migrated schema; its commits and rollbacks are savepoints of the test's transaction."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def database_url(databases: Databases) -> str:
    """A migrated database for this test alone, for what really commits: servers, jobs, second connections."""
    return databases.migrated_url()


@pytest.fixture
def empty_database_url(databases: Databases) -> str:
    """A database without tables, opened as its owner: for migrations."""
    return databases.empty_url()


@pytest.fixture(scope="session")
def settings(database_url_of_worker: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A demonstration portal in a folder of its own; tests that want another profile build their own."""
    return made_settings(tmp_path_factory.mktemp("home"), database_url_of_worker)


@pytest.fixture(scope="session")
def portal_app(settings: Settings) -> Flask:
    """One application per worker; use `app`."""
    app = create_app(settings)
    app.test_client_class = ClientOfOneTransaction
    return app


@pytest.fixture
def app(portal_app: Flask, connection: sa.Connection, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application, working inside the test's transaction: `session` sees what it did, and nothing is kept."""
    from portal.extensions import db  # the registry's tests need no web

    with portal_app.app_context():
        monkeypatch.setitem(db.engines, None, connection)
        db.session.configure(join_transaction_mode="create_savepoint")
    return portal_app


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A browser without scripts, not signed in."""
    client = app.test_client()
    client.session_of_test = session
    return client


@pytest.fixture
def sign_in(app: Flask, client: FlaskClient, session: Session) -> Callable[..., Account]:
    """`sign_in(Role.DISTRICT, division_code="310101")`: `client` is that account from here on."""
    from portal.sessions import SignedIn  # the registry's tests need no web

    def sign_in(role: Role | Account = Role.CITY, **facts: Any) -> Account:
        account = role if isinstance(role, Account) else factories.make_account(session, role, **facts)
        session.flush()
        with app.app_context(), client.session_transaction() as cookie:
            cookie.clear()
            cookie.update(_user_id=SignedIn(account).get_id(), _fresh=True)
        return account

    return sign_in


@pytest.fixture(scope="session")
def html_validator() -> Iterator[HtmlValidator]:
    """html-validate, started with the first page."""
    validator = HtmlValidator()
    yield validator
    validator.close()


@pytest.fixture
def polite(client: FlaskClient, engine: sa.Engine, html_validator: HtmlValidator) -> PoliteClient:
    """`client` with good manners: each page that it fetches is checked, see tests/polite.py."""
    return PoliteClient(client, engine, html_validator)
