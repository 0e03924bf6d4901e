"""What of a field each role sees, where it is no sealed one."""

import pytest
from sqlalchemy.orm import Session

from registry.access.masks import certificate_number, masked_certificate_number
from registry.access.models import Role
from tests.factories import make_actor


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.DISTRICT, "20180311234567"),
        (Role.STATION, "20180311234567"),
        (Role.PROVIDER, "20180311234567"),
        (Role.STREET, "**********4567"),
        (Role.CITY, "**********4567"),
        (Role.PROVINCE, "**********4567"),
        (Role.SOCIALWORK, "**********4567"),
        (Role.HR, "**********4567"),
        (Role.FINANCE, None),
        (Role.SYSADMIN, None),
    ],
)
def test_a_certificate_shows_its_whole_number_to_whoever_knows_the_whole_name(
    session: Session, role: Role, shown: str | None
) -> None:
    assert certificate_number(make_actor(session, role), "20180311234567") == shown


@pytest.mark.parametrize(("number", "masked"), [("SW1", "***"), ("1234", "****"), ("示例0021", "**0021")])
def test_of_a_short_number_nothing_is_left_that_tells_it(number: str, masked: str) -> None:
    assert masked_certificate_number(number) == masked
