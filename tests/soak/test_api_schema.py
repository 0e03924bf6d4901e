"""The same check of the interface as in tests/portal, with a thousand machine-made requests for each operation."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.queries import account_by_username
from tests.portal.conftest import app, client, portal, settings, sign_in
from tests.portal.machine_made import Line, promises

__all__ = ["app", "client", "portal", "settings", "sign_in"]

line = Line()


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture
def _on_the_line(request: pytest.FixtureRequest, session: Session) -> None:
    """demo-city asks the demonstration."""
    request.getfixturevalue("sign_in")(account=account_by_username(session, "demo-city"))
    line.app = request.getfixturevalue("app")
    line.cookie = request.getfixturevalue("client").get_cookie("session").value


globals().update(promises(line, max_examples=1_000))
