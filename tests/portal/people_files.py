"""Takes files with people along as a person does: with a purpose."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.portal.polite import Polite

PURPOSE = {"reason": "reporting", "note": "2026年第四季度核对"}
IN_ADDRESS = "reason=reporting&note=2026-Q4"
"""The same for programs."""


def taken(client: FlaskClient, url: str, **purpose: str) -> TestResponse:
    """The file that an address gives to whoever says what for."""
    return Polite(client).post(url, PURPOSE | purpose, status=200).response
