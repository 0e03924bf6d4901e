"""Guard the door: how old passwords are, second factors, one-time codes, failures, and what a stay has proved.

Every stay ends with this step: none of the old ones says what it has proved. Passwords of unknown age are changed at
the next sign-in where the profile lets passwords expire.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NEW_TABLES = ("former_password", "second_factor", "recovery_code", "one_time_code", "failed_attempts")


def upgrade() -> None:
    op.add_column("account", sa.Column("password_set_at", INSTANT, nullable=True))
    op.add_column(
        "account", sa.Column("password_is_initial", sa.Boolean, nullable=False, server_default=sa.false())
    )
    create_stays()
    create_factors()
    op.create_table(
        "former_password",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("replaced_at", INSTANT, nullable=False),
        of_account(index=True),
    )
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("holds_until", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        of_account(index=True),
    )
    op.create_table(
        "failed_attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("times", sa.JSON, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False, index=True),
    )


def create_stays() -> None:
    op.drop_table("sign_in")
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=True),
        sa.Column("factor_at", INSTANT, nullable=True),
        sa.Column("proved_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(40), nullable=False),
        of_account(index=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ends_after_it_begins"),
    )


def create_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        of_account(unique=True),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code_digest", sa.String(64), nullable=False, unique=True),
        sa.Column("used_at", INSTANT, nullable=True),
        of_account(index=True),
    )


def downgrade() -> None:
    for table in (*NEW_TABLES, "sign_in"):
        op.drop_table(table)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        of_account(index=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ends_after_it_begins"),
    )
    op.drop_column("account", "password_is_initial")
    op.drop_column("account", "password_set_at")


def of_account(*, index: bool = False, unique: bool = False) -> sa.Column[int]:
    account = sa.ForeignKey("account.id")
    return sa.Column(
        "account_id", sa.Integer, account, nullable=False, index=index or None, unique=unique or None
    )
