"""Seal second factors with the ring of keys: a column for the new seal beside the one of before, longer digests.

A migration has no keys, so it seals nothing anew: `portal keys rotate` does, and both forms are read until then. On the
way down what the ring sealed cannot be given back; its owners enrol again at their next sign-in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RULE = "secret_is_sealed_once"


def upgrade() -> None:
    with op.batch_alter_table("second_factor") as factor:
        factor.add_column(sa.Column("secret_sealed", sa.LargeBinary, nullable=True))
        factor.alter_column(
            "sealed_secret", new_column_name="secret_in_old_seal", existing_type=sa.Text, nullable=True
        )
        factor.create_check_constraint(RULE, "(secret_sealed IS NULL) <> (secret_in_old_seal IS NULL)")
    digests_of(80)


def downgrade() -> None:
    op.execute("DELETE FROM recovery_code WHERE length(code_digest) > 64")
    op.execute("DELETE FROM second_factor WHERE secret_in_old_seal IS NULL")
    digests_of(64)
    with op.batch_alter_table("second_factor") as factor:
        factor.drop_constraint(RULE, type_="check")
        factor.alter_column(
            "secret_in_old_seal", new_column_name="sealed_secret", existing_type=sa.Text, nullable=False
        )
        factor.drop_column("secret_sealed")


def digests_of(length: int) -> None:
    with op.batch_alter_table("recovery_code") as codes:
        codes.alter_column("code_digest", type_=sa.String(length), existing_nullable=False)
