"""Freeze every figure at each year's end, with the people who were counted: a day of assessment is one such day."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

snapshot = sa.table("figure_snapshot", sa.column("kind"))


def upgrade() -> None:
    with op.batch_alter_table("institution_snapshot") as table:
        table.add_column(sa.Column("people", sa.JSON(none_as_null=True)))
    rename("assessment", "frozen", before="only_a_verdict_is_signed", after="only_what_is_frozen_is_signed")


def downgrade() -> None:
    """Who was counted is lost."""
    rename("frozen", "assessment", before="only_what_is_frozen_is_signed", after="only_a_verdict_is_signed")
    with op.batch_alter_table("institution_snapshot") as table:
        table.drop_column("people")


def rename(old: str, new: str, *, before: str, after: str) -> None:
    """The kind of a frozen reading, and the constraint that names it."""
    with op.batch_alter_table("figure_snapshot") as table:
        table.drop_constraint(op.f(f"ck_figure_snapshot_{before}"))
    op.execute(snapshot.update().where(snapshot.c.kind == old).values(kind=new))
    with op.batch_alter_table("figure_snapshot") as table:
        table.create_check_constraint(after, f"signed_at IS NULL OR kind = '{new}'")
