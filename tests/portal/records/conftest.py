"""What the tests of a person's record share: an institution, one of its staff, and who signs in for it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.organisations.models import Site
from registry.workforce.models import Practitioner
from registry.workforce.verifying import VERIFY_WORKDAYS
from tests.factories import make_major, make_parameter, make_post, make_practitioner, make_provider

SignIn = Callable[..., Any]
PARAMETERS = {
    VERIFY_WORKDAYS: 10,
    "training.rehabilitation_hours": 20,
    "training.newcomers": "whole",
    "continuing_education.assistant_hours": 72,
    "continuing_education.worker_hours": 90,
    "certificate.first_registration_months": 12,
    "certificate.registration_months": 36,
    "certificate.renewal_months": 3,
}


@pytest.fixture
def site(session: Session) -> Site:
    for key, value in PARAMETERS.items():
        make_parameter(session, key, value)
    make_major(session)
    return make_provider(session)


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    person = make_practitioner(session, person_no="P-0616", name="张示例甲", birth_year=1990)
    make_post(session, person, site)
    session.commit()
    return person


def employer(sign_in: SignIn, site: Site) -> None:
    organisation = site.organisation
    sign_in(Role.PROVIDER, division_code=organisation.division_code, organisation=organisation)
