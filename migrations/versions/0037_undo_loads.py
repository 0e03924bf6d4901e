"""Load the rows without errors beside the ones with, and keep for some days what it takes to undo a load."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WHOLE = "state <> 'committed' OR errors = 0"
WITH_TIME = "(state = 'committed') = (committed_at IS NOT NULL)"
LOADED = "state IN ('committed', 'undone')"

RUN = sa.table(
    "intake_run",
    *(
        sa.column(name, sa.Integer)
        for name in ("rows", "create", "update", "same", "duplicate", "error_rows")
    ),
    sa.column("errors", sa.Integer),
    sa.column("left_out", sa.Integer),
    sa.column("state", sa.String),
    sa.column("committed_at", INSTANT),
)


def upgrade() -> None:
    with op.batch_alter_table("intake_run") as runs:
        runs.add_column(sa.Column("error_rows", sa.Integer, nullable=False, server_default="0"))
        runs.add_column(sa.Column("left_out", sa.Integer, nullable=False, server_default="0"))
        runs.add_column(sa.Column("left_out_rows", sa.JSON, nullable=False, server_default="[]"))
        runs.add_column(sa.Column("undone_at", INSTANT))
        runs.add_column(sa.Column("undone_by", sa.String(200), nullable=False, server_default=""))
        runs.add_column(sa.Column("undone", sa.JSON, nullable=False, server_default="{}"))
    judged = RUN.c.create + RUN.c.update + RUN.c.same + RUN.c.duplicate
    op.execute(sa.update(RUN).where(RUN.c.errors > 0, judged > 0).values(error_rows=RUN.c.rows - judged))
    with op.batch_alter_table("intake_run") as runs:
        for name in ("error_rows", "left_out", "left_out_rows", "undone_by", "undone"):
            runs.alter_column(name, server_default=None)
        runs.drop_constraint("committed_has_no_error", type_="check")
        runs.drop_constraint("committed_has_a_time", type_="check")
        runs.create_check_constraint("committed_has_a_time", f"({LOADED}) = (committed_at IS NOT NULL)")
        runs.create_check_constraint(
            "committed_leaves_errors_out",
            "state NOT IN ('committed', 'undone') OR errors = 0 OR left_out > 0",
        )
        runs.create_check_constraint("undone_has_a_time", "(state = 'undone') = (undone_at IS NOT NULL)")
    op.create_table(
        "intake_journal_page",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_table", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("records", sa.LargeBinary, nullable=False),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("intake_run.id"), nullable=False, index=True),
    )


def downgrade() -> None:
    """What was undone counts as not loaded; what was loaded in part, as loaded whole."""
    op.drop_table("intake_journal_page")
    with op.batch_alter_table("intake_run") as runs:
        for name in ("undone_has_a_time", "committed_leaves_errors_out", "committed_has_a_time"):
            runs.drop_constraint(name, type_="check")
    op.execute(sa.update(RUN).where(RUN.c.left_out > 0).values(errors=0))
    op.execute(sa.update(RUN).where(RUN.c.state == "undone").values(state="refused", committed_at=None))
    with op.batch_alter_table("intake_run") as runs:
        for name in ("undone", "undone_by", "undone_at", "left_out_rows", "left_out", "error_rows"):
            runs.drop_column(name)
        runs.create_check_constraint("committed_has_a_time", WITH_TIME)
        runs.create_check_constraint("committed_has_no_error", WHOLE)
