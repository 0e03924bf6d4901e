"""Know the page of an edit: what a page kept itself is no change of somebody else's, even where its reply was lost.

Edits of before came from no page that is known; whoever has such a page open is asked, as he was before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft_edit") as edit:
        edit.add_column(sa.Column("page_key", sa.String(200), nullable=True))
        edit.add_column(sa.Column("page_turn", sa.Integer, nullable=True))


def downgrade() -> None:
    """Who wrote what stays; from which page is forgotten."""
    with op.batch_alter_table("draft_edit") as edit:
        edit.drop_column("page_turn")
        edit.drop_column("page_key")
