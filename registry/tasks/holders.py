"""A task that is in hand goes on with the successor of its divisions after a division change."""

from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there
from registry.tasks.models import DepartmentTask
from registry.tasks.queries import IN_HAND

IS_IN_HAND = DepartmentTask.state.in_(IN_HAND)

declare_holder(
    Holder(
        message(N_("未办结的部门任务（接收）")),
        DepartmentTask.to_code,
        DepartmentTask.title,
        first_site_there(DepartmentTask.organisation_id, DepartmentTask.to_code),
        rows=IS_IN_HAND,
    )
)
declare_holder(
    Holder(
        message(N_("未办结的部门任务（发出）")),
        DepartmentTask.from_code,
        DepartmentTask.title,
        rows=IS_IN_HAND,
    )
)
