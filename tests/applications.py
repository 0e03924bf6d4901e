"""Applications for tests: their settings, and a client that shares the test's transaction."""

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.settings import Profile, Settings

KEY = "0123456789abcdefghijklmnopqrstuv"


def made_settings(home: Path, database_url: str, profile: Profile = Profile.DEMO) -> Settings:
    """Settings as a start would make them, with keys that are no secret."""
    return Settings(
        home=home, database_url=database_url, profile=profile, secret_key=KEY, audit_key=KEY[::-1]
    )


class ClientOfOneTransaction(FlaskClient):
    """What the test's session holds is written before a request, and read anew after it."""

    session_of_test: Session | None = None

    def open(self, *arguments: Any, **facts: Any) -> TestResponse:
        if self.session_of_test is not None:
            self.session_of_test.flush()
        response = super().open(*arguments, **facts)
        if self.session_of_test is not None:
            self.session_of_test.expire_all()
        return response
