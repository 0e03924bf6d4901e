"""Suspend beside the state: a suspension is a dated fact of an entry, and the last day of a defence is its clock's."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SHANGHAI = ZoneInfo("Asia/Shanghai")
IN_FORCE = "state IN ('listed', 'leaving', 'deciding')"
IN_FORCE_BEFORE = "state IN ('listed', 'suspended', 'leaving', 'deciding')"
CONFIRMED = "state NOT IN ('listed', 'leaving', 'deciding', 'left', 'replaced') OR standing_id IS NOT NULL"
CONFIRMED_BEFORE = (
    "state NOT IN ('listed', 'suspended', 'leaving', 'deciding', 'left', 'replaced')"
    " OR standing_id IS NOT NULL"
)
INDEX, CHECK = "uq_provider_entry_in_force_organisation_id", "what_was_confirmed_has_its_standing"

ENTRY = sa.table(
    "provider_entry",
    sa.column("id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("suspended_on", sa.Date),
    sa.column("confirmed_on", sa.Date),
)
STEP = sa.table(
    "workflow_step",
    sa.column("id", sa.Integer),
    sa.column("subject_type", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("step", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.drop_index(INDEX, "provider_entry")
    op.add_column("provider_entry", sa.Column("suspended_on", sa.Date))
    set_beside(op.get_bind())
    tighten(CONFIRMED, IN_FORCE, drops="defence_until")


def downgrade() -> None:
    """A suspension of an entry that may have to leave is lost; the last day of a defence stands in its to-do alone."""
    op.drop_index(INDEX, "provider_entry")
    op.add_column("provider_entry", sa.Column("defence_until", sa.Date))
    with op.batch_alter_table("provider_entry") as entries:
        entries.drop_constraint(CHECK, type_="check")
    listed = sa.update(ENTRY).where(ENTRY.c.state == "listed", ENTRY.c.suspended_on.is_not(None))
    op.execute(listed.values(state="suspended"))
    with op.batch_alter_table("provider_entry") as entries:
        entries.create_check_constraint(CHECK, CONFIRMED_BEFORE)
        entries.drop_column("suspended_on")
    one_in_force(IN_FORCE_BEFORE)


def set_beside(connection: sa.Connection) -> None:
    """Since the day of the last suspension in its history; one without a history, since it was confirmed."""
    suspended = sa.select(ENTRY.c.id, ENTRY.c.confirmed_on).where(ENTRY.c.state == "suspended")
    for entry in connection.execute(suspended).all():
        day = last_suspension(connection, entry.id) or entry.confirmed_on or datetime.now(SHANGHAI).date()
        beside = sa.update(ENTRY).where(ENTRY.c.id == entry.id)
        connection.execute(beside.values(state="listed", suspended_on=day))


def last_suspension(connection: sa.Connection, entry_id: int) -> date | None:
    of_entry = (STEP.c.subject_type == "provider_entry", STEP.c.subject_id == entry_id)
    found = sa.select(STEP.c.at).where(*of_entry, STEP.c.step == "suspend").order_by(STEP.c.id.desc())
    at = connection.scalar(found.limit(1))
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(SHANGHAI).date()


def tighten(confirmed: str, in_force: str, *, drops: str) -> None:
    with op.batch_alter_table("provider_entry") as entries:
        entries.drop_constraint(CHECK, type_="check")
        entries.create_check_constraint(CHECK, confirmed)
        entries.drop_column(drops)
    one_in_force(in_force)


def one_in_force(states: str) -> None:
    op.create_index(
        INDEX,
        "provider_entry",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text(states),
        postgresql_where=sa.text(states),
    )
