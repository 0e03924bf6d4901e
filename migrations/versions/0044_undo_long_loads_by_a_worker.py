"""Let a worker undo long loads, for whoever asked."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

run = sa.table("intake_run", sa.column("state"))
NEW = {
    "committed_has_a_time": "(state IN ('committed', 'undoing', 'undone')) = (committed_at IS NOT NULL)",
    "committed_leaves_errors_out": (
        "state NOT IN ('committed', 'undoing', 'undone') OR errors = 0 OR left_out > 0"
    ),
    "what_a_worker_does_was_asked_for": (
        "state NOT IN ('waiting', 'checking', 'loading', 'undoing') OR asked_at IS NOT NULL"
    ),
}
OLD = {name: condition.replace(", 'undoing'", "") for name, condition in NEW.items()}


def upgrade() -> None:
    _hold_to(NEW)


def downgrade() -> None:
    """What was not undone by then stays loaded, and may be undone again."""
    op.execute(run.update().where(run.c.state == "undoing").values(state="committed"))
    _hold_to(OLD)


def _hold_to(conditions: dict[str, str]) -> None:
    with op.batch_alter_table("intake_run") as table:
        for name, condition in conditions.items():
            table.drop_constraint(op.f(f"ck_intake_run_{name}"))
            table.create_check_constraint(name, condition)
