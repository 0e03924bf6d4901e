"""The fixtures that every room's tests share. The engine is chosen with `--database sqlite|postgresql`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.engine import make_engine
from tests.databases import Databases, PostgresqlDatabases, PostgresqlServer, SqliteDatabases
from tests.demonstration import demo_connection as demo_connection
from tests.demonstration import demo_engine as demo_engine
from tests.demonstration import demo_session as demo_session
from tests.demonstration import demo_url as demo_url
from tests.demonstration import demonstration as demonstration
from tests.html_validation import HtmlValidator

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that asks for no database says the same on both engines: the run on PostgreSQL leaves it out."""
    if config.option.database == "sqlite":
        return
    left_out = [item for item in items if "databases" not in getattr(item, "fixturenames", ())]
    if left_out and len(left_out) < len(items):
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


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
def html_validator() -> Iterator[HtmlValidator]:
    """html-validate, started with the first page."""
    validator = HtmlValidator()
    yield validator
    validator.close()
