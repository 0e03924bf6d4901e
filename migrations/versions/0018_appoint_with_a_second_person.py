"""Appoint with a second person: who is to hold which position, asked for by one and confirmed by another."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("username", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("begins_on", sa.Date, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_as", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        to("organisation", nullable=True),
        to("account", nullable=True),
        to("position", "replaces_id", nullable=True),
        to("account", "asked_by_id"),
    )


def downgrade() -> None:
    """What was asked for and not decided is lost; positions that were given stay."""
    op.drop_table("appointment")


def to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[int]:
    of_table = sa.ForeignKey(f"{table}.id")
    return sa.Column(name or f"{table}_id", sa.Integer, of_table, nullable=nullable, index=True)
