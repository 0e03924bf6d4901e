"""The OpenAPI 3.1 document, put together from what each endpoint says of itself."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.routing import Rule

from portal.api.description import Operation, operations
from portal.api.parameters import Parameter
from portal.api.schemas import Meaning, Schema, record, spoken, text, with_words
from portal.errors import EXPLANATIONS

VERSION = "1.0.0"
"""Of the interface: the first number stands in its address."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
UNCHANGED = "304"

Document = dict[str, Any]

REFUSAL: Schema = record(
    "Refusal",
    error=text(_l("发生了什么，一句话")),
    message=text(_l("原因和补救办法")),
    request_id=text(_l("请求编号，报告问题时请提供")),
    parameter=text(_l("须改正的参数；只有地址有误时才有")),
)
REFUSAL["required"] = ["error", "message", "request_id"]

ETAG: Document = {
    "description": _l("内容的标记；下次在If-None-Match里带上它，内容没有变化时答复304"),
    "schema": {"type": "string"},
}


def document_of(app: Flask) -> Document:
    """The whole document in the language of the request."""
    described = operations(app)
    said: Document = spoken(
        {
            "openapi": "3.1.0",
            "jsonSchemaDialect": DIALECT,
            "info": {
                "title": _l("精康通数据接口"),
                "version": VERSION,
                "description": _l(
                    "与网页相同的指标和名单，以JSON提供：权限、遮盖规则、统计口径和筛选条件都与网页一致。"
                    "只读。地址中不认识的参数和格式不对的值一律拒绝，不会被忽略。"
                ),
            },
            "servers": [{"url": "/", "description": _l("本系统")}],
            "security": [{"session": []}],
            "paths": {path_of(rule): {"get": operation_object(one)} for rule, one in described},
            "components": {
                "securitySchemes": {"session": session_scheme(app)},
                "schemas": schemas_of(one for _rule, one in described),
                "responses": refusals_of(one for _rule, one in described) | {UNCHANGED: unchanged()},
            },
        }
    )
    return said


def path_of(rule: Rule) -> str:
    """`/api/v1/figures/<code>` is `/api/v1/figures/{code}`."""
    return PLACE.sub(r"{\1}", rule.rule)


def operation_object(operation: Operation) -> Document:
    """One operation."""
    return {
        "operationId": operation.id,
        "summary": operation.title,
        "description": operation.explanation,
        "parameters": [
            *(parameter_object(operation, one, "path") for one in operation.path),
            *(parameter_object(operation, one, "query") for one in operation.query),
        ],
        "responses": {
            "200": answer_object(operation),
            UNCHANGED: reference("responses", UNCHANGED),
            **{str(status): reference("responses", str(status)) for status in operation.refusals},
        },
    }


def parameter_object(operation: Operation, parameter: Parameter, place: str) -> Document:
    """One parameter with its words, its default and what the example gives for it."""
    kind = parameter.kind
    schema = dict(kind.schema) | ({"default": parameter.default} if parameter.default in kind.known else {})
    example = operation.asked.get(parameter.name)
    return {
        "name": parameter.name,
        "in": place,
        "required": place == "path" or parameter.is_required,
        "description": with_default(with_words(parameter.meaning, kind.words), parameter.default),
        "schema": schema,
    } | ({"example": example} if example else {})


def with_default(meaning: Meaning, default: Meaning) -> Callable[[], str]:
    """The meaning, and what holds when nothing is said."""
    places = {"meaning": meaning, "default": default}
    return lambda: (
        gettext("%(meaning)s；不写时：%(default)s", **spoken(places)) if default else spoken(meaning)
    )


def answer_object(operation: Operation) -> Document:
    """The answer that is hoped for."""
    content: Document = {"schema": reference("schemas", operation.answer["title"])}
    if operation.example is not None:
        content["example"] = operation.example
    return {
        "description": _l("所要的内容"),
        "headers": {"ETag": ETAG},
        "content": {"application/json": content},
    }


def schemas_of(described: Any) -> Mapping[str, Schema]:
    """Every answer by its name, and the refusal."""
    return {one.answer["title"]: one.answer for one in described} | {"Refusal": REFUSAL}


def refusals_of(described: Any) -> Document:
    """Every refusal by its status."""
    statuses = sorted({status for one in described for status in one.refusals})
    return {str(status): refusal_object(status) for status in statuses}


def refusal_object(status: int) -> Document:
    """A refusal with an example."""
    known = EXPLANATIONS[status]
    example = {"error": known.title, "message": known.happened, "request_id": "0123456789abcdef"}
    content = {"schema": reference("schemas", "Refusal"), "example": example}
    return {"description": known.happened, "content": {"application/json": content}}


def unchanged() -> Document:
    """304, which has no body."""
    return {
        "description": _l("内容与If-None-Match所标记的相同，不再发送"),
        "headers": {"ETag": ETAG},
    }


def session_scheme(app: Flask) -> Document:
    """The cookie of the sign-in page."""
    return {
        "type": "apiKey",
        "in": "cookie",
        "name": app.config["SESSION_COOKIE_NAME"],
        "description": _l("在登录页登录后得到的会话Cookie，与网页共用，权限随账号"),
    }


def reference(kind: str, name: str) -> Document:
    """A pointer to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def phrase_of(status: str) -> str:
    """`Bad Request` for `400`."""
    return HTTPStatus(int(status)).phrase
