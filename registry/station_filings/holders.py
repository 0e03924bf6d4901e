"""Filings go with their station in a division change: what is in hand, what stands, and what is behind us."""

import sqlalchemy as sa

from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.station_filings.models import IN_HAND, FilingState, StationFiling
from registry.workflow.holders import follow_site

NAME = sa.select(Site.name).where(Site.id == StationFiling.site_id).scalar_subquery()
STATE = StationFiling.state

for label, rows in (
    (N_("未办结的建站备案"), STATE.in_(IN_HAND)),
    (N_("在册的建站备案"), STATE == FilingState.FILED),
    (N_("以往的建站备案材料"), STATE.not_in((*IN_HAND, FilingState.FILED))),
):
    declare_holder(
        Holder(message(label), StationFiling.division_code, NAME, StationFiling.site_id, rows=rows)
    )
follow_site(StationFiling)
