"""Create the work on the register: access, workflow, workforce, intake.

Enums are text, instants are UTC; each constraint gets its name from the naming convention of the schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KIND = sa.String(40)


def upgrade() -> None:
    create_access()
    create_workflow()
    create_workforce()
    create_intake()


def create_access() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("username", sa.String(80), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("role", KIND, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("signed_in_at", INSTANT, nullable=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=True, index=True),
        sa.CheckConstraint(
            "(role IN ('station', 'provider')) = (organisation_id IS NOT NULL)",
            name="organisation_roles_have_one",
        ),
    )


def create_workflow() -> None:
    op.create_table(
        "workflow_step",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject_type", sa.String(200), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("from_state", sa.String(200), nullable=False),
        sa.Column("to_state", sa.String(200), nullable=False),
        sa.Column("actor_code", sa.String(200), nullable=False),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.String(64), nullable=True),
        sa.UniqueConstraint("idempotency_key"),
    )
    op.create_index(
        "ix_workflow_step_subject_type_subject_id", "workflow_step", ["subject_type", "subject_id"]
    )
    op.create_table(
        "todo",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("subject_type", sa.String(200), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
        sa.Column("subject_code", sa.String(200), nullable=False),
        sa.Column("subject_name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("role", KIND, nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer, sa.ForeignKey("organisation.id"), nullable=True, index=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=True),
        sa.Column("is_estimated", sa.Boolean, nullable=False),
        sa.Column("is_notice", sa.Boolean, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
    )
    op.create_index(
        "ix_todo_role_division_code_closed_at_due_on",
        "todo",
        ["role", "division_code", "closed_at", "due_on"],
    )
    op.create_index("ix_todo_subject_type_subject_id", "todo", ["subject_type", "subject_id"])


def create_workforce() -> None:
    op.create_table(
        "major",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("catalogue", KIND, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("family", KIND, nullable=False),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("grade", KIND, nullable=False),
        sa.Column("approved_by", sa.String(200), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("catalogue", "code", "valid_from"),
    )
    op.create_table(
        "practitioner",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("person_no", sa.String(40), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False, index=True),
        sa.Column("birth_year", sa.Integer, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("is_example", sa.Boolean, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_is_a_year"),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("grade", sa.String(200), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=True),
        sa.Column("valid_to", sa.Date, nullable=True, index=True),
        sa.Column(
            "practitioner_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=False, index=True
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("kind", "number"),
    )
    op.create_table(
        "education",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("form", KIND, nullable=False),
        sa.Column("level", KIND, nullable=False),
        sa.Column("catalogue", KIND, nullable=False),
        sa.Column("major_code", sa.String(20), nullable=False),
        sa.Column("major_name", sa.String(200), nullable=False),
        sa.Column("school", sa.String(200), nullable=False),
        sa.Column("obtained_on", sa.Date, nullable=False),
        sa.Column("verification", KIND, nullable=False),
        sa.Column("verified_on", sa.Date, nullable=True),
        sa.Column("practitioner_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.CheckConstraint(
            "(verification = 'verified') = (verified_on IS NOT NULL)", name="verified_has_a_day"
        ),
    )
    op.create_index(
        "ix_education_practitioner_id_major",
        "education",
        ["practitioner_id", "form", "catalogue", "major_code", "verification", "verified_on", "obtained_on"],
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("profession", KIND, nullable=False),
        sa.Column("engagement", KIND, nullable=False),
        sa.Column("serves_programme", sa.Boolean, nullable=False),
        sa.Column("start_on", sa.Date, nullable=False),
        sa.Column("end_on", sa.Date, nullable=True),
        sa.Column("practitioner_id", sa.Integer, sa.ForeignKey("practitioner.id"), nullable=False),
        sa.Column("site_id", sa.Integer, sa.ForeignKey("site.id"), nullable=False),
        sa.CheckConstraint("end_on IS NULL OR end_on > start_on", name="ends_after_it_begins"),
        sa.UniqueConstraint("practitioner_id", "site_id", "profession", "start_on"),
    )
    facts = ["start_on", "end_on", "engagement", "serves_programme"]
    op.create_index("ix_post_site_id_period", "post", ["site_id", *facts, "practitioner_id"])
    op.create_index("ix_post_practitioner_id_period", "post", ["practitioner_id", *facts, "site_id"])


def create_intake() -> None:
    op.create_table(
        "intake_run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("create", sa.Integer, nullable=False),
        sa.Column("update", sa.Integer, nullable=False),
        sa.Column("same", sa.Integer, nullable=False),
        sa.Column("duplicate", sa.Integer, nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("problems", sa.JSON, nullable=False),
        sa.Column("problems_left_out", sa.Integer, nullable=False),
        sa.Column("state", KIND, nullable=False, index=True),
        sa.Column("actor_code", sa.String(200), nullable=False, index=True),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer, nullable=True, index=True),
        sa.Column("effects", sa.JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False, index=True),
        sa.Column("committed_at", INSTANT, nullable=True),
        sa.CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name="committed_has_a_time"),
        sa.CheckConstraint("state <> 'committed' OR errors = 0", name="committed_has_no_error"),
    )
    op.create_index("ix_intake_run_kind_sha256_state", "intake_run", ["kind", "sha256", "state"])


def downgrade() -> None:
    for table in (
        "intake_run",
        "post",
        "education",
        "certificate",
        "practitioner",
        "major",
        "todo",
        "workflow_step",
        "account",
    ):
        op.drop_table(table)
