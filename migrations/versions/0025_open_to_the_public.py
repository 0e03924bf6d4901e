"""Open to the public: how names are read, and what people who sign in nowhere ask, complain of or suggest."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "name_reading",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column(
            "site_id",
            sa.Integer,
            sa.ForeignKey("site.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
    )
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("check_hash", sa.String(64), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary),
        sa.Column("contact_sealed", sa.LargeBinary),
        sa.Column("answer_sealed", sa.LargeBinary),
        sa.Column("passed_to", sa.String(200), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), index=True),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL",
            name=op.f("ck_enquiry_what_is_answered_has_a_day"),
        ),
    )


def downgrade() -> None:
    """What people wrote is lost; names are read again by the next load of sites."""
    op.drop_table("enquiry")
    op.drop_table("name_reading")
