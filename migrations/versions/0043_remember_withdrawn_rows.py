"""Remember rows of a person's record that were entered in error and withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawn_row",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("row_code", sa.String(16), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_code", sa.String(16), nullable=False),
        sa.Column("withdrawn_by", sa.String(200), nullable=False),
        sa.Column(
            "practitioner_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=False, index=True
        ),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), index=True),
    )


def downgrade() -> None:
    """What was withdrawn stays away; the trail still tells of it."""
    op.drop_table("withdrawn_row")
