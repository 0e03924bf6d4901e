"""A page that the reader holds already is not made again: 304 while nothing that it shows has changed.

For pages without people alone; what may be kept, and why nobody sees another's page: docs/decisions/0010.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

import registry
import reports
from portal.formatting import language
from portal.htmx import asks_for_fragment
from portal.preferences import has_large_text
from portal.remembering import current_mark
from portal.security import current_actor
from portal.settings import Settings
from portal.statics import tree_hash
from registry.clock import today

View = Callable[..., ResponseReturnValue]

RELEASE = "release"
TOKEN, WAITING_MESSAGES = "csrf_token", "_flashes"
"""Where the session keeps the token of forms, and what is to be said on the next page."""
SCRIPTS_COOKIE = "scripts"
"""Set by portal.js."""


def name_release(app: Flask, settings: Settings, statics: str) -> None:
    """Everything that decides how a page is drawn and comes from no request: code, templates, statics, settings."""
    packages = (Path(str(package.__file__)).parent for package in (registry, reports))
    code = [tree_hash(folder) for folder in (Path(app.root_path), *packages)]
    app.extensions[RELEASE] = (*code, statics, settings.profile, settings.duty_phone, settings.map_approval)


def unless_unchanged(view: View) -> View:
    """The browser may keep this page of its reader, but asks each time whether it still holds."""

    @wraps(view)
    def answered(**arguments: Any) -> ResponseReturnValue:
        tag = validator()
        if tag is None:
            return view(**arguments)
        if request.if_none_match.contains_weak(tag):
            return to_be_kept(Response(status=304), tag)
        g.is_kept = True
        response = make_response(view(**arguments))
        return to_be_kept(response, tag) if response.status_code == 200 else response

    return answered


def validator() -> str | None:
    """A short name for all that the page depends on; None where it must not be kept.

    A page that says something once is not, nor one in a browser without scripts, which would show it on the way back
    without asking.
    """
    mark = current_mark()
    if mark is None or WAITING_MESSAGES in session or request.cookies.get(SCRIPTS_COOKIE) != "run":
        return None
    if TOKEN not in session:
        generate_csrf()  # the page's forms hold it: without it the page would be another one next time
    reader = (current_user.get_id(), session[TOKEN], current_actor())
    asked = (request.full_path, asks_for_fragment(), language(), has_large_text(), today())
    facts = repr((mark, current_app.extensions[RELEASE], reader, asked))
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def to_be_kept(response: Response, tag: str) -> Response:
    """The answer with what a browser needs to ask again."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Cookie", "HX-Request"))
    return response
