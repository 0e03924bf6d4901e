"""A small tree to change."""

import pytest
from sqlalchemy.orm import Session

from registry.divisions.models import DivisionKind
from tests.factories import make_division
from tests.registry.divisions.changing import STREETS


@pytest.fixture
def tree(session: Session) -> Session:
    """Two districts; three streets in the first and one in the second."""
    for code, kind in (("31", DivisionKind.PROVINCE), ("3101", DivisionKind.PSEUDO)):
        make_division(session, code, kind=kind)
    for code in ("310101", "310104", *STREETS, "310104001"):
        make_division(session, code, name=f"{code}街道" if len(code) == 9 else f"{code}区")
    return session
