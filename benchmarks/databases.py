"""Large made-up registers, generated once and kept under build/bench until their recipe or the schema changes."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from benchmarks.comparing import FOLDER
from portal.migrating import upgrade_database
from portal.shipped import shipped
from registry.engine import make_engine

Recipe = Callable[[sa.Connection], None]


def prepared(recipe: Recipe, source: str) -> str:
    """The address of a migrated SQLite file that a recipe has filled; `source` is the recipe's file."""
    file = FOLDER / "data" / f"{Path(source).stem}-{_mark(source)}.sqlite"
    if not file.exists():
        unfinished = file.with_suffix(f".{os.getpid()}")
        file.parent.mkdir(parents=True, exist_ok=True)
        fill(f"sqlite:///{unfinished}", recipe)
        unfinished.rename(file)
    return f"sqlite:///{file}"


def fill(url: str, recipe: Recipe) -> None:
    """Migrate an empty database and fill it."""
    upgrade_database(url)
    engine = make_engine(url)
    with engine.begin() as connection:
        recipe(connection)
        if (
            connection.dialect.name == "postgresql"
        ):  # which does so by itself after a while; SQLite never does
            connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def numbers(upto: int) -> sa.CTE:
    """The numbers from 1 to `upto` as rows: what INSERT … SELECT makes many rows of."""
    first = sa.select(sa.literal(1, sa.Integer).label("i")).cte("numbers", recursive=True)
    return first.union_all(sa.select(first.c.i + 1).where(first.c.i < upto))


def insert_many(
    connection: sa.Connection, table: sa.FromClause, source: sa.Select[object], values: dict[str, object]
) -> None:
    """Insert one row for each row of `source`, each column from an expression or a constant."""
    assert isinstance(table, sa.Table)
    typed = [
        value if isinstance(value, sa.ColumnElement) else sa.literal(value, table.c[name].type)
        for name, value in values.items()
    ]
    connection.execute(sa.insert(table).from_select(list(values), source.with_only_columns(*typed)))


def _mark(source: str) -> str:
    migrations = sorted((shipped("migrations") / "versions").glob("*.py"))
    recipes = [Path(source), Path(__file__), *migrations]
    return hashlib.sha256(b"".join(file.read_bytes() for file in recipes)).hexdigest()[:12]
