"""Withdraw an award that was entered wrongly: which level recorded it, and what was taken back with its reason."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("rating", "demonstration"):
        op.add_column(table, sa.Column("recorded_as", sa.String(40)))
    op.create_table(
        "withdrawn_award",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("grade", sa.String(40)),
        sa.Column("level", sa.String(40)),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("issued_by", sa.String(200), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=False),
        sa.Column("withdrawn_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column(
            "organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False, index=True
        ),
        sa.CheckConstraint("(grade IS NULL) <> (level IS NULL)", name="of_a_rating_or_a_demonstration"),
    )


def downgrade() -> None:
    """What was withdrawn is lost but for its entries in the trail."""
    op.drop_table("withdrawn_award")
    for table in ("rating", "demonstration"):
        op.drop_column(table, "recorded_as")
