"""Hand over open work, and let departments ask one another: two nouns, each with its own table of steps."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "department_task",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("from_role", sa.String(40), nullable=False),
        sa.Column("from_code", sa.String(12), nullable=False, index=True),
        sa.Column("to_role", sa.String(40), nullable=False),
        sa.Column("to_code", sa.String(12), nullable=False, index=True),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("replied_at", INSTANT),
        sa.Column("version", sa.Integer, nullable=False),
        to("organisation", nullable=True),
        to("account", "asked_by_id"),
    )
    _handovers()
    op.create_index("ix_department_task_state_due_on", "department_task", ["state", "due_on"])


def downgrade() -> None:
    """Tasks and handovers that are in hand are lost; the trail still names every one."""
    op.drop_table("handover_line")
    op.drop_table("handover")
    op.drop_table("department_task")


def _handovers() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("drawn_up_at", INSTANT, nullable=False),
        sa.Column("drawn_up_as", sa.String(40), nullable=False),
        sa.Column("waits_for_role", sa.String(40), nullable=False),
        sa.Column("waits_for_code", sa.String(12), nullable=False, index=True),
        sa.Column("is_left_above", sa.Boolean, nullable=False),
        sa.Column("passed_on_at", INSTANT),
        sa.Column("version", sa.Integer, nullable=False),
        to("organisation", nullable=True),
        to("position"),
        to("position", "successor_id", nullable=True),
        to("account", "drawn_up_by_id"),
        sa.CheckConstraint(
            "state IN ('drawn_up', 'withdrawn') OR successor_id IS NOT NULL", name="passed_on_has_a_successor"
        ),
        sa.CheckConstraint("successor_id IS NULL OR successor_id <> position_id", name="is_to_somebody_else"),
    )
    op.create_table(
        "handover_line",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("subject_type", sa.String(200), nullable=False),
        sa.Column("subject_code", sa.String(200), nullable=False),
        sa.Column("subject_name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("passing", sa.String(40), nullable=False),
        sa.Column("acknowledged_at", INSTANT),
        to("handover"),
    )


def to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[int]:
    of_table = sa.ForeignKey(f"{table}.id")
    return sa.Column(name or f"{table}_id", sa.Integer, of_table, nullable=nullable, index=True)
