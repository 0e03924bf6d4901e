"""What a database says of itself: its migration, the rows of its tables, where its trail ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.migrating import revision_of
from registry.audit.chain import HeadDigest
from registry.audit.queries import head_digest
from registry.sealing.keyfiles import Key

VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class Facts:
    """As one transaction sees it."""

    engine: str
    migration: str
    head: HeadDigest
    tables: dict[str, int]
    """Rows by table, the tables of the register alone."""


@dataclass(frozen=True)
class SealedDatabase:
    """The database of a backup: its file, its key, and the migration that it is at."""

    file: Path
    key: Key
    migration: str


@dataclass(frozen=True)
class Staged:
    """A register beside the one in use, at the newest migration, in a transaction that nobody committed yet."""

    connection: sa.Connection
    facts: Facts
    """As it came out of the backup, before it was migrated."""
    faults: Sequence[str] = ()
    """What the engine itself finds wrong with it."""


def facts_of(connection: sa.Connection) -> Facts:
    """To be asked in the transaction that is copied."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        head = head_digest(session)
    return Facts(
        engine=connection.dialect.name,
        migration=revision_of(connection) or "",
        head=head,
        tables={name: _rows_of(connection, name) for name in tables_of(connection)},
    )


def tables_of(connection: sa.Connection) -> list[str]:
    """Tables in an order in which none points at one that comes later."""
    ordered = sa.inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _keys in ordered if name is not None and name != VERSION_TABLE]


def _rows_of(connection: sa.Connection, table: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0
