"""Keep the systems of others, which of them a field is taken from, and comparisons with their exports."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_systems()
    create_authorities()
    create_reconciliations()
    create_findings()


def downgrade() -> None:
    """What was reported is lost with the comparisons; the next export can be compared again."""
    for table in ("reconciliation_finding", "reconciliation", "field_authority", "source_system"):
        op.drop_table(table)


def create_systems() -> None:
    op.create_table(
        "source_system",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("keeper", sa.String(200), nullable=False),
        sa.Column("holds", sa.Text, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("division_code", "name"),
    )


def create_authorities() -> None:
    op.create_table(
        "field_authority",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("system_id", sa.Integer, sa.ForeignKey("source_system.id"), index=True),
        sa.UniqueConstraint("division_code", "kind", "field", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
    )


def create_reconciliations() -> None:
    counts = ("matched", "only_theirs", "ambiguous", "unreadable", "only_ours")
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("form_key", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        sa.Column("fields_compared", sa.Integer, nullable=False),
        sa.Column("fields_same", sa.Integer, nullable=False),
        sa.Column("actor_code", sa.String(200), nullable=False, index=True),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer, index=True),
        sa.Column("at", INSTANT, nullable=False, index=True),
        sa.Column("compared_at", INSTANT),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("system_id", sa.Integer, sa.ForeignKey("source_system.id"), nullable=False),
        sa.CheckConstraint(
            "rows = matched + only_theirs + ambiguous + unreadable OR state = 'uploaded'",
            name="every_row_is_somewhere",
        ),
        sa.CheckConstraint("(state = 'compared') = (compared_at IS NOT NULL)", name="compared_has_a_time"),
        sa.Index("ix_reconciliation_system_id_kind_division_code", "system_id", "kind", "division_code"),
    )


def create_findings() -> None:
    op.create_table(
        "reconciliation_finding",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("corrector", sa.String(40), nullable=False),
        sa.Column("progress", sa.String(40), nullable=False),
        sa.Column("matter", sa.String(100), nullable=False),
        sa.Column("row", sa.Integer),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("subject_code", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("theirs", sa.String(200), nullable=False),
        sa.Column("ours", sa.String(200), nullable=False),
        sa.Column("evidence", sa.String(40)),
        sa.Column("note", sa.JSON, nullable=False),
        sa.Column("reported_at", INSTANT),
        sa.Column("reported_by", sa.String(200), nullable=False),
        sa.Column("corrected_at", INSTANT),
        sa.Column("reconciliation_id", sa.Integer, sa.ForeignKey("reconciliation.id"), nullable=False),
        sa.CheckConstraint("(progress = 'new') = (reported_at IS NULL)", name="reported_has_a_time"),
        sa.Index("ix_reconciliation_finding_reconciliation_id_outcome", "reconciliation_id", "outcome"),
        sa.Index("ix_reconciliation_finding_reconciliation_id_matter", "reconciliation_id", "matter"),
    )
