"""Retire old entries of the trail: what a checkpoint covers may leave the table, and nothing else may.

A checkpoint reaches into no entry of the last 184 days (Cybersecurity Law as amended in 2025, Art. 23(3): six months at
least), whatever the clock of the portal or a parameter says. On PostgreSQL the serving role makes none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COVERED = "EXISTS (SELECT 1 FROM audit_checkpoint WHERE first_sequence <= OLD.sequence AND OLD.sequence <= sequence)"
TOO_YOUNG = "EXISTS (SELECT 1 FROM audit_entry WHERE sequence <= NEW.sequence AND at > {floor})"
UNFOUNDED = """
    NOT EXISTS (SELECT 1 FROM audit_entry WHERE sequence = NEW.sequence AND entry_hash = NEW.entry_hash)
    OR NEW.first_sequence <> (SELECT min(sequence) FROM audit_entry)
"""

SQLITE_GUARDS = (
    "DROP TRIGGER audit_entry_is_not_deleted",
    f"""
    CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry WHEN NOT {COVERED}
    BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END
    """,
    f"""
    CREATE TRIGGER audit_checkpoint_keeps_the_floor BEFORE INSERT ON audit_checkpoint
    WHEN {TOO_YOUNG.format(floor="datetime('now', '-184 days')")}
    BEGIN SELECT RAISE(ABORT, 'entries of the last 184 days are kept'); END
    """,
    f"""
    CREATE TRIGGER audit_checkpoint_says_what_is_there BEFORE INSERT ON audit_checkpoint WHEN {UNFOUNDED}
    BEGIN SELECT RAISE(ABORT, 'the checkpoint is not what the trail says'); END
    """,
    """
    CREATE TRIGGER audit_checkpoint_is_not_changed BEFORE UPDATE ON audit_checkpoint
    BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append-only'); END
    """,
    """
    CREATE TRIGGER audit_checkpoint_is_not_deleted BEFORE DELETE ON audit_checkpoint
    BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append-only'); END
    """,
)

POSTGRESQL_GUARDS = (
    "DROP TRIGGER audit_entry_is_not_changed ON audit_entry",
    """
    CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_entry()
    """,
    f"""
    CREATE FUNCTION refuse_deletion_of_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT {COVERED} THEN
            RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END
    $$
    """,
    """
    CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_deletion_of_audit_entry()
    """,
    f"""
    CREATE FUNCTION guard_audit_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {TOO_YOUNG.format(floor="now() - interval '184 days'")} THEN
            RAISE EXCEPTION 'entries of the last 184 days are kept'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF {UNFOUNDED} THEN
            RAISE EXCEPTION 'the checkpoint is not what the trail says'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER audit_checkpoint_keeps_the_floor BEFORE INSERT ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION guard_audit_checkpoint()
    """,
    """
    CREATE FUNCTION refuse_change_of_audit_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit_checkpoint is append-only' USING ERRCODE = 'integrity_constraint_violation'; END
    $$
    """,
    """
    CREATE TRIGGER audit_checkpoint_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_checkpoint()
    """,
    """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN
            REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_checkpoint FROM app;
        END IF;
    END
    $$
    """,
)


def upgrade() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("first_sequence", sa.Integer, nullable=False, unique=True),
        sa.Column("sequence", sa.Integer, nullable=False, unique=True),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.CheckConstraint("first_sequence > 0 AND sequence >= first_sequence", name="is_a_range"),
    )
    for guard in POSTGRESQL_GUARDS if is_postgresql() else SQLITE_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """Only before anything was retired: without its checkpoint, a trail that begins later does not hold."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM audit_checkpoint")):
        raise RuntimeError("entries of the trail were retired; this step cannot be taken back")
    if is_postgresql():
        op.execute("DROP TRIGGER audit_entry_is_not_deleted ON audit_entry")
        op.execute("DROP FUNCTION refuse_deletion_of_audit_entry()")
        op.execute("DROP TRIGGER audit_entry_is_not_changed ON audit_entry")
        op.drop_table("audit_checkpoint")
        op.execute("DROP FUNCTION guard_audit_checkpoint()")
        op.execute("DROP FUNCTION refuse_change_of_audit_checkpoint()")
        op.execute(
            "CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_entry()"
        )
    else:
        op.drop_table("audit_checkpoint")
        op.execute("DROP TRIGGER audit_entry_is_not_deleted")
        op.execute(
            "CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
        )


def is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
