"""The description of the interface is whole, valid OpenAPI 3.1, speaks two languages, and its examples are true."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.queries import account_by_username
from tests.portal.manners import HAN
from tests.portal.pages import Page
from tests.portal.polite import Polite

ADDRESS = "/api/v1/openapi.json"
Document = dict[str, Any]


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture(autouse=True)
def _signed_in(session: Session, sign_in: Callable[..., Any]) -> None:
    sign_in(account=account_by_username(session, "demo-city"))


@pytest.fixture
def document(client: FlaskClient) -> Document:
    return client.get(ADDRESS).json


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method and operation."""
    for path, item in document["paths"].items():
        yield from ((path, method, operation) for method, operation in item.items())


def parameters(operation: Document, place: str) -> list[str]:
    return [one["name"] for one in operation["parameters"] if one["in"] == place]


def example_url(path: str, operation: Document) -> str:
    """What the description gives as its example."""
    given = [one for one in operation["parameters"] if "example" in one]
    places = {one["name"]: one["example"] for one in given if one["in"] == "path"}
    query = {one["name"]: one["example"] for one in given if one["in"] == "query"}
    return f"{path.format(**places)}?{urlencode(query)}"


def whole_schema(document: Document, operation: Document) -> Document:
    """The schema of an answer with what it refers to."""
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {**schema, "components": document["components"]}


def example_of(operation: Document) -> Any:
    return operation["responses"]["200"]["content"]["application/json"].get("example")


def names_in(value: Any) -> set[str]:
    """Every name that an answer holds, at any depth."""
    if isinstance(value, list):
        return {name for one in value for name in names_in(one)}
    if isinstance(value, dict):
        own = {value[key] for key in ("name", "organisation_name") if isinstance(value.get(key), str)}
        return own | {name for one in value.values() for name in names_in(one)}
    return set()


def test_the_document_is_openapi_3_1(document: Document) -> None:
    assert document["openapi"] == "3.1.0"
    assert [str(fault) for fault in OPENAPI_31_VALIDATOR.iter_errors(document)] == []


def test_its_schemas_are_json_schema_2020_12(document: Document) -> None:
    schemas = [*document["components"]["schemas"].values()]
    schemas += [one["schema"] for _, _, operation in operations(document) for one in operation["parameters"]]

    assert document["jsonSchemaDialect"] == "https://json-schema.org/draft/2020-12/schema"
    assert schemas
    for schema in schemas:
        jsonschema_rs.meta.validate(
            {"$schema": document["jsonSchemaDialect"], **schema}
        )  # raises with the place


def test_every_reference_leads_somewhere_and_every_operation_has_its_own_name(document: Document) -> None:
    references = re.findall(r'"\$ref": "#/components/(\w+)/(\w+)"', json.dumps(document))
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert references
    assert [one for one in references if one[1] not in document["components"][one[0]]] == []
    assert len(set(names)) == len(names)


def test_every_address_for_programs_is_described_and_nothing_else(app: Flask, document: Document) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower(), tuple(sorted(rule.arguments)))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    described = {
        (path, method, tuple(sorted(parameters(operation, "path"))))
        for path, method, operation in operations(document)
    }

    assert described == served
    assert len(described) == 7


def test_each_address_takes_exactly_the_parameters_that_are_described(
    client: FlaskClient, document: Document
) -> None:
    """A name that nobody knows is refused with the names that there are."""
    for path, _method, operation in operations(document):
        url = example_url(path, operation).partition("?")[0]

        refusal = client.get(f"{url}?no-such-name=1&lang=en")

        assert refusal.status_code == 400, url
        known = refusal.json["message"].partition("there are: ")[2].rstrip(".")
        assert known.split(", ") == parameters(operation, "query")


def test_refusals_and_unchanged_answers_are_described_everywhere(document: Document) -> None:
    for path, _method, operation in operations(document):
        assert set(operation["responses"]) >= {"200", "304", "400", "401", "403", "429"}, path
        names_a_place = {"under", "division"} & set(parameters(operation, "query"))
        assert ("404" in operation["responses"]) == bool(names_a_place), path


def test_the_cookie_of_the_sign_in_is_the_security_scheme(document: Document) -> None:
    scheme = document["components"]["securitySchemes"]["session"]

    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "cookie", "session")
    assert document["security"] == [{"session": []}]


def test_tokens_come_with_their_words(document: Document) -> None:
    provider = document["components"]["schemas"]["Providers"]["properties"]["items"]["items"]["properties"]

    assert provider["standing"]["enum"] == ["listed", "ended", "other", "none"]
    assert "listed: 在库；ended: 已退出" in provider["standing"]["description"]


def test_the_description_is_english_for_whoever_asks_for_it(client: FlaskClient) -> None:
    document = client.get(f"{ADDRESS}?lang=en").json

    def said(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            yield from (text for one in node for text in said(one))
        if isinstance(node, dict):
            yield from (text for key, one in node.items() if key != "example" for text in said(one))
        if isinstance(node, str):
            yield node

    assert document["info"]["title"] == "Jingkangtong data interface"
    assert [text for text in said(document) if HAN.search(text)] == []


def test_every_example_keeps_its_schema(document: Document) -> None:
    examples = 0
    for path, _method, operation in operations(document):
        example = example_of(operation)
        if example is not None:
            examples += 1
            faults = jsonschema_rs.validator_for(whole_schema(document, operation)).iter_errors(example)
            assert [f"{path}: {fault}" for fault in faults] == []
    assert examples == 6


def test_the_demonstration_answers_the_examples(client: FlaskClient, document: Document) -> None:
    for path, _method, operation in operations(document):
        answer = client.get(example_url(path, operation))

        assert answer.status_code == 200, path
        assert names_in(example_of(operation)) <= names_in(answer.json), path


def test_the_page_shows_every_operation_with_request_answer_and_errors(
    polite: Polite, document: Document
) -> None:
    page = polite.get("/api")

    for path, _method, operation in operations(document):
        assert f"GET {path}" in page.main
        assert operation["description"] in page.main
        assert example_url(path, operation).rstrip("?") in page.main
    assert {row[0] for row in page.rows} >= {"division", "on", "rule", "page", "parts[].code", "items[].uscc"}
    assert all(str(status) in page.main for status in (304, 400, 401, 403, 404, 429))
    assert '"error": "这个请求无法处理"' in page.main


def test_the_page_stands_at_the_foot_of_every_page(polite: Polite) -> None:
    page = polite.follow(polite.get("/"), "数据接口")

    assert page.heading == "数据接口"
    assert page.links["/api/v1/openapi.json"] == ADDRESS


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read_the_description(client: FlaskClient, session: Session, sign_in, role) -> None:
    sign_in(account=account_by_username(session, f"demo-{role}"))

    assert [client.get(url).status_code for url in ("/api", ADDRESS)] == [200, 200]


def test_nobody_reads_it_without_a_sign_in(app: Flask) -> None:
    stranger = app.test_client()

    assert stranger.get("/api").status_code == 303
    assert stranger.get(ADDRESS).status_code == 401
    assert Page("/api", stranger.get("/sign-in")).links.get("数据接口") is None
