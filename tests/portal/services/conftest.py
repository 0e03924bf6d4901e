"""A site with its organisation's people and the officers around it."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Account, Role
from registry.organisations.models import Site
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    make_account,
    make_division,
    make_parameter,
    make_provider,
)


@dataclass(frozen=True)
class Place:
    """One site, and the accounts of those around it."""

    session: Session
    site: Site
    station: Account
    stranger: Account
    street: Account
    district: Account
    province: Account


@pytest.fixture
def place(session: Session) -> Place:
    names = {"31": "上海市", "3101": "市辖区", HUANGPU: "黄浦区", NANJING_EAST_ROAD: "南京东路街道"}
    for code, name in names.items():
        make_division(session, code, name=name)
    make_parameter(session, "service_report.confirm_workdays", 5)
    make_parameter(session, "attachment.max_megabytes", 20)
    site = make_provider(session, name="示例心晴站")
    street = {"division_code": NANJING_EAST_ROAD}
    return Place(
        session,
        site,
        station=make_account(session, Role.STATION, organisation=site.organisation, **street),
        stranger=make_account(
            session, Role.STATION, organisation=make_provider(session).organisation, **street
        ),
        street=make_account(session, Role.STREET, **street),
        district=make_account(session, Role.DISTRICT, division_code=HUANGPU, name="王示例"),
        province=make_account(session, Role.PROVINCE, division_code="31"),
    )
