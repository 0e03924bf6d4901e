"""A proposal in hand waits for the successor of its maker's division after a division change."""

from registry.divisions.holders import Holder, declare_holder
from registry.majors.models import MajorChange
from registry.majors.queries import IN_HAND
from registry.messages import N_, message

declare_holder(
    Holder(
        message(N_("未办结的专业目录调整")),
        MajorChange.division_code,
        MajorChange.source,
        rows=MajorChange.state.in_(IN_HAND),
    )
)
