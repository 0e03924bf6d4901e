"""An endpoint says beside its view what it takes and gives; the same words guard it and describe it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString
from werkzeug.routing import Rule

from portal.api.parameters import LANGUAGE, Parameter, refuse_unclear
from portal.api.schemas import Schema
from portal.preferences import INTERFACE

ALWAYS = (400, 401, 403, 429)
"""Refusals that any operation may answer with."""

View = Callable[..., Any]


@dataclass(frozen=True)
class Operation:
    """What one address answers."""

    id: str
    title: LazyString
    explanation: LazyString
    answer: Schema
    """Of the body; its `title` is its name among the schemas of the document."""
    example: Any = None
    """An answer of the demonstration, its lists cut short."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """What the example asks: values of places in the path and of parameters."""
    path: tuple[Parameter, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[int, ...] = ALWAYS
    holds_people: bool = False
    """Then nobody keeps the answer, the asker's own program neither."""

    @property
    def query(self) -> tuple[Parameter, ...]:
        """Every name that the address may have."""
        return (*self.parameters, LANGUAGE)


def described(operation: Operation) -> Callable[[View], View]:
    """The view gives what is to be written as JSON; the address is read strictly first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def strict(**places: Any) -> ResponseReturnValue:
            refuse_unclear(request.args, operation.query)
            content = view(**places)
            return jsonify(content) if operation.holds_people else answered(content)

        strict.operation = operation  # type: ignore[attr-defined]  # the mark travels with the view
        return strict

    return decorate


def answered(content: Any) -> ResponseReturnValue:
    """The answer, or 304 where the asker has it already; kept by nobody between us and him."""
    answer = jsonify(content)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def operations(app: Flask) -> list[tuple[Rule, Operation]]:
    """Every described address, in the order in which the areas of the site are listed."""
    found = (
        (rule, getattr(app.view_functions[rule.endpoint], "operation", None)) for rule in interface_rules(app)
    )
    return [(rule, operation) for rule, operation in found if operation is not None]


def interface_rules(app: Flask) -> list[Rule]:
    """Every address at which programs ask."""
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(INTERFACE)]
