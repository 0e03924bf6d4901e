"""Freeze institutions: their verdict at a day of assessment is kept, as that of divisions was from the beginning."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "institution_snapshot",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("figure_code", sa.String(200), nullable=False),
        sa.Column("counting_rule", sa.String(200), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("organisation_code", sa.String(16), nullable=False, index=True),
        sa.Column("numerator", sa.Integer, nullable=False),
        sa.Column("denominator", sa.Integer, nullable=False),
        sa.Column("target_numerator", sa.Integer, nullable=True),
        sa.Column("target_denominator", sa.Integer, nullable=True),
        sa.Column("computed_at", INSTANT, nullable=False),
        sa.Column("computed_by", sa.String(200), nullable=False),
        sa.CheckConstraint("numerator >= 0 AND denominator >= numerator", name="is_a_share"),
        sa.CheckConstraint(
            "(target_numerator IS NULL) = (target_denominator IS NULL)", name="target_is_whole"
        ),
        sa.UniqueConstraint("figure_code", "counting_rule", "on", "organisation_code"),
    )


def downgrade() -> None:
    op.drop_table("institution_snapshot")
