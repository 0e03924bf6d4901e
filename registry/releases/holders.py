"""A release that is in hand waits for the successor of its maker's division after a division change."""

from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there
from registry.releases.models import Release
from registry.releases.queries import IN_HAND

declare_holder(
    Holder(
        message(N_("未办结的超限导出")),
        Release.division_code,
        Release.title,
        first_site_there(Release.organisation_id, Release.division_code),
        rows=Release.state.in_(IN_HAND),
    )
)
