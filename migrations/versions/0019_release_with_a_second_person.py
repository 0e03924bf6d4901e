"""Release with a second person: a file above the cap is asked for by one, let go by another and taken once."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("asked_for", sa.JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_as", sa.String(40), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        to("organisation", nullable=True),
        to("account", "asked_by_id"),
    )


def downgrade() -> None:
    """What was asked for and not taken is lost; the trail still names every file that left."""
    op.drop_table("release")


def to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[int]:
    of_table = sa.ForeignKey(f"{table}.id")
    return sa.Column(name or f"{table}_id", sa.Integer, of_table, nullable=nullable, index=True)
