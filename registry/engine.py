"""How the register's database is opened, the same for pages, commands, jobs and tests.

SQLite keeps a write-ahead log, puts every commit on disk before it is answered, and takes its write lock when a
transaction begins: a lock taken later fails at once when another writer was faster.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from registry import marking as marking  # whoever opens the register leaves its mark there

WAIT_FOR_THE_LOCK = "PRAGMA busy_timeout = 5000"  # milliseconds
READS_ONLY = "reads_only"
"""Execution option of an engine or connection (`execution_options(reads_only=True)`): SQLite takes no write lock."""


def make_engine(url: str | sa.URL, **options: Any) -> sa.Engine:
    """An engine on the register; `options` go to `sqlalchemy.create_engine`."""
    engine = sa.create_engine(url, **options)
    configure_sqlite(engine)
    return engine


def snapshot_of(engine: sa.Engine) -> sa.Engine:
    """The same database; each transaction sees one state of the register, keeps no writer waiting and writes nothing.

    What reads for long reads here: on SQLite it takes no write lock, on PostgreSQL no later statement sees more.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READS_ONLY: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def configure_sqlite(engine: sa.Engine) -> None:
    """Gives every connection of a SQLite engine its settings; other databases are left as they are."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling begins too late and too weakly; _begin says it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(WAIT_FOR_THE_LOCK)
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    reads_only = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
