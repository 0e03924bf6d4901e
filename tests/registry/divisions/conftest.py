"""A small tree to change."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.loading import load_divisions
from registry.divisions.models import DivisionKind
from tests.factories import NOW, make_division
from tests.registry.divisions.changing import STREETS


@pytest.fixture
def tree(session: Session) -> Session:
    """Two districts; three streets in the first and one in the second."""
    for code, kind in (("31", DivisionKind.PROVINCE), ("3101", DivisionKind.PSEUDO)):
        make_division(session, code, kind=kind)
    for code in ("310101", "310104", *STREETS, "310104001"):
        make_division(session, code, name=f"{code}街道" if len(code) == 9 else f"{code}区")
    return session


@pytest.fixture(scope="module")
def china(engine: sa.Engine) -> Iterator[Session]:
    """The shipped divisions, loaded once for a module that only reads them."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            load_divisions(session, at=NOW, by="测试")
            yield session
        transaction.rollback()
