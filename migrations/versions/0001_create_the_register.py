"""Create the register: divisions, policy, audit, organisations.

Enums are text, instants are UTC; each constraint gets its name from the naming convention of the schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KIND = sa.String(40)


def upgrade() -> None:
    create_divisions()
    create_policy()
    create_audit()
    create_organisations()


def create_divisions() -> None:
    op.create_table(
        "division",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(12), nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("level", KIND, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("parent_code", sa.String(12), nullable=True, index=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.CheckConstraint("length(code) IN (2, 4, 6, 9, 12)", name="code_is_canonical"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("code", "valid_from"),
    )
    op.create_table(
        "division_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.Column("applied_by", sa.String(200), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.String(200), nullable=True),
    )
    op.create_table(
        "population",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("residents", sa.Integer, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.UniqueConstraint("division_code", "year"),
    )
    op.create_table(
        "division_change_line",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("from_code", sa.String(12), nullable=False, index=True),
        sa.Column("to_code", sa.String(12), nullable=False, index=True),
        sa.Column("to_name", sa.String(200), nullable=False),
        sa.Column("moved", sa.JSON, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("change_id", sa.Integer, sa.ForeignKey("division_change.id"), nullable=False, index=True),
    )


def create_policy() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date, nullable=False, unique=True),
        sa.Column("is_workday", sa.Boolean, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
    )
    op.create_table(
        "figure_snapshot",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("figure_code", sa.String(200), nullable=False),
        sa.Column("counting_rule", sa.String(200), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("numerator", sa.Integer, nullable=False),
        sa.Column("denominator", sa.Integer, nullable=False),
        sa.Column("target_numerator", sa.Integer, nullable=True),
        sa.Column("target_denominator", sa.Integer, nullable=True),
        sa.Column("computed_at", INSTANT, nullable=False),
        sa.Column("computed_by", sa.String(200), nullable=False),
        sa.CheckConstraint("numerator >= 0 AND denominator >= numerator", name="is_a_share"),
        sa.CheckConstraint(
            "(target_numerator IS NULL) = (target_denominator IS NULL)", name="target_is_whole"
        ),
        sa.UniqueConstraint("figure_code", "counting_rule", "kind", "on", "division_code"),
    )
    op.create_table(
        "parameter",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, index=True),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("unit", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("grade", KIND, nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("key", "division_code", "valid_from"),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("figure_code", sa.String(200), nullable=False, index=True),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("numerator", sa.Integer, nullable=False),
        sa.Column("denominator", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("assessed_on", sa.Date, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("grade", KIND, nullable=False),
        sa.CheckConstraint("numerator > 0 AND denominator >= numerator", name="is_a_share"),
        sa.UniqueConstraint("figure_code", "division_code", "valid_from"),
    )


def create_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False, unique=True),
        sa.Column("at", INSTANT, nullable=False, index=True),
        sa.Column("actor_code", sa.String(200), nullable=False, index=True),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("action", sa.String(200), nullable=False, index=True),
        sa.Column("result", KIND, nullable=False),
        sa.Column("subject_type", sa.String(200), nullable=False),
        sa.Column("subject_code", sa.String(200), nullable=False, index=True),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("request_id", sa.String(200), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False, unique=True),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="is_the_only_row"),
    )


def create_organisations() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False, index=True),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("uscc", sa.String(18), nullable=True, unique=True),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("opened_on", sa.Date, nullable=True),
        sa.Column("closed_on", sa.Date, nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("source_ref", sa.String(200), nullable=True),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc_has_18_characters"),
        sa.UniqueConstraint("id", "uscc"),
        sa.UniqueConstraint("source", "source_ref"),
    )
    op.create_index("ix_organisation_division_code_name_id", "organisation", ["division_code", "name", "id"])
    op.create_index(
        "ix_organisation_kind_division_code_name_id", "organisation", ["kind", "division_code", "name", "id"]
    )
    op.create_index("ix_organisation_kind_name_id", "organisation", ["kind", "name", "id"])
    op.create_table(
        "site",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False, index=True),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("latitude", sa.Double, nullable=True),
        sa.Column("longitude", sa.Double, nullable=True),
        sa.Column("precision", KIND, nullable=True),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("located_code", sa.String(12), nullable=False, index=True),
        sa.Column("opened_on", sa.Date, nullable=True),
        sa.Column("closed_on", sa.Date, nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("source_ref", sa.String(200), nullable=True),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column(
            "organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False, index=True
        ),
        sa.CheckConstraint("closed_on IS NULL OR closed_on > opened_on", name="closes_after_it_opens"),
        sa.CheckConstraint("(latitude IS NULL) = (precision IS NULL)", name="point_has_precision"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        sa.UniqueConstraint("source", "source_ref"),
    )
    op.create_index("ix_site_division_code_name_id", "site", ["division_code", "name", "id"])
    op.create_index("ix_site_kind_division_code_name_id", "site", ["kind", "division_code", "name", "id"])
    op.create_index("ix_site_kind_name_id", "site", ["kind", "name", "id"])
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(200), nullable=False, unique=True),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("granted_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date, nullable=True),
        sa.Column("organisation_id", sa.Integer, nullable=False, index=True),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > granted_on", name="ends_after_it_begins"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "uscc"], ["organisation.id", "organisation.uscc"], onupdate="CASCADE"
        ),
    )
    op.create_index(
        "ix_standing_kind_granted_on_ended_on",
        "standing",
        ["kind", "granted_on", "ended_on", "organisation_id"],
    )
    op.create_index(
        "ix_standing_organisation_id_kind_granted_on", "standing", ["organisation_id", "kind", "granted_on"]
    )
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", KIND, nullable=False, index=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("from_address", sa.String(200), nullable=False),
        sa.Column("from_code", sa.String(12), nullable=False, index=True),
        sa.Column("latitude", sa.Double, nullable=True),
        sa.Column("longitude", sa.Double, nullable=True),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("asked_by_id", sa.Integer, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), nullable=False, index=True),
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name="what_an_officer_saw_was_submitted",
        ),
    )
    op.create_index(
        "uq_address_change_open_site_id",
        "address_change",
        ["site_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted', 'returned')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned')"),
    )
    op.create_table(
        "site_placement",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("today_code", sa.String(12), nullable=False, index=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=True),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), nullable=False, index=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("site_id", "valid_from"),
    )


def downgrade() -> None:
    for table in (
        "site_placement",
        "address_change",
        "standing",
        "site",
        "organisation",
        "audit_head",
        "audit_entry",
        "target",
        "parameter",
        "figure_snapshot",
        "calendar_day",
        "division_change_line",
        "population",
        "division_change",
        "division",
    ):
        op.drop_table(table)
