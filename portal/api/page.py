"""`/api`: the document as a page for people, and `/api/v1/openapi.json`: the document itself."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.api.description import Operation, described
from portal.api.document import UNCHANGED, Document, document_of, phrase_of
from portal.htmx import render_page
from portal.security import allowed
from registry.actions import Action

bp = Blueprint("api", __name__)

DOCUMENT = Operation(
    id="getDescription",
    title=_l("接口说明文件"),
    explanation=_l("OpenAPI 3.1格式的本说明，可交给程序生成客户端或核对答复。"),
    answer={"title": "Description", "type": "object", "required": ["openapi", "info", "paths", "components"]},
)


@dataclass(frozen=True)
class ShownParameter:
    """One line of an operation's parameters."""

    name: str
    form: str
    meaning: str
    example: str


@dataclass(frozen=True)
class ShownMember:
    """One value of an answer; `path` is where it stands, such as `parts[].code`."""

    path: str
    form: str
    meaning: str


@dataclass(frozen=True)
class ShownOperation:
    """One operation as the page shows it."""

    id: str
    address: str
    title: str
    explanation: str
    parameters: tuple[ShownParameter, ...]
    request: str
    example: str
    members: tuple[ShownMember, ...]
    refusals: tuple[str, ...]


@dataclass(frozen=True)
class ShownStatus:
    """One refusal, or 304."""

    status: str
    phrase: str
    meaning: str


@bp.get("/api")
@allowed(Action.INTERFACE_SEE)
def show() -> ResponseReturnValue:
    document = document_of(current_app)
    return render_page(
        "api/show.html",
        info=document["info"],
        cookie=document["components"]["securitySchemes"]["session"],
        operations=[shown(document, path, item["get"]) for path, item in document["paths"].items()],
        statuses=[
            ShownStatus(status, phrase_of(status), one["description"])
            for status, one in sorted(document["components"]["responses"].items())
        ],
        refusal=pretty(document["components"]["responses"]["400"]["content"]["application/json"]["example"]),
    )


@bp.get("/api/v1/openapi.json")
@allowed(Action.INTERFACE_SEE)
@described(DOCUMENT)
def document() -> Document:
    return document_of(current_app)


def shown(document: Document, path: str, operation: Document) -> ShownOperation:
    """One operation of the document, made ready for the page."""
    content = operation["responses"]["200"]["content"]["application/json"]
    schema = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    return ShownOperation(
        id=operation["operationId"],
        address=path,
        title=operation["summary"],
        explanation=operation["description"],
        parameters=tuple(
            ShownParameter(one["name"], form_of(one["schema"]), one["description"], one.get("example", ""))
            for one in operation["parameters"]
        ),
        request=f"curl -b cookies.txt '{request.host_url}{example_address(path, operation)}'",
        example=pretty(content["example"]) if "example" in content else "",
        members=tuple(members_of(schema)),
        refusals=tuple(sorted(operation["responses"].keys() - {"200", UNCHANGED})),
    )


def example_address(path: str, operation: Document) -> str:
    """The address that the example asks, without its first stroke."""
    examples = {
        (one["in"], one["name"]): one["example"] for one in operation["parameters"] if "example" in one
    }
    places = {name: value for (place, name), value in examples.items() if place == "path"}
    query = urlencode({name: value for (place, name), value in examples.items() if place == "query"})
    return path.format(**places).lstrip("/") + (f"?{query}" if query else "")


def members_of(schema: Mapping[str, Any], above: str = "") -> Iterator[ShownMember]:
    """Every value of an answer, from the outside in."""
    for name, member in schema.get("properties", {}).items():
        yield ShownMember(above + name, form_of(member), member.get("description", ""))
        inner, mark = (member["items"], "[]") if "items" in member else (member, "")
        yield from members_of(inner, f"{above}{name}{mark}.")


def form_of(schema: Mapping[str, Any]) -> str:
    """How a value is written, in words."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    given = tokens_of(schema) or (schema.get("title", "") if kinds[0] != "object" else "")
    word = given or word_of(schema.get("format", "")) or word_of(kinds[0])
    return _("%(form)s，或null", form=word) if "null" in kinds else word


def tokens_of(schema: Mapping[str, Any]) -> str:
    """The tokens that may stand there, if they are given."""
    return " | ".join(token for token in schema.get("enum", ()) if token is not None)


def word_of(kind: str) -> str:
    """The word for a type or a format of JSON Schema; nothing for others."""
    words = {
        "date": _("日期"),
        "uri-reference": _("地址"),
        "string": _("文字"),
        "integer": _("整数"),
        "number": _("数字"),
        "boolean": _("true或false"),
        "array": _("列表"),
        "object": _("对象"),
    }
    return str(words.get(kind, ""))


def pretty(value: Any) -> str:
    """JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
