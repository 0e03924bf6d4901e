"""The fixtures that every room's tests share. The engine is chosen with `--database sqlite|postgresql`."""

import os
from collections.abc import Callable, Iterator
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
from tests.together import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler

SERVER = pytest.StashKey[PostgresqlServer]()
SERVER_FOLDER = "postgresql_server_folder"
COUNT = "count"


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
    """What says the same on both engines is left out on PostgreSQL: it asks no database, or says so (`only_once`)."""
    if config.option.database == "sqlite":
        return
    left_out = [item for item in items if is_no_matter_of_the_engine(item)]
    if left_out and len(left_out) < len(items):
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def is_no_matter_of_the_engine(item: pytest.Item) -> bool:
    asked = getattr(item, "fixturenames", ())
    return "databases" not in asked or "only_once" in asked


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`tell(sentence)` counts something: all such sentences stand at the end of the run, whichever worker said them."""
    return lambda sentence: record_property(COUNT, sentence)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    told = [
        str(sentence)
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, sentence in report.user_properties
        if name == COUNT and report.when == "call"
    ]
    if told:
        terminalreporter.section("counts")
        terminalreporter.write_line("\n".join(told))


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    """`sqlite` or `postgresql`."""
    return str(pytestconfig.option.database)


@pytest.fixture
def only_once(database_kind: str) -> None:
    """For what asks a database and yet says nothing of it: done on SQLite, which is quicker."""
    if database_kind != "sqlite":
        pytest.skip("no matter of the engine")


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
