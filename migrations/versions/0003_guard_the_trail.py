"""Guard the trail: an entry is never changed or deleted.

Both engines refuse it by trigger, whoever asks; on PostgreSQL the serving role may not even try.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE_GUARDS = (
    """
    CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END
    """,
    """
    CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END
    """,
)

POSTGRESQL_GUARDS = (
    """
    CREATE FUNCTION refuse_change_of_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'integrity_constraint_violation'; END
    $$
    """,
    """
    CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_entry()
    """,
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM app;
        END IF;
    END
    $$
    """,
)


def upgrade() -> None:
    for guard in POSTGRESQL_GUARDS if is_postgresql() else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    if is_postgresql():
        op.execute("DROP TRIGGER audit_entry_is_not_changed ON audit_entry")
        op.execute("DROP FUNCTION refuse_change_of_audit_entry()")
    else:
        op.execute("DROP TRIGGER audit_entry_is_not_changed")
        op.execute("DROP TRIGGER audit_entry_is_not_deleted")


def is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
