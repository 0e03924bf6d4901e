"""Keep the reminders that regulators send to many institutions, with whom each one reached."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_reminder",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("ending", sa.String(40), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_as", sa.String(40), nullable=False),
        sa.Column("sent_by_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
    )
    op.create_table(
        "reminder_receiver",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("certificates", sa.Integer, nullable=False),
        sa.Column("reminder_id", sa.Integer, sa.ForeignKey("certificate_reminder.id"), nullable=False),
        sa.Column(
            "organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False, index=True
        ),
        sa.Column("todo_id", sa.Integer, sa.ForeignKey("todo.id")),
        sa.UniqueConstraint("reminder_id", "organisation_id"),
    )


def downgrade() -> None:
    """Who was reminded is lost here; the notices stay in the inboxes, and the trail names every reminder."""
    op.drop_table("reminder_receiver")
    op.drop_table("certificate_reminder")
