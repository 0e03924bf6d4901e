"""Keep everybody who had a hand in an inspection, whoever put a dossier right, and the days before a second look."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

HANDS = ("record", "save", "add_finding", "change_finding", "uphold", "accept_defence", "send_back", "clear")
"""The steps of an inspection that say something of what was found."""

inspection = sa.table("inspection", sa.column("id"), sa.column("state"), sa.column("judged_by"))
dossier = sa.table("dossier", sa.column("id"), sa.column("state"), sa.column("corrected_by"))
taken = sa.table(
    "workflow_step",
    *map(sa.column, ("id", "subject_type", "subject_id", "step", "actor_code", "principal_code")),
)


def upgrade() -> None:
    judged_by(sa.String(200), sa.Text())
    op.add_column("finding", sa.Column("attempts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("dossier", sa.Column("corrected_by", sa.Text(), nullable=False, server_default=""))
    name_inspectors()
    name_correctors()


def downgrade() -> None:
    """Who corrected a dossier and what held before a second look are lost; the trail has the people."""
    with op.batch_alter_table("dossier") as table:
        table.drop_column("corrected_by")
    with op.batch_alter_table("finding") as table:
        table.drop_column("attempts")
    judged_by(sa.Text(), sa.String(200))


def judged_by(old: sa.types.TypeEngine[str], new: sa.types.TypeEngine[str]) -> None:
    """The default takes the new type too: PostgreSQL leaves it the old one."""
    with op.batch_alter_table("inspection") as table:
        table.alter_column(
            "judged_by",
            type_=new,
            existing_type=old,
            existing_nullable=False,
            existing_server_default="",
            postgresql_using="left(judged_by, 200)" if isinstance(new, sa.String) and new.length else None,
        )
        table.alter_column("judged_by", server_default="", existing_type=new, existing_nullable=False)


def name_inspectors() -> None:
    """Of inspections that are not over: nobody closes any other."""
    in_hand = sa.select(inspection.c.id).where(inspection.c.state.not_in(("closed", "withdrawn")))
    steps = (taken.c.subject_type == "inspection", taken.c.step.in_(HANDS), taken.c.subject_id.in_(in_hand))
    for key, people in people_of(steps).items():
        named = " ".join(sorted(people))
        op.execute(inspection.update().where(inspection.c.id == key).values(judged_by=named))


def name_correctors() -> None:
    """Of dossiers that wait to be checked again: whoever corrected last."""
    waiting = sa.select(dossier.c.id).where(dossier.c.state == "corrected")
    last = (
        sa.select(sa.func.max(taken.c.id))
        .where(taken.c.subject_type == "dossier", taken.c.step == "correct", taken.c.subject_id.in_(waiting))
        .group_by(taken.c.subject_id)
    )
    for key, people in people_of((taken.c.id.in_(last),)).items():
        named = " ".join(sorted(people))
        op.execute(dossier.update().where(dossier.c.id == key).values(corrected_by=named))


def people_of(conditions: Iterable[sa.ColumnElement[bool]]) -> dict[int, set[str]]:
    """The codes of whoever took these steps, and of those for whom they acted, by record."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = op.get_bind().execute(
        sa.select(taken.c.subject_id, taken.c.actor_code, taken.c.principal_code).where(*conditions)
    )
    for key, *codes in rows:
        found[key].update(code for code in codes if code)
    return found
