"""The interface does what its document says: machine-made requests, every answer held against the description.

All checks of schemathesis: no server error, only declared statuses, types, headers and bodies, nothing malformed
accepted, nothing well-formed refused, no answer without the cookie.
"""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.queries import account_by_username
from tests.portal.machine_made import Line, promises

pytestmark = pytest.mark.usefixtures("only_once")

line = Line()


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture
def _on_the_line(app: Flask, client: FlaskClient, session: Session, sign_in: Callable[..., Any]) -> None:
    """demo-city asks the demonstration."""
    sign_in(account=account_by_username(session, "demo-city"))
    line.app, line.cookie = app, client.get_cookie("session").value


globals().update(promises(line, max_examples=10, deterministic=True))
