"""Hand over positions: an account holds several, hands one over for some days, and both names stand in the trail.

What an account was becomes its first position. Every stay ends with this step: none of the old ones says in which
position it is.
"""

import secrets
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
RULE = "organisation_roles_have_one"
RULE_SQL = "(role IN ('station', 'provider', 'charity', 'association')) = (organisation_id IS NOT NULL)"


def upgrade() -> None:
    create_positions()
    fill_positions()
    for column in ("organisation_id", "division_code"):
        op.drop_index(f"ix_account_{column}", "account")
    with op.batch_alter_table("account") as account:
        account.drop_constraint(RULE, type_="check")
        account.drop_constraint("fk_account_organisation_id", type_="foreignkey")
        for column in ("role", "division_code", "organisation_id"):
            account.drop_column(column)
    create_delegations()
    create_stays(with_position=True)
    for table in ("audit_entry", "workflow_step"):
        for column in ("principal_code", "principal_name"):
            op.add_column(table, sa.Column(column, sa.String(200), nullable=False, server_default=""))
    op.create_index("ix_audit_entry_principal_name", "audit_entry", ["principal_name"])


def create_positions() -> None:
    op.create_table(
        "position",
        sa.Column("id", sa.Integer, primary_key=True),
        code(),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("division_code", sa.String(12), nullable=False, index=True),
        sa.Column("began_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date, nullable=True),
        to("organisation", nullable=True),
        to("account"),
        sa.CheckConstraint(RULE_SQL, name=RULE),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name="ends_after_it_begins"),
    )
    op.create_index("ix_position_role_division_code", "position", ["role", "division_code"])


def fill_positions() -> None:
    account = sa.table(
        "account",
        *map(sa.column, ("id", "role", "division_code", "organisation_id")),
        sa.column("created_at", INSTANT),
    )
    position = sa.table(
        "position",
        *map(sa.column, ("code", "role", "division_code", "organisation_id", "account_id")),
        sa.column("began_on", sa.Date),
    )
    rows = [
        {
            "code": new_code(),
            "role": row.role,
            "division_code": row.division_code,
            "organisation_id": row.organisation_id,
            "account_id": row.id,
            "began_on": begun(row.created_at),
        }
        for row in op.get_bind().execute(sa.select(account).order_by(account.c.id))
    ]
    if rows:
        op.bulk_insert(position, rows)


def create_delegations() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer, primary_key=True),
        code(),
        sa.Column("extent", sa.String(40), nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        to("position"),
        to("account", "delegate_id"),
        sa.CheckConstraint("until_on >= from_on", name="ends_after_it_begins"),
    )


def create_stays(*, with_position: bool) -> None:
    op.drop_table("sign_in")
    acting = (to("position"), to("delegation", nullable=True)) if with_position else ()
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, primary_key=True),
        code(),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=True),
        sa.Column("factor_at", INSTANT, nullable=True),
        sa.Column("proved_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(40), nullable=False),
        to("account"),
        *acting,
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ends_after_it_begins"),
    )


def downgrade() -> None:
    """An account becomes what its first position is; those without one, and what came with this step, are lost."""
    op.drop_index("ix_audit_entry_principal_name", "audit_entry")
    for table in ("audit_entry", "workflow_step"):
        for column in ("principal_name", "principal_code"):
            op.drop_column(table, column)
    create_stays(with_position=False)
    op.drop_table("delegation")
    for column in (sa.Column("role", sa.String(40)), sa.Column("division_code", sa.String(12))):
        op.add_column("account", column)
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("organisation_id", sa.Integer))
    op.execute("""
        UPDATE account SET (role, division_code, organisation_id) = (
            SELECT role, division_code, organisation_id FROM position
            WHERE position.account_id = account.id ORDER BY position.id LIMIT 1
        )
    """)
    with op.batch_alter_table("account") as account:
        account.alter_column("role", existing_type=sa.String(40), nullable=False)
        account.alter_column("division_code", existing_type=sa.String(12), nullable=False)
        account.create_foreign_key("fk_account_organisation_id", "organisation", ["organisation_id"], ["id"])
        account.create_index("ix_account_organisation_id", ["organisation_id"])
        account.create_index("ix_account_division_code", ["division_code"])
        account.create_check_constraint(RULE, RULE_SQL)
    op.drop_table("position")


def to(table: str, name: str = "", *, nullable: bool = False) -> sa.Column[int]:
    of_table = sa.ForeignKey(f"{table}.id")
    return sa.Column(name or f"{table}_id", sa.Integer, of_table, nullable=nullable, index=True)


def code() -> sa.Column[str]:
    return sa.Column("code", sa.String(16), nullable=False, unique=True)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def begun(created_at: object) -> date:
    """SQLite gives instants back as text where no type is said."""
    return date.fromisoformat(str(created_at)[:10])
