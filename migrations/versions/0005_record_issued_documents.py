"""Record issued documents: what was printed under each check code.

Enums are text, instants are UTC; each constraint gets its name from the naming convention of the schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KIND = sa.String(40)


def upgrade() -> None:
    op.create_table(
        "issued_document",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("format", KIND, nullable=False),
        sa.Column("annex", KIND, nullable=False),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("figure_code", sa.String(200), nullable=False),
        sa.Column("rule", KIND, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("place_name", sa.String(200), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("basis", KIND, nullable=False),
        sa.Column("numerator", sa.Integer, nullable=True),
        sa.Column("denominator", sa.Integer, nullable=True),
        sa.Column("percent", sa.String(20), nullable=True),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size", sa.Integer, nullable=True),
        sa.Column("pages", sa.Integer, nullable=True),
        sa.Column("state", KIND, nullable=False, index=True),
        sa.Column("step", KIND, nullable=False),
        sa.Column("reason", sa.JSON, nullable=True),
        sa.Column("actor_code", sa.String(200), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=True),
        sa.Column("issued_at", INSTANT, nullable=True),
        sa.CheckConstraint("(state = 'done') = (sha256 IS NOT NULL)", name="done_has_a_digest"),
        sa.CheckConstraint("(state = 'done') = (issued_at IS NOT NULL)", name="done_has_a_time"),
        sa.CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="failed_has_a_reason"),
        sa.CheckConstraint("numerator IS NULL OR numerator <= denominator", name="part_of_the_whole"),
        sa.Index("ix_issued_document_actor_code_asked_at", "actor_code", "asked_at"),
    )


def downgrade() -> None:
    op.drop_table("issued_document")
