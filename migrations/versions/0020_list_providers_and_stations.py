"""List providers and stations: drafts with their history, entries of providers, filings of stations."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ENTRY_IN_HAND = "state IN ('draft', 'submitted', 'returned', 'checked')"
ENTRY_IN_FORCE = "state IN ('listed', 'suspended', 'leaving', 'deciding')"
FILING_IN_HAND = "state IN ('draft', 'submitted', 'returned', 'reported')"
FILING_IN_FORCE = "state = 'filed'"


def upgrade() -> None:
    _create_drafts()
    _create_provider_entries()
    _create_station_filings()


def downgrade() -> None:
    """What was told is lost; standings that were granted stay, and so does the trail."""
    for table in ("station_filing", "provider_entry", "remark", "draft_round", "draft_edit"):
        op.drop_table(table)


def _create_drafts() -> None:
    op.create_table(
        "draft_edit",
        *of_subject(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("question_key", sa.String(200), nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        *by_somebody(),
    )
    op.create_index(
        "ix_draft_edit_subject_type_subject_id_version",
        "draft_edit",
        ["subject_type", "subject_id", "version"],
    )
    op.create_table(
        "draft_round",
        *of_subject(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        *by_somebody(),
        sa.UniqueConstraint("subject_type", "subject_id", "number"),
    )
    op.create_table(
        "remark",
        *of_subject(),
        sa.Column("round_number", sa.Integer, nullable=False),
        sa.Column("question_key", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        *by_somebody(),
    )
    op.create_index("ix_remark_subject_type_subject_id", "remark", ["subject_type", "subject_id"])


def _create_provider_entries() -> None:
    op.create_table(
        "provider_entry",
        *drafted(),
        sa.Column("confirming_code", sa.String(12), nullable=False, index=True),
        sa.Column("confirmed_on", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.Column("defence_until", sa.Date),
        sa.Column("check_code", sa.String(16), nullable=False, unique=True),
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint(
            "state NOT IN ('listed', 'suspended', 'leaving', 'deciding', 'left', 'replaced')"
            " OR standing_id IS NOT NULL",
            name="what_was_confirmed_has_its_standing",
        ),
    )
    one_of("provider_entry", "in_hand", "organisation_id", ENTRY_IN_HAND)
    one_of("provider_entry", "in_force", "organisation_id", ENTRY_IN_FORCE)


def _create_station_filings() -> None:
    op.create_table(
        "station_filing",
        *drafted(),
        sa.Column("filed_on", sa.Date),
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint(
            "state NOT IN ('filed', 'closed', 'replaced') OR standing_id IS NOT NULL",
            name="what_was_filed_has_its_standing",
        ),
    )
    one_of("station_filing", "in_hand", "site_id", FILING_IN_HAND)
    one_of("station_filing", "in_force", "site_id", FILING_IN_FORCE)


def drafted() -> tuple[sa.Column[object], ...]:
    """What every record has that is filled in as a draft by an organisation for a site."""
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("base_answers", sa.JSON, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("submitted_at", INSTANT),
        sa.Column("version", sa.Integer, nullable=False),
        to("organisation"),
        to("site"),
        to("standing", nullable=True),
    )


def of_subject() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject_type", sa.String(200), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
    )


def by_somebody() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("actor_code", sa.String(200), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )


def one_of(table: str, name: str, column: str, states: str) -> None:
    op.create_index(
        f"uq_{table}_{name}_{column}",
        table,
        [column],
        unique=True,
        sqlite_where=sa.text(states),
        postgresql_where=sa.text(states),
    )


def to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[int]:
    of_table = sa.ForeignKey(f"{table}.id")
    return sa.Column(name or f"{table}_id", sa.Integer, of_table, nullable=nullable, index=True)
