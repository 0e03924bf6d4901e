"""Seal identities: identity numbers and phones of practitioners with their blind indexes, and who saw one whole."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
FIELDS = ("identity", "phone")


def upgrade() -> None:
    for field in FIELDS:
        op.add_column("practitioner", sa.Column(f"{field}_sealed", sa.LargeBinary, nullable=True))
        op.add_column("practitioner", sa.Column(f"{field}_index", sa.String(80), nullable=True))
        op.create_index(f"ix_practitioner_{field}_index", "practitioner", [f"{field}_index"])
    op.create_table(
        "reveal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("stay", sa.String(64), nullable=False),
        sa.Column("subject_code", sa.String(16), nullable=False),
        sa.Column("field", sa.String(200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False, index=True),
        sa.UniqueConstraint("stay", "subject_code", "field"),
        sa.CheckConstraint("until > at", name="ends_after_it_begins"),
    )


def downgrade() -> None:
    op.drop_table("reveal")
    for field in FIELDS:
        op.drop_index(f"ix_practitioner_{field}_index", "practitioner")
        op.drop_column("practitioner", f"{field}_index")
        op.drop_column("practitioner", f"{field}_sealed")
