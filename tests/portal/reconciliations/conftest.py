"""A district with two people, and a register of somebody else."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.workforce.models import Profession
from tests.factories import (
    HUANGPU,
    make_certificate,
    make_division,
    make_export_caps,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.reconciliation_factories import make_system

SignIn = Callable[..., Actor]


@pytest.fixture
def district(session: Session, sign_in: SignIn) -> Actor:
    """In Huangpu, where two people work; a register of somebody else is entered."""
    for code, name in (("31", "上海市"), (HUANGPU, "黄浦区"), ("310101002", "南京东路街道")):
        make_division(session, code, name=name)
    make_parameter(session, "intake.max_rows", 50)
    make_parameter(session, "intake.keep_days", 30)
    make_export_caps(session)
    site = make_provider(session, name="示例暖阳中心")
    for name, year in (("张小示例", 1985), ("李示例", 1990)):
        person = make_practitioner(session, name=name, birth_year=year)
        make_post(session, person, site, profession=Profession.NURSE)
        make_certificate(session, person)
    make_system(session, name="示例登记系统")
    session.commit()
    return sign_in(Role.DISTRICT)
