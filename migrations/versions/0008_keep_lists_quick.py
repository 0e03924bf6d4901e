"""Keep lists quick: an organisation knows when it was listed, indexes hold all that a list asks, writes leave a mark.

What an organisation knows follows from its standings; triggers write it, whoever changes a standing.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LISTED = ("listed_from", "listed_until", "listed_times")
COVERED = {"organisation": LISTED, "standing": ("number",), "site": ()}

SUM = """
    UPDATE organisation SET (listed_from, listed_until, listed_times) = (
        SELECT min(granted_on), CASE WHEN count(*) = count(ended_on) THEN max(ended_on) END, count(*)
        FROM standing WHERE standing.organisation_id = organisation.id AND standing.kind = 'provider'
    )
"""
SUM_NEW, SUM_OLD = (f"{SUM} WHERE organisation.id = {row}.organisation_id;" for row in ("NEW", "OLD"))

SQLITE_TRIGGERS = {
    "standing_granted_is_summed": f"AFTER INSERT ON standing BEGIN {SUM_NEW} END",
    "standing_changed_is_summed": f"""
        AFTER UPDATE OF kind, granted_on, ended_on, organisation_id ON standing BEGIN {SUM_OLD} {SUM_NEW} END
    """,
    "standing_deleted_is_summed": f"AFTER DELETE ON standing BEGIN {SUM_OLD} END",
}

POSTGRESQL_FUNCTION = f"""
    CREATE FUNCTION sum_standings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN {SUM_OLD} END IF;
        IF TG_OP <> 'DELETE' THEN {SUM_NEW} END IF;
        RETURN NULL;
    END
    $$
"""
POSTGRESQL_TRIGGER = """
    CREATE TRIGGER standing_is_summed
    AFTER INSERT OR DELETE OR UPDATE OF kind, granted_on, ended_on, organisation_id ON standing
    FOR EACH ROW EXECUTE FUNCTION sum_standings()
"""

OLD_INDEXES = {
    "organisation": (
        ("name",), ("division_code", "name", "id"), ("kind", "division_code", "name", "id"), ("kind", "name", "id"),
    ),
    "standing": (("organisation_id", "kind", "granted_on"),),
    "site": (("organisation_id",),),
}  # fmt: skip
NEW_INDEXES = {
    "organisation": (
        ("name", "id", "division_code", "kind"), ("division_code", "name", "id", "kind"),
        ("kind", "division_code", "name", "id"), ("kind", "name", "id", "division_code"),
    ),
    "standing": (("organisation_id", "kind", "granted_on", "ended_on"),),
    "site": (("organisation_id", "opened_on", "closed_on"),),
}  # fmt: skip


def upgrade() -> None:
    op.add_column("organisation", sa.Column("listed_from", sa.Date, nullable=True))
    op.add_column("organisation", sa.Column("listed_until", sa.Date, nullable=True))
    op.add_column(
        "organisation", sa.Column("listed_times", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    op.execute(SUM)
    for statement in triggers():
        op.execute(statement)
    drop_indexes(OLD_INDEXES)
    for table, column_lists in NEW_INDEXES.items():
        for columns in column_lists:
            op.create_index(index_name(table, columns), table, [*columns, *COVERED[table]])
    op.create_table(
        "register_mark",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.CheckConstraint("id = 1", name="is_the_only_row"),
    )


def downgrade() -> None:
    op.drop_table("register_mark")
    if is_postgresql():
        op.execute("DROP TRIGGER standing_is_summed ON standing")
        op.execute("DROP FUNCTION sum_standings()")
    else:
        for name in SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")  # nosemgrep: sql-from-text  # names of this file
    drop_indexes(NEW_INDEXES)
    for name in reversed(LISTED):
        op.drop_column("organisation", name)
    for table, column_lists in OLD_INDEXES.items():
        for columns in column_lists:
            op.create_index(index_name(table, columns), table, list(columns))


def triggers() -> Iterator[str]:
    if is_postgresql():
        yield from (POSTGRESQL_FUNCTION, POSTGRESQL_TRIGGER)
    else:
        yield from (f"CREATE TRIGGER {name} {body}" for name, body in SQLITE_TRIGGERS.items())


def drop_indexes(indexes: dict[str, tuple[tuple[str, ...], ...]]) -> None:
    for table, column_lists in indexes.items():
        for columns in column_lists:
            op.drop_index(index_name(table, columns), table)


def index_name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
