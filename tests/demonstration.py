"""Fixtures on the demonstration world: built once for a run, copied for whoever writes, rolled back after each test.

A module of tests that wants its pages to stand on the demonstration overrides one fixture:

    @pytest.fixture
    def connection(demo_connection: sa.Connection) -> sa.Connection:
        return demo_connection
"""

import fcntl
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.migrating import upgrade_database
from registry import schema as schema
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.sealing.keyring import KeyRing
from tests.databases import Databases
from tests.sealing import fixed_keys

TRAIL = Trail(b"the key of a demonstration that only tests see")


@dataclass(frozen=True)
class Demonstration:
    """A database that holds the world, not to be written to, and the folder of its sample workbooks."""

    url: str
    samples: Path


@pytest.fixture(scope="session")
def demonstration(
    databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Demonstration:
    """The world of WORLD_DAY; on SQLite all workers share one build."""
    if database_kind != "sqlite":
        folder = tmp_path_factory.mktemp("demonstration")
        return _built(databases.migrated_url(), folder)
    shared = _folder_of_all_workers(tmp_path_factory) / "demonstration"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = shared / "demo.sqlite"
        if not file.exists():
            _build_file(shared, file)
    return Demonstration(f"sqlite:///{file}", shared)


@pytest.fixture
def demo_url(demonstration: Demonstration, databases: Databases) -> str:
    """A copy for this test alone, for what really commits: servers, commands, browsers."""
    return databases.copy_of(demonstration.url)


@pytest.fixture(scope="session")
def demo_engine(demonstration: Demonstration, databases: Databases) -> Iterator[sa.Engine]:
    """An engine on this worker's copy, whose rows are rolled back after each test."""
    engine = make_engine(databases.copy_of(demonstration.url))
    yield engine
    engine.dispose()


@pytest.fixture
def demo_connection(demo_engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection inside a transaction that is rolled back."""
    with demo_engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def demo_session(demo_connection: sa.Connection) -> Iterator[Session]:
    """A session on the demonstration; its commits are savepoints of the test's transaction."""
    with Session(bind=demo_connection, join_transaction_mode="create_savepoint") as session:
        yield session


def _folder_of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workers of one run have their folders side by side."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


def _build_file(shared: Path, file: Path) -> None:
    unfinished = shared / "unfinished.sqlite"
    url = f"sqlite:///{unfinished}"
    upgrade_database(url)
    _built(url, shared)
    shutil.move(unfinished, file)


def _built(url: str, folder: Path) -> Demonstration:
    from portal.demo.build import build_demo  # geometry and workbooks cost runs that ask for no demonstration

    engine = make_engine(url)
    try:
        with Session(engine) as session:
            world = build_demo(session, trail=TRAIL, seals=KeyRing(fixed_keys(folder / "keys")))
            session.commit()
    finally:
        engine.dispose()  # SQLite folds its write-ahead log into the file when the last connection closes
    for name, data in world.samples.items():
        (folder / name).write_bytes(data)
    return Demonstration(url, folder)
