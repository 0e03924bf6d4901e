"""Let a worker check and load long files, for whoever asked."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

run = sa.table("intake_run", sa.column("state"))
OLD_STATES = ("previewed", "committed", "refused")


def upgrade() -> None:
    with op.batch_alter_table("intake_run") as table:
        table.add_column(sa.Column("asked_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("begun_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("asked_by_code", sa.String(16)))
        table.add_column(sa.Column("asked_in_code", sa.String(16)))
        table.add_column(sa.Column("reason", sa.JSON(none_as_null=True)))
        table.create_check_constraint("failed_has_a_reason", "(state = 'failed') = (reason IS NOT NULL)")
        table.create_check_constraint(
            "what_a_worker_does_was_asked_for",
            "state NOT IN ('waiting', 'checking', 'loading') OR asked_at IS NOT NULL",
        )


def downgrade() -> None:
    """What was not loaded by then is sent in again."""
    with op.batch_alter_table("intake_run") as table:
        table.drop_constraint(op.f("ck_intake_run_what_a_worker_does_was_asked_for"))
        table.drop_constraint(op.f("ck_intake_run_failed_has_a_reason"))
        for column in ("reason", "asked_in_code", "asked_by_code", "begun_at", "asked_at"):
            table.drop_column(column)
    op.execute(run.update().where(run.c.state.not_in(OLD_STATES)).values(state="refused"))
