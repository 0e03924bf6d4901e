"""The pages of figures: what they show, to whom, and where each number leads."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.policy.operations import freeze_assessment
from reports.figures.snapshots import readings_on
from tests.factories import NOW, make_post, make_practitioner, make_provider, make_staff
from tests.portal.polite import Polite
from tests.reports.figures.worlds import ASSIGNED, CITY, HUANGPU, STREET, XUHUI_STREET, lay_out_city
from reports.figures.definitions import QUALIFIED_SHARE

PAGE = "/figures/qualified-share"


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


def test_page(polite: Polite, sign_in, session: Session) -> None:
    make_staff(session, make_provider(session), qualified=3, other=7)
    sign_in(Role.CITY)

    page = polite.get(PAGE)
    print(page.text)
