"""Removing a second factor: only where there is one."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.factors import remove_factor
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import StepNotOpen
from tests.factories import NOW, make_account

TRAIL = Trail(b"key of the tests")


def test_an_authenticator_that_is_not_there_is_not_removed_and_the_trail_tells_of_no_removal(
    session: Session,
) -> None:
    account = make_account(session)

    with pytest.raises(StepNotOpen):
        remove_factor(session, account, at=NOW, trail=TRAIL)

    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0
