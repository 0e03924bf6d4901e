"""Requests made by schemathesis from the interface's own description, and what is expected of the answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from portal import create_app
from portal.api.document import document_of
from portal.settings import Profile, Settings
from registry.divisions.codes import LENGTH_OF_LEVEL, NATION

CITY = "31"
"""The division of demo-city, whose account asks."""
SIGNED_IN = "somebody-who-is-signed-in"
"""Stands for the cookie: requests are made up before anybody can sign in."""
KEY = "a key of an application that answers nothing"
UNHEALTHY = [HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow]
"""One application and one account serve all requests of an operation; none changes what another sees."""


@dataclass
class Line:
    """From the made-up requests to the application of the test that runs."""

    app: Flask | None = None
    cookie: str = ""

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        assert self.app is not None
        told = environ.get("HTTP_COOKIE", "").replace(SIGNED_IN, self.cookie)
        return self.app(environ | {"REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": told}, start)


class SignedIn:
    """Gives requests the cookie that the description asks for."""

    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
        return SIGNED_IN

    def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
        case.cookies["session"] = data


def promises(line: Line, *, max_examples: int, **generation: Any) -> dict[str, Callable[..., None]]:
    """A test for each operation, by its name: every request that is made up is answered as the description promises.

    Each test has a name of its own: the items into which the library would split one test have all the same, and
    workers that share them by name would run the first and leave out the rest.
    """
    schema = described(line, **generation)
    names = [item["get"]["operationId"] for item in schema.raw_schema["paths"].values()]
    return {f"test_{name}_keeps_its_promises": promise(schema, name, max_examples) for name in names}


def promise(schema: OpenApiSchema, operation: str, max_examples: int) -> Callable[..., None]:
    """The test of one operation."""

    @schema.include(operation_id=operation).parametrize()
    @hypothesis_settings(max_examples=max_examples, deadline=None, suppress_health_check=UNHEALTHY)
    @pytest.mark.usefixtures("_on_the_line")
    def keeps(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=excluded_checks(case))

    return keeps


def described(line: Line, **generation: Any) -> OpenApiSchema:
    """The interface as its document describes it, asked through `line` by somebody who is signed in."""
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False, **generation}})
    schema = schemathesis.openapi.from_dict(own_document(), config=config)
    schema.app = line
    schema.auth()(SignedIn)
    return schema


def own_document() -> dict[str, Any]:
    """The document as the application makes it, without asking a database."""
    nowhere = Settings(
        home=Path("/nowhere"),
        database_url="sqlite://",
        profile=Profile.DEMO,
        secret_key=KEY,
        audit_key=KEY[::-1],
    )
    app = create_app(nowhere)
    with app.test_request_context():
        return document_of(app)


def excluded_checks(case: schemathesis.Case) -> list[CheckFunction]:
    """A request that fits the schema is accepted, unless it asks what no schema of one parameter can rule out."""
    return [positive_data_acceptance] if asks_upwards(case) or has_unprintable_text(case) else []


def asks_upwards(case: schemathesis.Case) -> bool:
    """Whether the level asked for is not below the division."""
    query = case.query or {}
    level = query.get("by") or query.get("level")
    division = query.get("division") or query.get("under") or CITY
    length = 0 if division == NATION else len(str(division))
    return level is not None and LENGTH_OF_LEVEL.get(str(level), 99) <= length


def has_unprintable_text(case: schemathesis.Case) -> bool:
    r"""Whether a text holds a character that `\p{C}` rules out and the generator does not know for one."""
    return any(not str(value).isprintable() for value in (case.query or {}).values())
