"""Remember which heads of a foreign table fill which of our columns."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer, index=True),
        sa.Column("actor_code", sa.String(200), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Index("ix_column_mapping_kind_fingerprint", "kind", "fingerprint"),
    )


def downgrade() -> None:
    """What was remembered is asked again."""
    op.drop_table("column_mapping")
