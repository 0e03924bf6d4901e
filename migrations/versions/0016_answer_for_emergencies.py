"""Answer for emergencies: who opened which clinical field of which record, why, and who reviewed it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("subject_type", sa.String(200), nullable=False),
        sa.Column("subject_code", sa.String(16), nullable=False),
        sa.Column("field", sa.String(200), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("review_due_on", sa.Date, nullable=False),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=True, index=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
        sa.CheckConstraint("until > at", name="ends_after_it_begins"),
        sa.CheckConstraint("(state = 'open') = (reviewed_at IS NULL)", name="open_is_unreviewed"),
    )
    op.create_index("ix_emergency_access_account_id_at", "emergency_access", ["account_id", "at"])


def downgrade() -> None:
    op.drop_table("emergency_access")
