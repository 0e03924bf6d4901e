"""Let the list of majors be changed by one officer and published by another."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "major_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("is_backdated", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("grade", sa.String(40), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("drawn_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("proposed_as", sa.String(40), nullable=False),
        sa.Column("proposed_by_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_a_time"),
    )
    op.create_table(
        "major_change_line",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("deed", sa.String(40), nullable=False),
        sa.Column("catalogue", sa.String(40), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("family", sa.String(40), nullable=False),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("change_id", sa.Integer, sa.ForeignKey("major_change.id"), nullable=False, index=True),
        sa.UniqueConstraint("change_id", "catalogue", "code"),
    )


def downgrade() -> None:
    """The proposals are lost; what they published stays in the list of majors, and the trail has who did it."""
    op.drop_table("major_change_line")
    op.drop_table("major_change")
