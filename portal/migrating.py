"""Brings a database to a schema: what `portal upgrade`, the demonstration and the tests call."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.shipped import shipped
from registry.engine import make_engine

NEWEST = "head"
EMPTY = "base"


def upgrade_database(url: str, to: str = NEWEST) -> None:
    """Runs the missing migrations up to a revision, all in one transaction."""
    _migrate(url, command.upgrade, to)


def downgrade_database(url: str, to: str) -> None:
    """Takes migrations back down to a revision."""
    _migrate(url, command.downgrade, to)


def migrate_connection(connection: sa.Connection, to: str = NEWEST) -> None:
    """The same inside a transaction that the caller ends; on PostgreSQL alone, whose tables are altered in place."""
    config = migration_config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def known_revisions() -> set[str]:
    """Every revision that this version ships."""
    return {script.revision for script in ScriptDirectory.from_config(migration_config()).walk_revisions()}


def newest_revision() -> str:
    """The revision that the shipped migrations lead to."""
    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    if head is None:
        raise LookupError("no migration is shipped")
    return head


def revision_of(connection: sa.Connection) -> str | None:
    """The revision that a database is at, None before the first upgrade."""
    return MigrationContext.configure(connection).get_current_revision()


def migration_config() -> Config:
    """What alembic needs to know, without a file: the folder of the shipped migrations."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migrate(url: str, run: Callable[[Config, str], None], to: str) -> None:
    engine = make_engine(url)
    config = migration_config()
    try:
        with engine.connect() as connection:
            _suspend_foreign_keys(connection)
            with connection.begin():
                config.attributes["connection"] = connection
                run(config, to)
                _check_foreign_keys(connection)
    finally:
        engine.dispose()


def _suspend_foreign_keys(connection: sa.Connection) -> None:
    # SQLite alters a table by copying and dropping it; with keys enforced, the drop would delete what points at it.
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")


def _check_foreign_keys(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise sa.exc.IntegrityError(
            "PRAGMA foreign_key_check", None, ValueError(f"rows that point nowhere: {broken[:5]}")
        )
