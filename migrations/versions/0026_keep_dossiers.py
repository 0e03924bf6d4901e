"""Keep dossiers of charities and associations, the permanent numbers of standings, and who succeeded whom."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STANDS = "undone_at IS NULL"
ENDS = "undone_at IS NULL AND kind = 'merge'"


def upgrade() -> None:
    create_series()
    create_dossiers()
    create_facts()
    create_remarks()
    create_successions()


def downgrade() -> None:
    """The facts are lost; the lists that stated them can be brought in again. Standings keep their numbers."""
    for table in (
        "organisation_succession",
        "dossier_remark",
        "dossier_fact",
        "dossier",
        "standing_series",
    ):
        op.drop_table(table)


def create_series() -> None:
    op.create_table(
        "standing_series",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("stem", sa.String(200), nullable=False, unique=True),
        sa.Column("last", sa.Integer, nullable=False),
    )


def create_dossiers() -> None:
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("registrar", sa.String(200), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("missing_on", sa.Date),
        sa.Column("differing", sa.JSON, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=False),
        sa.UniqueConstraint("organisation_id", "kind"),
        sa.CheckConstraint("kind IN ('charity', 'association')", name="of_a_charity_or_an_association"),
        sa.CheckConstraint(
            "missing_on IS NULL OR missing_on > listed_on", name="missing_after_it_was_listed"
        ),
    )


def create_facts() -> None:
    op.create_table(
        "dossier_fact",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("replaced_by_id", sa.Integer, sa.ForeignKey("dossier_fact.id"), index=True),
        sa.Column("dossier_id", sa.Integer, sa.ForeignKey("dossier.id"), nullable=False),
        sa.CheckConstraint("(kind = 'annual_check') = (year IS NOT NULL)", name="checks_have_a_year"),
        sa.CheckConstraint("replaced_by_id IS NULL OR replaced_by_id > id", name="replaced_by_a_later_one"),
        sa.Index("ix_dossier_fact_dossier_id_kind_on", "dossier_id", "kind", "on"),
    )


def create_remarks() -> None:
    op.create_table(
        "dossier_remark",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("state", sa.String(40), nullable=False, index=True),
        sa.Column("differing", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("dossier_id", sa.Integer, sa.ForeignKey("dossier.id"), nullable=False, index=True),
    )


def create_successions() -> None:
    op.create_table(
        "organisation_succession",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("ends_predecessor", sa.Boolean, nullable=False),
        sa.Column("passed", sa.JSON, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("undone_at", INSTANT),
        sa.Column("undone_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        organisation("predecessor_id"),
        organisation("successor_id"),
        sa.CheckConstraint("predecessor_id <> successor_id", name="two_organisations"),
        sa.CheckConstraint("kind = 'split' OR ends_predecessor", name="a_merger_ends_the_predecessor"),
    )
    unique_while("uq_organisation_succession_pair", ["predecessor_id", "successor_id"], STANDS)
    unique_while("uq_organisation_succession_end", ["predecessor_id"], ENDS)


def organisation(name: str) -> sa.Column[int]:
    to = sa.ForeignKey("organisation.id")
    return sa.Column(name, sa.Integer, to, nullable=False, index=True)


def unique_while(name: str, columns: list[str], condition: str) -> None:
    op.create_index(
        name,
        "organisation_succession",
        columns,
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
