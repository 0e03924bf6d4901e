"""Pages that are the same for everybody: any machine on the way may keep them for a while, and asks with their mark."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from portal.formatting import language
from portal.preferences import has_large_text
from portal.remembering import current_mark
from portal.unchanged import RELEASE
from registry.clock import today

View = Callable[..., ResponseReturnValue]
KEPT_FOR = "public, max-age=300"
"""A place that closes is still shown for five minutes by whoever opened it just before."""


def kept_for_everyone(view: View) -> View:
    """304 while nothing that the page depends on has changed."""

    @wraps(view)
    def answered(**arguments: Any) -> ResponseReturnValue:
        mark = current_mark()
        if mark is None:
            return view(**arguments)
        tag = _tag(mark)
        if request.if_none_match.contains_weak(tag):
            return _to_be_kept(Response(status=304), tag)
        response = make_response(view(**arguments))
        return _to_be_kept(response, tag) if response.status_code == 200 else response

    return answered


def _tag(mark: str) -> str:
    asked = (request.full_path, language(), has_large_text(), today())
    facts = repr((mark, current_app.extensions[RELEASE], asked))
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def _to_be_kept(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = KEPT_FOR
    return response
