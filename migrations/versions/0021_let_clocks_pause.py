"""Let clocks pause: a term of a record is a row of its own, deadlines have an hour, reminders know of what they remind.

To-dos of before keep their day; they have no clock, so nothing of them can be paused.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COLUMNS = ("due_at", "clock_id", "reminds_id", "milestone")


def upgrade() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject_type", sa.String(200), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
        sa.Column("term", sa.String(200), nullable=False),
        sa.Column("workdays", sa.Integer, nullable=False),
        sa.Column("runs", sa.JSON, nullable=False),
        sa.Column("since", sa.Date, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
    )
    op.create_index("ix_clock_subject_type_subject_id", "clock", ["subject_type", "subject_id"])
    with op.batch_alter_table("todo") as todo:
        todo.add_column(sa.Column("due_at", INSTANT, nullable=True))
        todo.add_column(sa.Column("clock_id", sa.Integer, nullable=True))
        todo.add_column(sa.Column("reminds_id", sa.Integer, nullable=True))
        todo.add_column(sa.Column("milestone", sa.Integer, nullable=True))
        todo.create_foreign_key("fk_todo_clock_id", "clock", ["clock_id"], ["id"])
        todo.create_foreign_key("fk_todo_reminds_id", "todo", ["reminds_id"], ["id"])
        todo.create_index("ix_todo_clock_id", ["clock_id"])
        todo.create_unique_constraint("uq_todo_reminds_id_milestone", ["reminds_id", "milestone"])
        todo.create_check_constraint("reminder_is_whole", "(reminds_id IS NULL) = (milestone IS NULL)")
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("position_id", sa.Integer, sa.ForeignKey("position.id"), nullable=False, index=True),
    )


def downgrade() -> None:
    """Reminders go with what they remind of; deadlines keep their day; a paused term is forgotten."""
    op.drop_table("calendar_feed")
    op.execute("DELETE FROM todo WHERE reminds_id IS NOT NULL")
    with op.batch_alter_table("todo") as todo:
        todo.drop_constraint("reminder_is_whole", type_="check")
        todo.drop_constraint("uq_todo_reminds_id_milestone", type_="unique")
        todo.drop_index("ix_todo_clock_id")
        todo.drop_constraint("fk_todo_reminds_id", type_="foreignkey")
        todo.drop_constraint("fk_todo_clock_id", type_="foreignkey")
        for column in COLUMNS:
            todo.drop_column(column)
    op.drop_table("clock")
