"""Which columns of organisations and sites hold division codes, for a division change."""

import sqlalchemy as sa

from registry.divisions.holders import (
    Expression,
    Followed,
    Holder,
    PeriodHolder,
    declare_followed,
    declare_holder,
    declare_periods,
)
from registry.messages import N_, message
from registry.organisations.models import AddressChange, Organisation, Site, SitePlacement


def first_site_there(organisation_id: Expression, division_code: Expression) -> Expression:
    """The organisation's oldest site in its own division: in a split the organisation goes with that one."""
    return (
        sa.select(sa.func.min(Site.id))
        .where(Site.organisation_id == organisation_id, Site.division_code == division_code)
        .scalar_subquery()
    )


SITE_NAME = sa.select(Site.name).where(Site.id == SitePlacement.site_id).scalar_subquery()

declare_followed(
    Followed(
        id=Site.id,
        code=Site.code,
        name=Site.name,
        places=(Site.division_code, Site.located_code),
        is_active=lambda on: sa.or_(Site.closed_on.is_(None), Site.closed_on > on),
    )
)
declare_holder(Holder(message(N_("服务场所的责任区划")), Site.division_code, Site.name, Site.id))
declare_holder(Holder(message(N_("服务场所的所在区划")), Site.located_code, Site.name, Site.id))
declare_holder(
    Holder(
        message(N_("单位的登记区划")),
        Organisation.division_code,
        Organisation.name,
        first_site_there(Organisation.id, Organisation.division_code),
    )
)
for column in (AddressChange.division_code, AddressChange.from_code):
    declare_holder(Holder(message(N_("地址变更申请")), column, AddressChange.address, AddressChange.site_id))
declare_periods(
    PeriodHolder(
        label=message(N_("服务场所的历史位置")),
        model=SitePlacement,
        that_days_code=SitePlacement.division_code,
        todays_code=SitePlacement.today_code,
        valid_from=SitePlacement.valid_from,
        valid_to=SitePlacement.valid_to,
        name=SITE_NAME,
        site_id=SitePlacement.site_id,
    )
)
