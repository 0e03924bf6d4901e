"""Inspect and rate: visits with what they found, grades and demonstration status with their validity."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_inspection()
    create_finding()
    create_rating()
    create_demonstration()
    op.add_column("issued_document", sa.Column("organisation_code", sa.String(16)))


def downgrade() -> None:
    """Visits, findings and awards are lost; the trail still names every step."""
    op.drop_column("issued_document", "organisation_code")
    for table in ("demonstration", "rating", "finding", "inspection"):
        op.drop_table(table)


def create_inspection() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("visited_on", sa.Date, nullable=False),
        sa.Column("inspectors", sa.String(200), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("notified_at", INSTANT),
        sa.Column("defend_by", sa.Date),
        sa.Column("defence", sa.Text, nullable=False, server_default=""),
        sa.Column("defended_at", INSTANT),
        sa.Column("report", sa.Text, nullable=False, server_default=""),
        sa.Column("reported_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("judged_by", sa.String(200), nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), index=True),
        sa.CheckConstraint(
            "state NOT IN ('draft', 'withdrawn') OR notified_at IS NULL", name="draft_is_untold"
        ),
        sa.CheckConstraint("defended_at IS NULL OR defence <> ''", name="defence_says_something"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        sa.Index("ix_inspection_organisation_id_visited_on", "organisation_id", "visited_on"),
    )


def create_finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("severity", sa.String(40), nullable=False),
        sa.Column("rectify_by", sa.Date, nullable=False),
        sa.Column("rectified_on", sa.Date),
        sa.Column("outcome", sa.String(40)),
        sa.Column("settled_on", sa.Date),
        sa.Column("remark", sa.Text, nullable=False, server_default=""),
        sa.Column("inspection_id", sa.Integer, sa.ForeignKey("inspection.id"), nullable=False),
        sa.UniqueConstraint("inspection_id", "number"),
        sa.CheckConstraint(
            "(settled_on IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'failed')",
            name="settled_has_an_outcome",
        ),
    )


def create_rating() -> None:
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("grade", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=False),
        *award_columns(),
        sa.CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("organisation_id", "issued_by", "valid_from"),
    )


def create_demonstration() -> None:
    op.create_table(
        "demonstration",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        *award_columns(),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("organisation_id", "level", "valid_from"),
    )


def award_columns() -> tuple[sa.Column[object], ...]:
    organisation = sa.ForeignKey("organisation.id")
    return (
        sa.Column("issued_by", sa.String(200), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("organisation_id", sa.Integer, organisation, nullable=False, index=True),
    )
