"""Merge people: proposals that two register numbers are one person, and the numbers that people had before."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("other_no", sa.String(40), nullable=False),
        sa.Column("kept_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=False, index=True),
        sa.Column("other_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=True, index=True),
        sa.CheckConstraint("kept_id <> other_id", name="two_records"),
    )
    op.create_table(
        "former_number",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("person_no", sa.String(40), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("merged_at", INSTANT, nullable=False),
        sa.Column(
            "practitioner_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=False, index=True
        ),
    )


def downgrade() -> None:
    op.drop_table("former_number")
    op.drop_table("person_merge")
