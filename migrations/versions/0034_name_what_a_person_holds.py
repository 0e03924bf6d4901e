"""Give each post, education, certificate and course a code of its own, so that one of them can be put right."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ("post", "education", "certificate", "training")
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 10


def upgrade() -> None:
    for name in TABLES:
        op.add_column(name, sa.Column("code", sa.String(16)))
        give_codes(name)
        with op.batch_alter_table(name) as table:
            table.alter_column("code", nullable=False, existing_type=sa.String(16))
            table.create_unique_constraint(op.f(f"uq_{name}_code"), ["code"])
    with op.batch_alter_table("education") as table:
        table.add_column(sa.Column("diploma_no", sa.String(60)))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("education") as table:
        table.alter_column("version", server_default=None, existing_type=sa.Integer())


def downgrade() -> None:
    """The numbers of diplomas and the codes are lost."""
    with op.batch_alter_table("education") as table:
        table.drop_column("version")
        table.drop_column("diploma_no")
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"uq_{name}_code"), type_="unique")
            table.drop_column("code")


def give_codes(name: str) -> None:
    rows = sa.table(name, sa.column("id"), sa.column("code"))
    bind = op.get_bind()
    ids = list(bind.execute(sa.select(rows.c.id)).scalars())
    if ids:
        filled = rows.update().where(rows.c.id == sa.bindparam("key")).values(code=sa.bindparam("given"))
        bind.execute(filled, [{"key": key, "given": new_code()} for key in ids])


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
