"""Of the roles that an organisation may have, those that somebody holds are waited for."""

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.organisations.models import Organisation
from registry.workflow.todos import _manned
from registry.workflow_table import Desk
from tests.factories import HUANGPU, NOW, make_account, make_organisation


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(session)


def desks(organisation: Organisation) -> list[Desk]:
    return [Desk(role, organisation.division_code, organisation.id) for role in (Role.PROVIDER, Role.STATION)]


@pytest.mark.parametrize(
    ("held", "waited_for"),
    [
        ((Role.PROVIDER,), [Role.PROVIDER]),
        ((Role.STATION,), [Role.STATION]),
        ((Role.STATION, Role.PROVIDER), [Role.PROVIDER, Role.STATION]),
        ((), [Role.PROVIDER, Role.STATION]),
    ],
)
def test_a_role_that_nobody_holds_is_left_out_where_the_other_is_held(
    session: Session, organisation: Organisation, held: tuple[Role, ...], waited_for: list[Role]
) -> None:
    for role in held:
        make_account(session, role, organisation=organisation)
    district = Desk(Role.DISTRICT, HUANGPU)
    found = _manned(session, [district, *desks(organisation)], NOW.date())
    assert found[0] == district
    assert [desk.role for desk in found[1:]] == waited_for
