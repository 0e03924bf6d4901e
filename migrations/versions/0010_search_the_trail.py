"""Search the trail: each question of its page has an index that also brings the order; verifications are kept.

Indexes of a million entries are read from their end: the newest come first, and nothing is sorted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OLD = (("actor_code",), ("action",), ("subject_code",), ("division_code",))
NEW = (
    ("actor_code", "at"),
    ("actor_name", "at"),
    ("action", "at"),
    ("result", "at"),
    ("subject_code", "at"),
    ("division_code", "at"),
    ("request_id",),
)


def upgrade() -> None:
    for columns in OLD:
        op.drop_index(name_of(columns), "audit_entry")
    for columns in NEW:
        op.create_index(name_of(columns), "audit_entry", list(columns))
    op.create_table(
        "audit_check",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.Column("setbacks", sa.Integer, nullable=False),
        sa.Column("broken_sequence", sa.Integer, nullable=True),
        sa.Column("fault", sa.String(40), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("audit_check")
    for columns in NEW:
        op.drop_index(name_of(columns), "audit_entry")
    for columns in OLD:
        op.create_index(name_of(columns), "audit_entry", list(columns))


def name_of(columns: tuple[str, ...]) -> str:
    return f"ix_audit_entry_{'_'.join(columns)}"
