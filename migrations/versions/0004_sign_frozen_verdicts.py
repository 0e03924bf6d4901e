"""Sign frozen verdicts: who answers for the number of a day of assessment, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHOLE = "(signed_at IS NULL) = (signed_by IS NULL)"
VERDICTS = "signed_at IS NULL OR kind = 'assessment'"


def upgrade() -> None:
    with op.batch_alter_table("figure_snapshot") as table:
        table.add_column(sa.Column("signed_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("signed_by", sa.String(200)))
        table.create_check_constraint("signature_is_whole", WHOLE)
        table.create_check_constraint("only_a_verdict_is_signed", VERDICTS)


def downgrade() -> None:
    with op.batch_alter_table("figure_snapshot") as table:
        table.drop_constraint(op.f("ck_figure_snapshot_only_a_verdict_is_signed"))
        table.drop_constraint(op.f("ck_figure_snapshot_signature_is_whole"))
        table.drop_column("signed_by")
        table.drop_column("signed_at")
