"""Keep the courses that practitioners attended, and which posts work with the people served."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

INDIRECT = ("head", "administration", "volunteer")
"""Professions that, until somebody says otherwise, do not work with the people served."""

post = sa.table("post", sa.column("profession"), sa.column("direct_service", sa.Boolean()))


def upgrade() -> None:
    op.create_table(
        "training",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("hours", sa.Numeric(5, 1), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("organiser", sa.String(200), nullable=False),
        sa.Column("proof_no", sa.String(60)),
        sa.Column("is_rehabilitation", sa.Boolean, nullable=False),
        sa.Column("is_continuing", sa.Boolean, nullable=False),
        sa.Column("practitioner_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.UniqueConstraint("practitioner_id", "held_on", "subject"),
        sa.CheckConstraint("hours > 0 AND hours <= 500", name="hours_are_of_one_course"),
        sa.Index("ix_training_practitioner_id_held_on", "practitioner_id", "held_on", "hours"),
    )
    with op.batch_alter_table("post") as table:
        table.add_column(sa.Column("direct_service", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(post.update().where(post.c.profession.in_(INDIRECT)).values(direct_service=sa.false()))
    with op.batch_alter_table("post") as table:
        table.alter_column("direct_service", server_default=None, existing_type=sa.Boolean())


def downgrade() -> None:
    with op.batch_alter_table("post") as table:
        table.drop_column("direct_service")
    op.drop_table("training")
