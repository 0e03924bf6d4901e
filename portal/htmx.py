"""Pages and their parts: htmx asks the same address for a fragment of the same page."""

from typing import Any

from flask import Response, current_app, make_response, render_template, request
from markupsafe import Markup


def render_page(template: str, fragment: str | None = None, *, status: int = 200, **context: Any) -> Response:
    """The whole page, or its fragment where htmx asks for a part; the whole page again when history is restored."""
    wanted = fragment if fragment is not None and asks_for_fragment() else template
    response = make_response(render_template(wanted, **context), status)
    response.vary.add("HX-Request")
    return response


def part_of_page(template: str, **context: Any) -> Markup:
    """A part drawn by itself, without what every page is given: its text may be kept for other requests."""
    text = current_app.jinja_env.get_template(template).render(**context)
    return Markup(text)  # noqa: S704  # the template escaped it


def asks_for_fragment() -> bool:
    """Whether htmx wants to swap a part of the page that it shows."""
    if "HX-History-Restore-Request" in request.headers or "HX-Boosted" in request.headers:
        return False
    return is_htmx()


def is_htmx() -> bool:
    """Whether a script sent this request: it is told 401 instead of being led to the sign-in page."""
    return request.headers.get("HX-Request") == "true"
