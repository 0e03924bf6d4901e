"""The migrations lead from an empty database to the models, and back."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from portal.migrating import (
    downgrade_database,
    migration_config,
    newest_revision,
    revision_of,
    upgrade_database,
)
from portal.shipped import shipped
from registry.engine import make_engine
from registry.schema import metadata
from tests import factories

FILE_NAME = re.compile(r"(\d{4})_[a-z][a-z_]*\.py")


@pytest.fixture
def open_engine() -> Iterator:
    engines = []

    def open_at(url: str) -> sa.Engine:
        engines.append(make_engine(url))
        return engines[-1]

    yield open_at
    for engine in engines:
        engine.dispose()


def described(engine: sa.Engine) -> dict[str, object]:
    """Everything that a database says about its tables, in an order of its own."""
    inspector = sa.inspect(engine)
    tables = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    return {table: table_described(inspector, table) for table in tables}


def table_described(inspector: sa.Inspector, table: str) -> dict[str, object]:
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(table)
        },
        "key": inspector.get_pk_constraint(table),
        "unique": in_order(inspector.get_unique_constraints(table)),
        "checks": in_order(inspector.get_check_constraints(table)),
        "foreign": in_order(inspector.get_foreign_keys(table)),
        "indexes": [str(index | worded(index)) for index in in_order(inspector.get_indexes(table))],
    }


def in_order(constraints: list) -> list:
    return sorted(constraints, key=lambda constraint: constraint["name"])


def worded(index: dict) -> dict[str, object]:
    """The condition of a partial index in words: two SQL texts are never equal as objects."""
    return {"dialect_options": {name: str(value) for name, value in index.get("dialect_options", {}).items()}}


def counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in metadata.sorted_tables
        }


def load_a_little(engine: sa.Engine) -> None:
    """A few related rows in most tables."""
    with Session(engine) as session:
        factories.make_division(session)
        site = factories.make_provider(session)
        factories.make_staff(session, site, qualified=1, other=2)
        factories.make_address_change(session, site)
        factories.make_account(session)
        factories.make_target(session)
        factories.make_major(session)
        session.commit()


def test_an_empty_database_is_upgraded_to_exactly_what_the_models_say(databases, open_engine):
    upgraded_url, created_url = databases.empty_url(), databases.empty_url()
    upgrade_database(upgraded_url)
    created = open_engine(created_url)
    metadata.create_all(created)

    assert described(open_engine(upgraded_url)) == described(created)


def test_alembic_sees_no_difference_between_the_newest_migration_and_the_models(
    empty_database_url, open_engine
):
    upgrade_database(empty_database_url)

    with open_engine(empty_database_url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_an_upgraded_database_knows_its_revision(empty_database_url, open_engine):
    upgrade_database(empty_database_url)

    with open_engine(empty_database_url).connect() as connection:
        assert revision_of(connection) == newest_revision()


def test_a_new_database_has_no_revision(empty_database_url, open_engine):
    with open_engine(empty_database_url).connect() as connection:
        assert revision_of(connection) is None


def test_the_migrations_have_one_head_and_are_numbered_without_a_gap():
    script = ScriptDirectory.from_config(migration_config())
    revisions = [revision.revision for revision in reversed(list(script.walk_revisions()))]

    assert len(script.get_heads()) == 1
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_a_migration_file_is_named_after_its_number_and_says_what_it_does():
    for file in (shipped("migrations") / "versions").glob("*.py"):
        name = FILE_NAME.fullmatch(file.name)
        assert name, f"{file.name}: name it 0007_add_filing_reason.py"
        text = file.read_text()
        assert f'revision = "{name[1]}"' in text
        assert text.startswith('"""')


def test_migrations_import_no_models():
    for file in (shipped("migrations") / "versions").glob("*.py"):
        assert not re.search(r"^(from|import) (registry|reports|portal)", file.read_text(), re.MULTILINE)


def test_each_migration_goes_down_and_up_again_on_a_loaded_database(empty_database_url, open_engine):
    upgrade_database(empty_database_url)
    engine = open_engine(empty_database_url)
    load_a_little(engine)
    before = described(engine)
    revisions = [
        revision.revision for revision in ScriptDirectory.from_config(migration_config()).walk_revisions()
    ]

    for revision in [*revisions[1:], "base"]:
        downgrade_database(empty_database_url, revision)
    assert described(engine) == {}
    upgrade_database(empty_database_url)

    assert described(engine) == before
    assert set(counts(engine).values()) == {0}


def test_taking_the_guard_off_and_putting_it_back_loses_no_row(empty_database_url, open_engine):
    upgrade_database(empty_database_url)
    engine = open_engine(empty_database_url)
    load_a_little(engine)
    before = counts(engine)

    downgrade_database(empty_database_url, "0002")
    upgrade_database(empty_database_url)

    # The mark goes: nothing is remembered until the next change leaves one. Names are read again by `portal upgrade`.
    # The one listed provider had no entry: going up it gets one, with the first line of its history.
    brought_over = {"provider_entry": 1, "workflow_step": 1}
    assert counts(engine) == before | {"register_mark": 0, "name_reading": 0} | brought_over
