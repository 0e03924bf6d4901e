"""List services and activities: what a site offers, how that is reported, what was done, and the files beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SITE_KEY = ("id", "organisation_id", "division_code")
IS_OPEN = "state IN ('draft', 'submitted', 'returned')"


def upgrade() -> None:
    op.create_index("uq_site_id_organisation_id_division_code", "site", list(SITE_KEY), unique=True)
    create_service()
    create_service_report()
    create_activity()
    op.create_table(
        "activity_correction",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("is_void", sa.Boolean, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_code", sa.String(16), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        to("activity"),
    )
    create_attachment()


def downgrade() -> None:
    """Services, activities and what is known of their files are lost; the files stay where they lie."""
    for table in ("attachment", "activity_correction", "activity", "service_report", "service"):
        op.drop_table(table)
    op.drop_index("uq_site_id_organisation_id_division_code", "site")


def create_service() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False, index=True),
        *offer(),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer, nullable=False, index=True),
        sa.Column("site_id", sa.Integer, nullable=False, index=True),
        sa.ForeignKeyConstraint(
            ["site_id", "organisation_id", "division_code"],
            [f"site.{column}" for column in SITE_KEY],
            onupdate="CASCADE",
        ),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_it_begins"),
        *offer_rules(),
    )
    op.create_index("ix_service_division_code_title_id", "service", ["division_code", "title", "id"])
    op.create_index("ix_service_title_id", "service", ["title", "id"])


def create_service_report() -> None:
    op.create_table(
        "service_report",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("service_kind", sa.String(40)),
        *offer(),
        sa.Column("effective_on", sa.Date),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("from_version", sa.Integer),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT),
        to("account", "asked_by_id"),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        to("organisation"),
        to("site"),
        to("service", nullable=True),
        sa.CheckConstraint("kind = 'new' OR service_id IS NOT NULL", name="names_what_it_changes"),
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name="what_an_officer_saw_was_submitted",
        ),
        *offer_rules(),
    )
    op.create_index(
        "uq_service_report_open_service_id",
        "service_report",
        ["service_id"],
        unique=True,
        sqlite_where=sa.text(IS_OPEN),
        postgresql_where=sa.text(IS_OPEN),
    )


def create_activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("persons", sa.Integer, nullable=False),
        sa.Column("person_times", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("entered_on", sa.Date, nullable=False),
        sa.Column("corrected_on", sa.Date),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by_code", sa.String(16), nullable=False, index=True),
        sa.Column("entered_by_name", sa.String(200), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False, unique=True),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        to("site"),
        to("service", nullable=True),
        sa.CheckConstraint("persons >= 0", name="persons_are_not_negative"),
        sa.CheckConstraint("person_times >= persons", name="each_person_came_once_or_more"),
        sa.CheckConstraint("minutes > 0 AND minutes <= 1440", name="minutes_fit_into_a_day"),
        sa.CheckConstraint(
            "held_on <= coalesce(corrected_on, entered_on)", name="was_entered_when_it_had_taken_place"
        ),
    )
    for columns in (
        ("organisation_id", "held_on", "id"),
        ("division_code", "held_on", "id"),
        ("held_on", "id"),
    ):
        op.create_index(f"ix_activity_{'_'.join(columns)}", "activity", list(columns))


def create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
        sa.Column("field", sa.String(80), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("stored_as", sa.String(64), nullable=False, unique=True),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False, unique=True),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("uploaded_by_code", sa.String(16), nullable=False),
        sa.Column("uploaded_by_name", sa.String(200), nullable=False),
        sa.Column("erased_at", INSTANT),
        sa.Column("erased_for", sa.String(200)),
        sa.CheckConstraint("size > 0", name="holds_something"),
        sa.CheckConstraint("(erased_at IS NULL) = (erased_for IS NULL)", name="erased_for_a_reason"),
    )
    op.create_index("ix_attachment_subject_type_subject_id", "attachment", ["subject_type", "subject_id"])


def offer() -> list[sa.Column]:
    """What is said of a service, on offer or reported."""
    return [
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("fee", sa.Numeric(18, 2)),
        sa.Column("fee_note", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
    ]


def offer_rules() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_is_positive"),
        sa.CheckConstraint("fee IS NULL OR fee >= 0", name="fee_is_not_negative"),
        sa.CheckConstraint("length(weekdays) <= 7", name="weekdays_are_seven"),
    ]


def to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[int]:
    of_table = sa.ForeignKey(f"{table}.id")
    return sa.Column(name or f"{table}_id", sa.Integer, of_table, nullable=nullable, index=True)
