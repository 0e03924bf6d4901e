"""Runs the migrations on the database that the caller names (see portal/migrating.py; there is no alembic.ini).

The connection comes from the caller, so that upgrades use the same engine settings as everything else.
"""

from alembic import context

from registry.schema import metadata

connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter a constraint: batch mode copies the table.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
)

with context.begin_transaction():
    context.run_migrations()
