"""PostgreSQL: one state of the register as COPY statements, which psql reads too; put back by its owner, or not at all.

The tables are not in the backup: the migrations make them, as everywhere else. Nothing but this connection is needed,
no programs of PostgreSQL, and a backup of one version of the server is read by any other.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from psycopg import sql

from portal.backups.facts import Facts, SealedDatabase, Staged, facts_of, tables_of
from portal.backups.manifest import BackupRefused
from portal.backups.sealed_files import opened_file, sealed_file
from portal.migrating import migrate_connection
from registry.engine import make_engine, snapshot_of
from registry.sealing.keyfiles import Key

HEAD = re.compile(rb'COPY "(\w+)" \(("\w+"(?:, "\w+")*)\) FROM stdin;\n')
END = b"\\.\n"
PATIENCE = "20s"
"""How long a restore waits for others to let go of the tables that it moves out of the way."""


def dump(url: str, target: Path, key: Key) -> Facts:
    """The rows of every table into a sealed file; what the database said at that moment."""
    engine = make_engine(url)
    try:
        with snapshot_of(engine).connect() as connection, connection.begin():
            facts = facts_of(connection)
            with sealed_file(target, key) as sealed:
                for table in facts.tables:
                    _copy_out(connection, table, sealed)
    finally:
        engine.dispose()
    return facts


@contextmanager
def staged(backup: SealedDatabase, url: str, aside: str) -> Iterator[Staged]:
    """The register of a backup in the place of the one in use, whose tables lie aside; committing switches them."""
    with _restored(backup, url, lambda connection: _move_aside(connection, aside)) as register:
        yield register


@contextmanager
def rehearsed(backup: SealedDatabase, url: str, scratch: Path) -> Iterator[Staged]:
    """The same in a new schema, while the register is left alone; it is never committed."""
    with _restored(backup, url, lambda connection: _enter_new_schema(connection, scratch.name)) as register:
        yield register


def switch(_url: str, _aside: Path) -> None:
    """Committing was the switch."""


@contextmanager
def _restored(
    backup: SealedDatabase, url: str, make_room: Callable[[sa.Connection], None]
) -> Iterator[Staged]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection, told_apart():
            _run(connection, f"SET LOCAL lock_timeout = '{PATIENCE}'")
            make_room(connection)
            migrate_connection(connection, backup.migration)
            _fill(connection, backup.file, backup.key)
            facts = facts_of(connection)
            migrate_connection(connection)
            yield Staged(connection, facts)
    finally:
        engine.dispose()


@contextmanager
def told_apart() -> Iterator[None]:
    """What the database refuses, as what the operator can do about it."""
    try:
        yield
    except sa.exc.OperationalError as error:
        raise BackupRefused(
            f"The register is in use ({error.orig}). Stop the portal and its workers."
        ) from None
    except sa.exc.ProgrammingError as error:
        raise BackupRefused(
            f"A register is restored by its owner: give PORTAL_DATABASE_URL of the owner ({error.orig})."
        ) from None


def holds_anything(url: str) -> bool:
    """Whether there are tables already."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return bool(sa.inspect(connection).get_table_names())
    finally:
        engine.dispose()


def _move_aside(connection: sa.Connection, schema: str) -> None:
    """Every table and function of the register into a schema of its own, where they stay until somebody drops it.

    The job store too: it would take for done what the restored register still waits for.
    """
    from portal.jobs import SCHEMA as JOB_STORE  # which takes backups itself

    owned = (
        "SELECT 'TABLE ' || quote_ident(relname) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " UNION ALL SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace"
    )
    names = connection.exec_driver_sql(owned).scalars().all()
    _make_schema(connection, schema)
    for name in names:
        _run(connection, f'ALTER {name} SET SCHEMA "{schema}"')
    if JOB_STORE in sa.inspect(connection).get_schema_names():
        _run(connection, f'ALTER SCHEMA "{JOB_STORE}" RENAME TO "{schema}_{JOB_STORE}"')


def _enter_new_schema(connection: sa.Connection, schema: str) -> None:
    """For a drill: whatever follows happens there, and the register is left alone."""
    _make_schema(connection, schema)
    _run(connection, f'SET LOCAL search_path TO "{schema}"')


def _make_schema(connection: sa.Connection, schema: str) -> None:
    _run(connection, f'CREATE SCHEMA "{schema}"')


def _copy_out(connection: sa.Connection, table: str, target: BinaryIO) -> None:
    columns = [sql.Identifier(column["name"]) for column in sa.inspect(connection).get_columns(table)]
    named = sql.SQL("{} ({})").format(sql.Identifier(table), sql.SQL(", ").join(columns))
    cursor = _cursor(connection)
    target.write(sql.SQL("COPY {} FROM stdin;\n").format(named).as_bytes(cursor))
    with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(named)) as rows:
        for block in rows:
            target.write(block)
    target.write(END)


def _fill(connection: sa.Connection, source: Path, key: Key) -> None:
    """The guards of the trail stand aside meanwhile: they would take an old checkpoint for a forged one."""
    tables = tables_of(connection)
    _guards(connection, tables, "DISABLE")
    with opened_file(source, key) as lines:
        for head in lines:
            _copy_in(connection, head, lines)
    _guards(connection, tables, "ENABLE")
    for table in tables:
        _go_on_counting(connection, table)


def _copy_in(connection: sa.Connection, head: bytes, lines: BinaryIO) -> None:
    match = HEAD.fullmatch(head)
    if match is None:
        raise BackupRefused("The database of this backup is no list of COPY statements.")
    with _cursor(connection).copy(head.rpartition(b";")[0]) as rows:
        for line in lines:
            if line == END:
                return
            rows.write(line)
    raise BackupRefused("The database of this backup ends within a table.")


def _guards(connection: sa.Connection, tables: list[str], what: str) -> None:
    for table in tables:
        _run(connection, f'ALTER TABLE "{table}" {what} TRIGGER USER')


def _go_on_counting(connection: sa.Connection, table: str) -> None:
    """The next key comes after the last one."""
    if "id" not in {column["name"] for column in sa.inspect(connection).get_columns(table)}:
        return
    following = sql.SQL(
        "SELECT setval(counter, coalesce((SELECT max(id) FROM {table}), 1), EXISTS (SELECT FROM {table}))"
        " FROM pg_get_serial_sequence({name}, 'id') AS counter WHERE counter IS NOT NULL"
    )
    _cursor(connection).execute(following.format(table=sql.Identifier(table), name=sql.Literal(table)))


def _cursor(connection: sa.Connection) -> Any:
    return connection.connection.cursor()


def _run(connection: sa.Connection, words: str) -> None:
    """Statements about the schema itself: names cannot be bound, and all of these are our own."""
    connection.exec_driver_sql(words)
