"""What waits for somebody in a division waits for its successor after a division change."""

import sqlalchemy as sa

from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there
from registry.organisations.models import AddressChange
from registry.workflow.models import Todo

SITE_OF_CHANGE = (
    sa.select(AddressChange.site_id)
    .where(Todo.subject_type == AddressChange.__tablename__, AddressChange.id == Todo.subject_id)
    .scalar_subquery()
)

declare_holder(
    Holder(
        message(N_("待办事项")),
        Todo.division_code,
        Todo.subject_name,
        sa.func.coalesce(SITE_OF_CHANGE, first_site_there(Todo.organisation_id, Todo.division_code)),
        rows=Todo.closed_at.is_(None),
    )
)
